// The whole numbers that .proto text may give, by FieldDescriptorProto.Type.

const SIGNED_32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const SIGNED_64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const UNSIGNED_32 = [0n, 2n ** 32n - 1n] as const;
const UNSIGNED_64 = [0n, 2n ** 64n - 1n] as const;

const RANGES = new Map<number, readonly [least: bigint, most: bigint]>([
  [3, SIGNED_64],
  [4, UNSIGNED_64],
  [5, SIGNED_32],
  [6, UNSIGNED_64],
  [7, UNSIGNED_32],
  [13, UNSIGNED_32],
  [15, SIGNED_32],
  [16, SIGNED_64],
  [17, SIGNED_32],
  [18, SIGNED_64],
]);

export function isIntegerType(type: number): boolean {
  return RANGES.has(type);
}

/** @param text decimal, octal or hexadecimal, with or without a minus; anything else fits nowhere */
export function fitsInteger(type: number, text: string): boolean {
  const range = RANGES.get(type);
  const found = /^(-?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text);
  if (!range || !found) return false;
  const digits = found[2]!;
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = found[1] === '-' ? -size : size;
  return value >= range[0] && value <= range[1];
}
