import { nodeZlib } from '../../node/late-builtins.ts';
import { growBuffer } from '../net/grow-buffer.ts';
import { INTERNAL, type Verdict, verdict } from './verdict.ts';

const PREFIX = 5;
/** A size that a server announces is believed only so far before the octets have come. */
const MAX_TRUSTED_SIZE = 1024 * 1024;

/** Puts length-prefixed messages together from what DATA frames bring (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export class MessageReader {
  readonly #maxSize: number;
  /** The answer's `grpc-encoding`. */
  encoding: string | null = null;
  readonly #prefix = new Uint8Array(PREFIX);
  #prefixFilled = 0;
  /** The message in progress: as much of it as there is room made for. */
  #partial: Buffer | null = null;
  #size = 0;
  #filled = 0;

  /** @param maxSize octets of a message, after decompression as well */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Whether the answer may end here. */
  get complete(): boolean {
    return this.#prefixFilled === 0;
  }

  /**
   * @param onMessage gets octets of its own; returns false when no more are wanted
   * @returns what is wrong with the answer, or null
   */
  read(chunk: Buffer, onMessage: (message: Buffer) => boolean): Verdict | null {
    let at = 0;
    while (at < chunk.length) {
      if (this.#partial === null) {
        // The usual case: a whole message in one piece.
        while (this.#prefixFilled < PREFIX && at < chunk.length) this.#prefix[this.#prefixFilled++] = chunk[at++]!;
        if (this.#prefixFilled < PREFIX) return null;
        const fault = this.#begin();
        if (fault !== null) return fault;
      }
      const taken = Math.min(this.#size - this.#filled, chunk.length - at);
      const partial = growBuffer(this.#partial as Buffer, this.#filled, this.#filled + taken, this.#size);
      this.#partial = partial;
      chunk.copy(partial, this.#filled, at, at + taken);
      this.#filled += taken;
      at += taken;
      if (this.#filled < this.#size) return null;
      this.#partial = null;
      this.#prefixFilled = 0;
      const message = this.#prefix[0] === 1 ? this.#decompress(partial) : partial;
      if (!Buffer.isBuffer(message)) return message;
      if (!onMessage(message)) return null;
    }
    return null;
  }

  #begin(): Verdict | null {
    const [flag, a, b, c, d] = this.#prefix as unknown as [number, number, number, number, number];
    const size = a * 0x1000000 + ((b << 16) | (c << 8) | d);
    const fault = this.#judgeFlag(flag);
    if (fault !== null) return fault;
    if (size > this.#maxSize)
      return verdict(8, `grpc: received message larger than max (${size} vs. ${this.#maxSize})`, 1702);
    this.#partial = Buffer.allocUnsafe(Math.min(size, MAX_TRUSTED_SIZE));
    this.#size = size;
    this.#filled = 0;
    return null;
  }

  #judgeFlag(flag: number): Verdict | null {
    if (flag === 0) return null;
    if (flag !== 1) return verdict(INTERNAL, `grpc: received unexpected payload format ${flag}`, 1041);
    if (this.encoding === null || this.encoding === 'identity')
      return verdict(INTERNAL, 'grpc: compressed flag set with identity or empty encoding', 1701);
    if (this.encoding !== 'gzip' && this.encoding !== 'deflate') {
      const text = `grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(this.encoding)}`;
      return verdict(INTERNAL, text, 1701);
    }
    return null;
  }

  #decompress(bytes: Buffer): Buffer | Verdict {
    const { gunzipSync, inflateSync } = nodeZlib();
    const expand = this.encoding === 'gzip' ? gunzipSync : inflateSync;
    try {
      return expand(bytes, { maxOutputLength: Math.max(1, this.#maxSize) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        return verdict(8, `grpc: received message after decompression larger than max ${this.#maxSize}`, 1702);
      return verdict(INTERNAL, `grpc: failed to decompress the received message: ${(error as Error).message}`, 1701);
    }
  }
}
