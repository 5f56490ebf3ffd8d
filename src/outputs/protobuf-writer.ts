// Writes protobuf messages field by field (protobuf.dev, "Encoding"): for the few messages that outputs send, in a buffer that is used
// again for each.

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
/** Of a 32-bit number as varint. */
const LONGEST_LENGTH = 5;

export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  /** What has been written since the last time, in memory of its own. */
  finish(): Buffer {
    const result = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return result;
  }

  text(field: number, value: string): void {
    this.#reserve(value.length * 3 + 2 * LONGEST_LENGTH);
    this.#tag(field, BYTES);
    const start = this.#length + LONGEST_LENGTH;
    this.#close(start, start + this.#bytes.write(value, start));
  }

  /** @param value at least 0 and safe */
  integer(field: number, value: number): void {
    this.#reserve(2 * LONGEST_LENGTH + 5);
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** A `sint32` or `sint64`. */
  signed(field: number, value: number): void {
    this.integer(field, value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(field: number, value: number): void {
    this.#reserve(LONGEST_LENGTH + 8);
    this.#tag(field, FIXED64);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  fixed64(field: number, value: bigint): void {
    this.#reserve(LONGEST_LENGTH + 8);
    this.#tag(field, FIXED64);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#reserve(2 * LONGEST_LENGTH + value.length);
    this.#tag(field, BYTES);
    this.#varint(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Fields that have been written already. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#length);
    this.#length += fields.length;
  }

  /** Octets since the last time. */
  get length(): number {
    return this.#length;
  }

  /** A message within the message. */
  message(field: number, write: () => void): void {
    this.#nest(field, write);
  }

  /** Repeated fixed64. */
  packedFixed64(field: number, values: readonly number[]): void {
    this.#nest(field, () => {
      this.#reserve(values.length * 8);
      for (const value of values) this.#length = this.#bytes.writeBigInt64LE(BigInt(value), this.#length);
    });
  }

  packedDouble(field: number, values: readonly number[]): void {
    this.#nest(field, () => {
      this.#reserve(values.length * 8);
      for (const value of values) this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    });
  }

  /** Repeated `uint64`. */
  packedIntegers(field: number, values: readonly number[]): void {
    this.#nest(field, () => {
      this.#reserve(values.length * 10);
      for (const value of values) this.#varint(value);
    });
  }

  /** Repeated `sint64`. */
  packedSigned(field: number, values: readonly number[]): void {
    this.#nest(field, () => {
      this.#reserve(values.length * 10);
      for (const value of values) this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
    });
  }

  #nest(field: number, write: () => void): void {
    this.#reserve(2 * LONGEST_LENGTH);
    this.#tag(field, BYTES);
    const start = this.#length + LONGEST_LENGTH;
    this.#length = start;
    write();
    this.#close(start, this.#length);
  }

  /** Puts the length before what was written behind the room for it. */
  #close(start: number, end: number): void {
    this.#length = start - LONGEST_LENGTH;
    this.#varint(end - start);
    this.#bytes.copyWithin(this.#length, start, end);
    this.#length += end - start;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
