// What runs have in common that can be compared.
import type { Options } from '../options/options.ts';

/**
 * @param code the compiled script with its modules
 * @returns the same for runs that can be compared: of the same script with the same options. Tags may differ, they name single runs
 */
export function fingerprintOf(code: string, { shown }: Pick<Options, 'shown'>): string {
  const { tags: _, ...options } = shown;
  const text = `${code}\n${JSON.stringify(options)}`;
  return hash(text, 0x9e3779b9) + hash(text, 0x243f6a88);
}

/** @returns the same for runs of all execution segments of one test */
export function wholeFingerprintOf(code: string, { shown }: Pick<Options, 'shown'>): string {
  const { executionSegment: _, executionSegmentSequence: __, ...options } = shown;
  return fingerprintOf(code, { shown: options });
}

/** Tells texts apart and guards nothing: Node's cryptography would cost each start more. 53 bits, by two multiplications a character. */
function hash(text: string, seed: number): string {
  let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0');
}
