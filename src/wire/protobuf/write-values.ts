// What generated encoders call. Numbers are written without asking whether the buffer is long enough – beyond its end
// nothing happens, and the caller sees it from the offset –, texts and blocks ask first.
/** Something unusual: not a matter for generated code. */
export const GIVE_UP = -1;
/** The buffer is too small. */
export const TOO_SMALL = -2;

/** What Buffer has beyond its typings: the encodings without the search for them by name. */
interface DirectWrites {
  utf8Write(text: string, offset: number): number;
  base64Write(text: string, offset: number, length: number): number;
}

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

/** A whole number of 32 bits; negative ones take ten bytes. */
export function varint(value: number, buffer: Buffer, offset: number): number {
  let p = offset;
  if (value < 0) return varint64(value, buffer, p);
  let rest = value;
  while (rest > 127) {
    buffer[p++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[p++] = rest;
  return p;
}

export function varint64(value: number | bigint, buffer: Buffer, offset: number): number {
  let p = offset;
  let low: number;
  let high: number;
  if (typeof value === 'number') {
    low = value >>> 0;
    high = Math.floor(value / 4_294_967_296) >>> 0;
  } else {
    low = Number(BigInt.asUintN(32, value));
    high = Number(BigInt.asUintN(32, value >> 32n));
  }
  while (high !== 0) {
    buffer[p++] = (low & 127) | 128;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  while (low > 127) {
    buffer[p++] = (low & 127) | 128;
    low >>>= 7;
  }
  buffer[p++] = low;
  return p;
}

export function fixed32(value: number, buffer: Buffer, offset: number): number {
  buffer[offset] = value;
  buffer[offset + 1] = value >>> 8;
  buffer[offset + 2] = value >>> 16;
  buffer[offset + 3] = value >>> 24;
  return offset + 4;
}

export function fixed64(value: number | bigint, buffer: Buffer, offset: number): number {
  const big = BigInt.asUintN(64, BigInt(value));
  fixed32(Number(big & 0xffffffffn), buffer, offset);
  return fixed32(Number(big >> 32n), buffer, offset + 4);
}

export function float(value: number, buffer: Buffer, offset: number): number {
  scratch.setFloat32(0, value, true);
  for (let i = 0; i < 4; i++) buffer[offset + i] = scratchBytes[i]!;
  return offset + 4;
}

export function double(value: number, buffer: Buffer, offset: number): number {
  scratch.setFloat64(0, value, true);
  for (let i = 0; i < 8; i++) buffer[offset + i] = scratchBytes[i]!;
  return offset + 8;
}

const MAX = (1n << 63n) - 1n;
const MAX_UNSIGNED = (1n << 64n) - 1n;

/**
 * A 64-bit integer as scripts give it: a whole number, or digits in a string.
 * @returns a number where it is safe, else a bigint; undefined for what the reference codec has to judge
 */
export function whole64(value: unknown, unsigned: boolean): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && (!unsigned || value >= 0) ? value : undefined;
  if (typeof value !== 'string' || value.length === 0 || value.length > 20) return undefined;
  let at = value.charCodeAt(0) === 45 ? 1 : 0;
  if (at === value.length || (value.charCodeAt(at) === 48 && value.length > at + 1)) return undefined;
  if (at === 1 && unsigned) return undefined;
  const small = value.length < 16;
  let number = 0;
  for (; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  if (small) return value.charCodeAt(0) === 45 ? -number : number;
  const big = BigInt(value);
  return unsigned ? (big <= MAX_UNSIGNED ? big : undefined) : big <= MAX && big >= -MAX - 1n ? big : undefined;
}

/** A map's key in its canonical form. */
export function mapNumber(key: string): number | undefined {
  const value = Number(key);
  return Number.isSafeInteger(value) && String(value) === key ? value : undefined;
}

/** UTF-8 with its length in front. */
export function text(value: string, buffer: Buffer, offset: number): number {
  const { length } = value;
  if (offset + length * 3 + 5 > buffer.length) return TOO_SMALL;
  if (length < 48) {
    let p = offset + 1;
    let at = 0;
    for (; at < length; at++) {
      const code = value.charCodeAt(at);
      if (code > 127) break;
      buffer[p++] = code;
    }
    if (at === length) {
      buffer[offset] = length;
      return p;
    }
  }
  const reserved = sizeOf(length);
  const written = (buffer as unknown as DirectWrites).utf8Write(value, offset + reserved);
  return putLength(written, reserved, buffer, offset);
}

/** The bytes of base64 text, either alphabet, with their length in front. */
export function base64(value: string, buffer: Buffer, offset: number): number {
  let { length } = value;
  if (offset + length + 5 > buffer.length) return TOO_SMALL;
  if (value.charCodeAt(length - 1) === 61) {
    if (length % 4 !== 0) return GIVE_UP;
    length--;
    if (value.charCodeAt(length - 1) === 61) length--;
  }
  if (length % 4 === 1) return GIVE_UP;
  // Node takes both alphabets at once, protojson one of them.
  if ((value.includes('-') || value.includes('_')) && (value.includes('+') || value.includes('/'))) return GIVE_UP;
  const expected = Math.floor((length * 3) / 4);
  const reserved = sizeOf(expected);
  // Node skips what is no base64, so that is seen from what is missing.
  const written = (buffer as unknown as DirectWrites).base64Write(value, offset + reserved, expected);
  return written === expected ? putLength(written, reserved, buffer, offset) : GIVE_UP;
}

export function block(bytes: Uint8Array, buffer: Buffer, offset: number): number {
  if (offset + bytes.length + 5 > buffer.length) return TOO_SMALL;
  const start = varint(bytes.length, buffer, offset);
  buffer.set(bytes, start);
  return start + bytes.length;
}

/** Puts the length of what was written behind the one byte reserved at `start`, moving it when that takes more. */
export function close(buffer: Buffer, start: number, end: number): number {
  const length = end - start - 1;
  if (length < 128) {
    buffer[start] = length;
    return end;
  }
  return putLength(length, 1, buffer, start);
}

function putLength(length: number, reserved: number, buffer: Buffer, offset: number): number {
  const size = sizeOf(length);
  if (size !== reserved) buffer.copyWithin(offset + size, offset + reserved, offset + reserved + length);
  varint(length, buffer, offset);
  return offset + size + length;
}

function sizeOf(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : length < 268_435_456 ? 4 : 5;
}
