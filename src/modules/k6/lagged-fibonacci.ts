import { TABLE } from './lagged-fibonacci-table.ts';

/** An additive lagged Fibonacci generator: xₙ = xₙ₋₆₀₇ + xₙ₋₂₇₃ mod 2⁶⁴. */
const LENGTH = 607;
const TAP = 273;
/** The linear congruential generator that spreads a seed: xₙ = 48271 · xₙ₋₁ mod 2³¹ − 1. */
const MULTIPLIER = 48_271;
const MODULUS = 2 ** 31 - 1;
/** Stands for a seed of 0, which that generator never leaves. */
const NONZERO_SEED = 89_482_311;
const WARM_UP = 20;

let table: Uint32Array | undefined;

/**
 * The numbers that Go's `math/rand` gives for a seed (`rand.New(rand.NewSource(seed)).Float64`), which are those of k6 and the same on every
 * machine (https://pkg.go.dev/math/rand).
 * @param seed a whole number; what follows the point is left out, what is no number counts as 0
 * @returns what brings the next number: 0 ≤ x < 1
 */
export function createLaggedFibonacci(seed: number): () => number {
  table ??= readTable();
  const state = spreadSeed(seed);
  for (let i = 0; i < state.length; i++) state[i] = (state[i] as number) ^ (table[i] as number);
  let tap = 0;
  let feed = LENGTH - TAP;
  return () => {
    for (;;) {
      tap = tap === 0 ? LENGTH - 1 : tap - 1;
      feed = feed === 0 ? LENGTH - 1 : feed - 1;
      const low = (state[feed * 2] as number) + (state[tap * 2] as number);
      const carry = low > 0xffff_ffff ? 1 : 0;
      state[feed * 2] = low;
      state[feed * 2 + 1] = (state[feed * 2 + 1] as number) + (state[tap * 2 + 1] as number) + carry;
      const high = (state[feed * 2 + 1] as number) & 0x7fff_ffff;
      const number = (high * 2 ** 32 + (state[feed * 2] as number)) / 2 ** 63;
      // The division rounds up what is that close to it.
      if (number < 1) return number;
    }
  };
}

/** The words of a seed before they are mixed, the lower half of each first. */
function spreadSeed(seed: number): Uint32Array {
  const state = new Uint32Array(LENGTH * 2);
  let x = Number.isFinite(seed) ? Math.trunc(seed) % MODULUS : 0;
  if (x < 0) x += MODULUS;
  if (x === 0) x = NONZERO_SEED;
  const next = (): number => (x = (x * MULTIPLIER) % MODULUS);
  for (let i = 0; i < WARM_UP; i++) next();
  for (let i = 0; i < LENGTH; i++) {
    // 64 bits: the first shifted by 40, the second by 20, the third as it is.
    const [a, b, c] = [next(), next(), next()];
    state[i * 2] = (b << 20) ^ c;
    state[i * 2 + 1] = (a << 8) ^ (b >>> 12);
  }
  return state;
}

function readTable(): Uint32Array {
  const bytes = Buffer.from(TABLE, 'base64');
  return Uint32Array.from({ length: LENGTH * 2 }, (_, i) => bytes.readUInt32LE(i * 4));
}
