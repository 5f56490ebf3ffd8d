import { WireError } from '../net/wire-error.ts';
import { CLOSE_CODE } from './protocol.ts';

/** What the peer sent cannot be taken; `closeCode` is what it is told in our close frame (RFC 6455, section 7.4.1). */
export class FrameError extends WireError {
  readonly closeCode: number;

  constructor(code: number, message: string, closeCode: number) {
    super(code, message);
    this.closeCode = closeCode;
  }
}

/** The peer breaks the protocol. */
export function protocolError(rule: string): FrameError {
  return new FrameError(1902, `websocket: ${rule}`, CLOSE_CODE.protocolError);
}

/** Text, or a reason, that is not UTF-8. */
export function encodingError(what: string): FrameError {
  return new FrameError(1902, `websocket: ${what} is not UTF-8`, CLOSE_CODE.invalidData);
}

/** More than may be received. */
export function tooLarge(what: string, limit: number): FrameError {
  return new FrameError(
    1702,
    `websocket: ${what} is over the limit of ${limit} bytes (option maxResponseBytes)`,
    CLOSE_CODE.tooLarge,
  );
}
