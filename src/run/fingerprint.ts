// What runs have in common that can be compared.
import type { Options } from '../options/options.ts';

/**
 * @param code the compiled script with its modules
 * @returns the same for runs that can be compared: of the same script with the same options. Tags may differ, they name single runs
 */
export function fingerprintOf(code: string, { shown }: Pick<Options, 'shown'>): string {
  const { tags: _, ...options } = shown;
  return hash([code, '\n', JSON.stringify(options)]);
}

/**
 * @param fingerprint of the run itself, which is what it comes to where the run is not of a segment
 * @returns the same for runs of all execution segments of one test
 */
export function wholeFingerprintOf(code: string, { shown }: Pick<Options, 'shown'>, fingerprint: string): string {
  // Options that nobody has set are null.
  const isWhole = (shown['executionSegment'] ?? shown['executionSegmentSequence'] ?? null) === null;
  return isWhole
    ? fingerprint
    : fingerprintOf(code, { shown: { ...shown, executionSegment: null, executionSegmentSequence: null } });
}

const SEEDS = [0x9e3779b9, 0x243f6a88] as const;

/**
 * Tells texts apart and guards nothing: Node's cryptography would cost each start more. Twice 53 bits, by two multiplications a character
 * each, in one pass: with libraries a text has megabytes.
 */
function hash(texts: readonly string[]): string {
  let [a, b] = [0xdeadbeef ^ SEEDS[0], 0x41c6ce57 ^ SEEDS[0]];
  let [c, d] = [0xdeadbeef ^ SEEDS[1], 0x41c6ce57 ^ SEEDS[1]];
  for (const text of texts) {
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
      c = Math.imul(c ^ code, 2654435761);
      d = Math.imul(d ^ code, 1597334677);
    }
  }
  return mix(a, b) + mix(c, d);
}

function mix(high: number, low: number): string {
  let [a, b] = [high, low];
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0');
}
