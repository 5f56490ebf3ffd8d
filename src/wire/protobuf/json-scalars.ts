// Scalars between their JSON form and their value (ProtoJSON's rules, as protobuf-go applies them).
import type { JsonNode } from './json-tree.ts';
import type { EnumType, ScalarType } from './schema/message-type.ts';

const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const RANGES: Partial<Record<ScalarType, readonly [bigint, bigint]>> = {
  int32: [-(1n << 31n), (1n << 31n) - 1n],
  sint32: [-(1n << 31n), (1n << 31n) - 1n],
  sfixed32: [-(1n << 31n), (1n << 31n) - 1n],
  uint32: [0n, (1n << 32n) - 1n],
  fixed32: [0n, (1n << 32n) - 1n],
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  sint64: [-(1n << 63n), (1n << 63n) - 1n],
  sfixed64: [-(1n << 63n), (1n << 63n) - 1n],
  uint64: [0n, (1n << 64n) - 1n],
  fixed64: [0n, (1n << 64n) - 1n],
};

/** A value ready to be written: whole numbers as bigint, fractions as number. */
export type Scalar = bigint | number | boolean | string | Uint8Array;

/** @returns undefined where the node does not fit the type */
export function scalarFromJson(type: ScalarType, node: JsonNode): Scalar | undefined {
  switch (type) {
    case 'bool':
      return node.kind === 'true' ? true : node.kind === 'false' ? false : undefined;
    case 'string':
      return node.kind === 'string' ? node.text : undefined;
    case 'bytes':
      return node.kind === 'string' ? decodeBase64(node.text) : undefined;
    case 'float':
    case 'double':
      return fractionFromJson(node, type === 'float');
    default: {
      const text = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.text : '';
      return inRange(type, wholeNumber(text));
    }
  }
}

/** A map's key, which JSON always has as a string. */
export function mapKeyFromJson(type: ScalarType, text: string): Scalar | undefined {
  if (type === 'string') return text;
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined;
  return /^[+-]?\d+$/.test(text) ? inRange(type, BigInt(text.replace(/^\+/, ''))) : undefined;
}

/** By name or by number; JSON null is the one value of NullValue. */
export function enumFromJson(type: EnumType, node: JsonNode): bigint | undefined {
  if (node.kind === 'string') {
    const number = type.numbers.get(node.text);
    return number === undefined ? undefined : BigInt(number);
  }
  if (node.kind === 'number') return inRange('int32', wholeNumber(node.raw));
  return node.kind === 'null' && type.fullName === 'google.protobuf.NullValue' ? 0n : undefined;
}

function inRange(type: ScalarType, value: bigint | undefined): bigint | undefined {
  const range = RANGES[type];
  return value === undefined || !range || value < range[0] || value > range[1] ? undefined : value;
}

/** '100', '1e2' and '100.0' are all whole. */
function wholeNumber(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > 9999) return undefined;
  const digits = whole! + fraction;
  const point = whole!.length + shift;
  const kept = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const rest = point <= 0 ? digits : digits.slice(point);
  if (/[1-9]/.test(rest)) return undefined;
  return BigInt(sign === '-' ? `-${kept}` : kept);
}

function fractionFromJson(node: JsonNode, single: boolean): number | undefined {
  if (node.kind === 'string') {
    if (node.text === 'NaN') return Number.NaN;
    if (node.text === 'Infinity') return Number.POSITIVE_INFINITY;
    if (node.text === '-Infinity') return Number.NEGATIVE_INFINITY;
    if (!DECIMAL.test(node.text)) return undefined;
  } else if (node.kind !== 'number') return undefined;
  const value = Number(node.kind === 'string' ? node.text : node.raw);
  const stored = single ? Math.fround(value) : value;
  return Number.isFinite(stored) ? stored : undefined;
}

/** Either alphabet, with or without padding. */
function decodeBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/={0,2}$/, '');
  const padded = bare.length !== text.length;
  if (padded && text.length % 4 !== 0) return undefined;
  const url = /[-_]/.test(bare);
  if (!(url ? /^[\w-]*$/ : /^[A-Za-z0-9+/]*$/).test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64');
}

/** Of 32-bit floats. */
const SMALLEST_NORMAL = 2 ** -126;

/** The number whose shortest decimal form is the shortest one that still means this 32-bit float. */
export function shortestFloat(value: number): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 16_777_216)) return value;
  // Those next to zero have fewer bits, and say less.
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}

/** NaN and the infinities have names in JSON. */
export function fractionToJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
