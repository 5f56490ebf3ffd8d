import { FRAME_HEADER } from './protocol.ts';

/** The payload lies in `bytes` between two positions, during the call only. @returns false to read no further */
export type FrameSink = (
  type: number,
  flags: number,
  streamId: number,
  bytes: Buffer,
  start: number,
  end: number,
) => boolean;

/** Cuts what is read into frames. A frame that came whole is not copied; one that came in pieces is put together once. */
export class FrameReader {
  readonly #maxFrameSize: number;
  readonly #onFrame: FrameSink;
  readonly #onOversized: (length: number) => void;
  readonly #head = Buffer.alloc(FRAME_HEADER);
  /** The frame that is being put together; null while its header is incomplete. */
  #partial: Buffer | null = null;
  #filled = 0;
  #stopped = false;

  /** @param maxFrameSize payload octets; a longer frame is reported and ends the reading */
  constructor(maxFrameSize: number, onFrame: FrameSink, onOversized: (length: number) => void) {
    this.#maxFrameSize = maxFrameSize;
    this.#onFrame = onFrame;
    this.#onOversized = onOversized;
  }

  /** True while the beginning of a frame waits for the rest of it. */
  get incomplete(): boolean {
    return this.#filled > 0;
  }

  read(chunk: Buffer): void {
    if (this.#stopped) return;
    let at = this.#filled > 0 ? this.#complete(chunk) : 0;
    const length = chunk.length;
    while (!this.#stopped && length - at >= FRAME_HEADER) {
      const size = (chunk[at]! << 16) | (chunk[at + 1]! << 8) | chunk[at + 2]!;
      if (this.#isOversized(size)) return;
      const end = at + FRAME_HEADER + size;
      if (end > length) break;
      this.#hand(chunk, at, end);
      at = end;
    }
    if (this.#stopped || at >= length) return;
    this.#keep(chunk, at);
  }

  #hand(bytes: Buffer, at: number, end: number): void {
    const id = ((bytes[at + 5]! & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!;
    if (!this.#onFrame(bytes[at + 3]!, bytes[at + 4]!, id, bytes, at + FRAME_HEADER, end)) this.#stopped = true;
  }

  #isOversized(size: number): boolean {
    if (size <= this.#maxFrameSize) return false;
    this.#stopped = true;
    this.#onOversized(size);
    return true;
  }

  #keep(chunk: Buffer, at: number): void {
    const rest = chunk.length - at;
    if (rest < FRAME_HEADER) {
      chunk.copy(this.#head, 0, at);
      this.#filled = rest;
      return;
    }
    const size = (chunk[at]! << 16) | (chunk[at + 1]! << 8) | chunk[at + 2]!;
    this.#partial = Buffer.allocUnsafe(FRAME_HEADER + size);
    this.#filled = chunk.copy(this.#partial, 0, at);
  }

  /** Goes on with the frame that is incomplete. @returns the position behind what was used of the chunk */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#partial === null) {
      const taken = Math.min(FRAME_HEADER - this.#filled, chunk.length);
      chunk.copy(this.#head, this.#filled, 0, taken);
      this.#filled += taken;
      at = taken;
      if (this.#filled < FRAME_HEADER) return at;
      const size = this.#head.readUIntBE(0, 3);
      if (this.#isOversized(size)) return at;
      this.#partial = Buffer.allocUnsafe(FRAME_HEADER + size);
      this.#head.copy(this.#partial);
    }
    const partial = this.#partial;
    const taken = Math.min(partial.length - this.#filled, chunk.length - at);
    chunk.copy(partial, this.#filled, at, at + taken);
    this.#filled += taken;
    at += taken;
    if (this.#filled === partial.length) {
      this.#partial = null;
      this.#filled = 0;
      this.#hand(partial, 0, partial.length);
    }
    return at;
  }
}
