import { http2Code } from '../../codes/http2-codes.ts';
import { WireError } from '../net/wire-error.ts';
import { errorKind, errorName } from './protocol.ts';

/** A failure of HTTP/2's own, with HTTP/2's error code beside that of the catalogue. */
export class Http2Failure extends WireError {
  readonly family: 'goaway' | 'stream' | 'connection';
  readonly http2Error: number;
  /** The peer said so, as opposed to our finding it. */
  byPeer = true;

  constructor(family: 'goaway' | 'stream' | 'connection', http2Error: number, message: string, kind: string) {
    super(http2Code(family, http2Error), message, { kind });
    this.family = family;
    this.http2Error = http2Error;
  }
}

/** Lengths, stream numbers and a peer's own words differ from one failure to the next. */
function withoutNumbers(text: string): string {
  return text.replace(/"[^"]*"/g, '"…"').replace(/\d+/g, '…');
}

/** The peer broke the rules of the connection, and we ended it. */
export function connectionFailure(http2Error: number, why: string): Http2Failure {
  const text = `connection error: ${errorName(http2Error)}`;
  const failure = new Http2Failure(
    'connection',
    http2Error,
    `${text}: ${why}`,
    `connection error: ${errorKind(http2Error)}: ${withoutNumbers(why)}`,
  );
  failure.byPeer = false;
  return failure;
}

/** One stream was reset: by the peer, or by us for the reason given. */
export function streamFailure(id: number, http2Error: number, why: string | null = null): Http2Failure {
  const cause = why ?? 'received from peer';
  const failure = new Http2Failure(
    'stream',
    http2Error,
    `stream error: stream ID ${id}; ${errorName(http2Error)}; ${cause}`,
    `stream error: ${errorKind(http2Error)}; ${withoutNumbers(cause)}`,
  );
  failure.byPeer = why === null;
  return failure;
}

/** The peer ended the connection (RFC 9113, section 6.8). @param debug its debug data, as text */
export function goawayFailure(lastId: number, http2Error: number, debug: string): Http2Failure {
  return new Http2Failure(
    'goaway',
    http2Error,
    `http2: server sent GOAWAY and closed the connection; LastStreamID=${lastId}, ErrCode=${errorName(http2Error)}, debug=${JSON.stringify(debug)}`,
    `http2: server sent GOAWAY and closed the connection; ErrCode=${errorKind(http2Error)}`,
  );
}
