// Reads the wire format without a schema: what descriptors are read with.

export interface RawField {
  readonly number: number;
  /** Varints as their lower 32 bits, unsigned – descriptors hold nothing wider –, all else as bytes. */
  readonly value: number | Uint8Array;
}

/** @throws RangeError on truncated or malformed bytes */
export function* readFields(bytes: Uint8Array): Generator<RawField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= bytes.length) throw new RangeError('truncated');
      const byte = bytes[at++]!;
      // Negative numbers are sign-extended to 64 bits: more than a double holds.
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError('varint too long');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('truncated');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new RangeError('field number 0');
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(varint()) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw new RangeError('groups have no place in a descriptor');
    }
  }
}
