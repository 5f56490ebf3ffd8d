// Frames from server to client (RFC 6455, section 5.2), in whatever pieces they come. Strict: a frame that breaks the protocol is an
// error with the rule that it breaks.
import { growBuffer } from '../net/grow-buffer.ts';
import { protocolError, tooLarge } from './frame-error.ts';
import { MAX_CONTROL_OCTETS, OPCODE } from './protocol.ts';

export interface Frame {
  readonly opcode: number;
  /** The last one of its message. */
  readonly final: boolean;
  /** The message is compressed (RFC 7692); only on its first frame. */
  readonly compressed: boolean;
  /** The reader's own until the next call: copy what you keep. */
  readonly payload: Buffer;
}

/** A length that a server announces is believed only so far before the octets have come. */
const MAX_TRUSTED_LENGTH = 64 * 1024;
const LONGEST_HEAD = 10;

export class FrameReader {
  readonly #limit: number;
  readonly #compression: boolean;
  readonly #head = Buffer.alloc(LONGEST_HEAD);
  #headLength = 0;
  #payload: Buffer | null = null;
  #received = 0;
  #length = -1;

  /**
   * @param limit octets that a frame may carry at most
   * @param compression whether permessage-deflate was agreed on
   */
  constructor(limit: number, compression: boolean) {
    this.#limit = limit;
    this.#compression = compression;
  }

  /**
   * Reads the next frame that is complete.
   * @param chunk what was read
   * @param from where to go on in it
   * @param found gets the frame; nothing when it ends before one is complete
   * @returns the offset behind what was taken
   * @throws FrameError 1902 when the peer breaks the protocol, 1702 when a frame is too long
   */
  read(chunk: Buffer, from: number, found: (frame: Frame) => void): number {
    let at = from;
    while (this.#length < 0) {
      const wanted = this.#wantedHead();
      while (this.#headLength < wanted && at < chunk.length) this.#head[this.#headLength++] = chunk[at++] as number;
      if (this.#headLength < wanted) return at;
      if (this.#wantedHead() === this.#headLength) this.#begin();
    }
    const left = this.#length - this.#received;
    const available = chunk.length - at;
    if (this.#received === 0 && available >= left) {
      // All of it is here: nothing is copied.
      const payload = chunk.subarray(at, at + left);
      this.#end(payload, found);
      return at + left;
    }
    const taken = Math.min(left, available);
    this.#collect(chunk, at, taken);
    at += taken;
    if (taken === left) {
      const payload = (this.#payload as Buffer).subarray(0, this.#received);
      this.#payload = null;
      this.#end(payload, found);
    }
    return at;
  }

  /** How many octets the head has, as far as they are known. */
  #wantedHead(): number {
    if (this.#headLength < 2) return 2;
    const length = (this.#head[1] as number) & 0x7f;
    return length < 126 ? 2 : length === 126 ? 4 : LONGEST_HEAD;
  }

  #begin(): void {
    const first = this.#head[0] as number;
    const second = this.#head[1] as number;
    const opcode = first & 0x0f;
    const isControl = opcode >= OPCODE.close;
    if ((first & 0x30) !== 0) throw protocolError('reserved bits are set (RSV2 or RSV3)');
    if ((first & 0x40) !== 0) {
      if (!this.#compression) throw protocolError('a frame is compressed (RSV1), which was not agreed on');
      if (opcode !== OPCODE.text && opcode !== OPCODE.binary) {
        throw protocolError('a frame that begins no message has RSV1 set');
      }
    }
    if ((opcode > OPCODE.binary && opcode < OPCODE.close) || opcode > OPCODE.pong) {
      throw protocolError(`opcode ${opcode} is reserved`);
    }
    if ((second & 0x80) !== 0) throw protocolError('a frame of the server is masked');
    let length = second & 0x7f;
    if (length === 126) {
      length = this.#head.readUInt16BE(2);
      if (length < 126) throw protocolError('a length is written longer than it has to be');
    } else if (length === 127) {
      const long = this.#head.readBigUInt64BE(2);
      if (long < 65_536n) throw protocolError('a length is written longer than it has to be');
      if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw protocolError('a length is beyond what there can be');
      length = Number(long);
    }
    if (isControl) {
      if ((first & 0x80) === 0) throw protocolError('a control frame is fragmented');
      if (length > MAX_CONTROL_OCTETS) throw protocolError('a control frame carries more than 125 octets');
    }
    if (length > this.#limit) throw tooLarge('a frame', this.#limit);
    this.#length = length;
    this.#received = 0;
  }

  #collect(chunk: Buffer, at: number, count: number): void {
    const needed = this.#received + count;
    const begun = this.#payload ?? Buffer.allocUnsafe(Math.min(this.#length, Math.max(needed, MAX_TRUSTED_LENGTH)));
    const payload = growBuffer(begun, this.#received, needed, this.#length);
    this.#payload = payload;
    chunk.copy(payload, this.#received, at, at + count);
    this.#received = needed;
  }

  #end(payload: Buffer, found: (frame: Frame) => void): void {
    const first = this.#head[0] as number;
    this.#length = -1;
    this.#headLength = 0;
    this.#received = 0;
    found({ opcode: first & 0x0f, final: (first & 0x80) !== 0, compressed: (first & 0x40) !== 0, payload });
  }
}
