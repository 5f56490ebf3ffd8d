// What generated decoders call. A varint of several bytes leaves its end in `cursor`.
import { isUtf8 } from 'node:buffer';
import { fractionToJson, shortestFloat } from './json-scalars.ts';
import { formatTimestamp, toDurationJson } from './time-json.ts';

/** Where the last read ended; NaN where the bytes are malformed. */
export const cursor = { at: 0 };

interface DirectReads {
  utf8Slice(start: number, end: number): string;
  base64Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

/** The low 32 bits of a varint, unsigned. */
export function varint32(buffer: Buffer, offset: number): number {
  let p = offset;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = buffer[p++]!;
    if (shift < 32) value |= (byte & 127) << shift;
    if (byte < 128) {
      cursor.at = p;
      return value >>> 0;
    }
  }
  // Negative 32-bit values are written as 64-bit ones: five more bytes that say nothing new.
  for (let i = 0; i < 5; i++) {
    const byte = buffer[p++]!;
    if (byte < 128) {
      cursor.at = i === 4 && byte > 1 ? Number.NaN : p;
      return value >>> 0;
    }
  }
  cursor.at = Number.NaN;
  return 0;
}

/** A tag of several bytes; 0, which is none, where it has more than 32 bits. */
export function tagAt(buffer: Buffer, offset: number): number {
  const tag = varint32(buffer, offset);
  const length = cursor.at - offset;
  return length < 5 || (length === 5 && buffer[offset + 4]! < 16) ? tag : 0;
}

/** A length: NaN where it is more than any buffer holds. */
export function lengthAt(buffer: Buffer, offset: number): number {
  let p = offset;
  let value = 0;
  for (let factor = 1; factor < 2 ** 35; factor *= 128) {
    const byte = buffer[p++]!;
    value += (byte & 127) * factor;
    if (byte < 128) {
      cursor.at = p;
      return value;
    }
  }
  return Number.NaN;
}

/** A 64-bit varint as a bigint. */
function varint64(buffer: Buffer, offset: number): bigint {
  let p = offset;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = buffer[p++]!;
    value |= BigInt((byte ?? 0) & 127) << shift;
    if (byte < 128) {
      cursor.at = shift === 63n && byte > 1 ? Number.NaN : p;
      return value;
    }
  }
  cursor.at = Number.NaN;
  return 0n;
}

/** Up to seven bytes are exact as a number; -1 for longer ones. */
function shortVarint(buffer: Buffer, offset: number): number {
  let p = offset;
  let value = 0;
  for (let factor = 1; factor < 2 ** 49; factor *= 128) {
    const byte = buffer[p++]!;
    value += (byte & 127) * factor;
    if (byte < 128) {
      cursor.at = p;
      return value;
    }
  }
  return -1;
}

export function int64(buffer: Buffer, offset: number): string {
  const short = shortVarint(buffer, offset);
  return short >= 0 ? `${short}` : String(BigInt.asIntN(64, varint64(buffer, offset)));
}

export function uint64(buffer: Buffer, offset: number): string {
  const short = shortVarint(buffer, offset);
  return short >= 0 ? `${short}` : String(varint64(buffer, offset));
}

export function sint64(buffer: Buffer, offset: number): string {
  const value = varint64(buffer, offset);
  return String((value >> 1n) ^ -(value & 1n));
}

/** Whether a bool's varint is set. */
export function flag(buffer: Buffer, offset: number): boolean {
  return varint64(buffer, offset) !== 0n;
}

export function fixed32(b: Buffer, p: number): number {
  return (b[p]! | (b[p + 1]! << 8) | (b[p + 2]! << 16) | (b[p + 3]! << 24)) >>> 0;
}

export function fixed64(b: Buffer, p: number): string {
  const high = fixed32(b, p + 4);
  return high < 0x200000
    ? `${high * 4_294_967_296 + fixed32(b, p)}`
    : String((BigInt(high) << 32n) | BigInt(fixed32(b, p)));
}

export function sfixed64(b: Buffer, p: number): string {
  const high = fixed32(b, p + 4) | 0;
  return high >= 0 && high < 0x200000
    ? `${high * 4_294_967_296 + fixed32(b, p)}`
    : String((BigInt(high) << 32n) | BigInt(fixed32(b, p)));
}

export function float(b: Buffer, p: number): number | string {
  for (let i = 0; i < 4; i++) scratchBytes[i] = b[p + i]!;
  const value = scratch.getFloat32(0, true);
  return value === 0 ? value : fractionToJson(shortestFloat(value));
}

export function double(b: Buffer, p: number): number | string {
  for (let i = 0; i < 8; i++) scratchBytes[i] = b[p + i]!;
  const value = scratch.getFloat64(0, true);
  return Number.isFinite(value) ? value : fractionToJson(value);
}

const chars = String.fromCharCode;

/** Up to eight bytes of ASCII; undefined where one is not. One call for all of them costs a third of a loop. */
function shortAscii(b: Buffer, p: number, length: number): string | undefined {
  switch (length) {
    case 0:
      return '';
    case 1:
      return b[p]! > 127 ? undefined : chars(b[p]!);
    case 2:
      return (b[p]! | b[p + 1]!) > 127 ? undefined : chars(b[p]!, b[p + 1]!);
    case 3:
      return (b[p]! | b[p + 1]! | b[p + 2]!) > 127 ? undefined : chars(b[p]!, b[p + 1]!, b[p + 2]!);
    case 4:
      return (b[p]! | b[p + 1]! | b[p + 2]! | b[p + 3]!) > 127
        ? undefined
        : chars(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!);
    default: {
      const c = b[p]!;
      const d = b[p + 1]!;
      const e = b[p + 2]!;
      const f = b[p + 3]!;
      const g = b[p + 4]!;
      const h = length > 5 ? b[p + 5]! : 0;
      const i = length > 6 ? b[p + 6]! : 0;
      const j = length > 7 ? b[p + 7]! : 0;
      if ((c | d | e | f | g | h | i | j) > 127) return undefined;
      if (length === 5) return chars(c, d, e, f, g);
      if (length === 6) return chars(c, d, e, f, g, h);
      return length === 7 ? chars(c, d, e, f, g, h, i) : chars(c, d, e, f, g, h, i, j);
    }
  }
}

/** @returns undefined where the bytes are no UTF-8 */
export function text(b: Buffer, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > 24) return longText(b, start, end);
  if (length <= 8) return shortAscii(b, start, length) ?? longText(b, start, end);
  const first = shortAscii(b, start, 8);
  if (first === undefined) return longText(b, start, end);
  const second = shortAscii(b, start + 8, Math.min(8, length - 8));
  if (second === undefined) return longText(b, start, end);
  if (length <= 16) return first + second;
  const third = shortAscii(b, start + 16, length - 16);
  return third === undefined ? longText(b, start, end) : first + second + third;
}

function longText(b: Buffer, start: number, end: number): string | undefined {
  const out = (b as unknown as DirectReads).utf8Slice(start, end);
  // A replacement character may be the text's own or stand for a broken sequence.
  if (out.includes('\ufffd') && !isUtf8(b.subarray(start, end))) return undefined;
  return out;
}

export function base64(b: Buffer, start: number, end: number): string {
  return (b as unknown as DirectReads).base64Slice(start, end);
}

/**
 * A Timestamp or a Duration.
 * @returns undefined for whatever is not plain
 */
export function time(b: Buffer, start: number, end: number, isTimestamp: boolean): string | undefined {
  let p = start;
  let seconds = 0;
  let nanos = 0;
  while (p < end) {
    const tag = b[p++];
    if (tag === 8) {
      const short = shortVarint(b, p);
      seconds = short >= 0 ? short : Number(BigInt.asIntN(64, varint64(b, p)));
      p = cursor.at;
    } else if (tag === 16) {
      nanos = varint32(b, p) | 0;
      p = cursor.at;
    } else return undefined;
  }
  if (p !== end || !Number.isSafeInteger(seconds)) return undefined;
  const value = { seconds: BigInt(seconds), nanos };
  return isTimestamp ? formatTimestamp(value) : toDurationJson(value);
}
