// Messages and control frames of a server, put together from its frames (RFC 6455, sections 5.4 to 5.6; RFC 7692 for compression).
import { isUtf8 } from 'node:buffer';
import { nodeZlib } from '../../node/late-builtins.ts';
import { growBuffer } from '../net/grow-buffer.ts';
import { encodingError, FrameError, protocolError, tooLarge } from './frame-error.ts';
import { type Frame, FrameReader } from './frame-reader.ts';
import { CLOSE_CODE, isCloseCode, OPCODE } from './protocol.ts';

export interface MessageListener {
  onText(text: string): void;
  /** The receiver's own. */
  onBinary(data: Buffer): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** @param code 1005 where the frame has none */
  onCloseFrame(code: number, reason: string): void;
  /** The peer broke the protocol, or went over the limit; nothing more is read. */
  onReadError(error: FrameError): void;
  /** A message is being unpacked, and all that came behind it waits: the peer had better wait, too. */
  onBusy(): void;
  /** What waited has been read. */
  onReady(): void;
}

/** What is larger when compressed is unpacked beside the event loop, since it may become a thousand times as much. */
const UNPACKED_AT_ONCE = 16 * 1024;
const LEAST_COLLECTED = 1024;
/** Each message ends in an empty block that is left out on the wire (RFC 7692, section 7.2.2). */
const EMPTY_BLOCK = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export class MessageReader {
  readonly #listener: MessageListener;
  readonly #frames: FrameReader;
  readonly #limit: number;
  /** What has come of a message that is not complete: in one piece that grows, since its frames may be as small as their heads. */
  #collected: Buffer | null = null;
  #collectedLength = 0;
  /** Of the message in progress; continuation: there is none. */
  #opcode: number = OPCODE.continuation;
  #compressed = false;
  #over = false;
  /** Being unpacked: what comes meanwhile waits. */
  #unpacking = false;
  #waiting: Buffer[] = [];

  /**
   * @param limit octets that a message may have at most, unpacked
   * @param compression whether permessage-deflate was agreed on
   */
  constructor(listener: MessageListener, limit: number, compression: boolean) {
    this.#listener = listener;
    this.#limit = limit;
    this.#frames = new FrameReader(limit, compression);
  }

  /** Whether a message is being unpacked. */
  get isBusy(): boolean {
    return this.#unpacking;
  }

  push(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#unpacking) {
      this.#waiting.push(Buffer.from(chunk));
      return;
    }
    try {
      for (let at = 0; at < chunk.length && !this.#over; ) {
        at = this.#frames.read(chunk, at, this.#take);
        if (this.#unpacking && at < chunk.length) {
          this.#waiting.push(Buffer.from(chunk.subarray(at)));
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#fail(error);
    }
  }

  /** Nothing more is read. */
  stop(): void {
    this.#over = true;
    this.#collected = null;
    this.#waiting = [];
  }

  #fail(error: FrameError): void {
    if (this.#over) return;
    this.stop();
    this.#listener.onReadError(error);
  }

  readonly #take = (frame: Frame): void => {
    const { opcode, payload } = frame;
    switch (opcode) {
      case OPCODE.ping:
        this.#listener.onPing(Buffer.from(payload));
        return;
      case OPCODE.pong:
        this.#listener.onPong(Buffer.from(payload));
        return;
      case OPCODE.close:
        this.#takeClose(payload);
        return;
      case OPCODE.continuation:
        if (this.#opcode === OPCODE.continuation) throw protocolError('a continuation frame continues nothing');
        break;
      default:
        if (this.#opcode !== OPCODE.continuation) throw protocolError('a new message begins within another one');
        this.#opcode = opcode;
        this.#compressed = frame.compressed;
    }
    if (frame.final && this.#collected === null) {
      this.#complete(payload);
      return;
    }
    const whole = this.#collect(payload);
    if (!frame.final) return;
    this.#collected = null;
    this.#collectedLength = 0;
    this.#complete(whole);
  };

  /** @returns all that there is of the message now */
  #collect(payload: Buffer): Buffer {
    const length = this.#collectedLength + payload.length;
    if (length > this.#limit) throw tooLarge('a message', this.#limit);
    const begun = this.#collected ?? Buffer.allocUnsafe(Math.min(this.#limit, Math.max(length * 2, LEAST_COLLECTED)));
    const collected = growBuffer(begun, this.#collectedLength, length, this.#limit);
    this.#collected = collected;
    payload.copy(collected, this.#collectedLength);
    this.#collectedLength = length;
    return collected.subarray(0, length);
  }

  #complete(payload: Buffer): void {
    const opcode = this.#opcode;
    this.#opcode = OPCODE.continuation;
    if (!this.#compressed) this.#deliver(opcode, payload);
    else this.#unpack(opcode, Buffer.concat([payload, EMPTY_BLOCK]));
  }

  #unpack(opcode: number, packed: Buffer): void {
    const { constants, inflateRaw, inflateRawSync } = nodeZlib();
    const options = { maxOutputLength: Math.min(this.#limit, 2 ** 31 - 1), finishFlush: constants.Z_SYNC_FLUSH };
    if (packed.length <= UNPACKED_AT_ONCE) {
      let unpacked: Buffer;
      try {
        unpacked = inflateRawSync(packed, options);
      } catch (error) {
        throw this.#explain(error);
      }
      this.#deliver(opcode, unpacked);
      return;
    }
    this.#unpacking = true;
    this.#listener.onBusy();
    inflateRaw(packed, options, (error, unpacked) => {
      this.#unpacking = false;
      if (this.#over) return;
      try {
        if (error !== null) throw this.#explain(error);
        this.#deliver(opcode, unpacked);
      } catch (thrown) {
        if (!(thrown instanceof FrameError)) throw thrown;
        this.#fail(thrown);
        return;
      }
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const chunk of waiting) this.push(chunk);
      if (!this.#unpacking && !this.#over) this.#listener.onReady();
    });
  }

  #explain(error: unknown): FrameError {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge('a message', this.#limit)
      : protocolError(`a message cannot be unpacked (${(error as Error).message})`);
  }

  #deliver(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.binary) {
      this.#listener.onBinary(Buffer.from(payload));
      return;
    }
    if (!isUtf8(payload)) throw encodingError('a text message');
    this.#listener.onText(payload.toString('utf8'));
  }

  #takeClose(payload: Buffer): void {
    if (payload.length === 1) throw protocolError('a close frame carries half a code');
    const code = payload.length === 0 ? CLOSE_CODE.none : payload.readUInt16BE(0);
    if (payload.length > 0 && !isCloseCode(code)) throw protocolError(`close code ${code} is not for the wire`);
    const reason = payload.subarray(2);
    if (!isUtf8(reason)) throw encodingError('the reason of a close frame');
    this.stop();
    this.#listener.onCloseFrame(code, reason.toString('utf8'));
  }
}
