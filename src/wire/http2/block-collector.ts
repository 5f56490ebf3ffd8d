/** CONTINUATION frames of one block; no honest server needs more. */
const MAX_CONTINUATIONS = 128;

/** A header block that comes in several frames. */
export class BlockCollector {
  readonly #maxLength: number;
  /** The stream whose block is being collected; 0 when none is. */
  streamId = 0;
  endStream = false;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param maxLength octets of the compressed block */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  begin(streamId: number, endStream: boolean): void {
    this.streamId = streamId;
    this.endStream = endStream;
  }

  /** @returns false when the block is too long or in too many pieces */
  add(bytes: Buffer, start: number, end: number): boolean {
    this.#length += end - start;
    if (this.#length > this.#maxLength || this.#parts.length >= MAX_CONTINUATIONS) return false;
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    return true;
  }

  finish(): Buffer {
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    this.streamId = 0;
    return whole;
  }
}
