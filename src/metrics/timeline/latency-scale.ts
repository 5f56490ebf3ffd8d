// Durations as steps of a logarithmic scale: one whole number per value, the same for windows, cells and slices. For browsers too.

/** Steps of an octave: a step's middle is at most 1.1 % from what it stands for. */
const STEPS = 32;
/** From about 1 µs (2⁻¹⁰ ms) over 32 octaves, to 70 minutes: what lies outside counts as the first or last. */
export const STEP_COUNT = 1024;
const FIRST_EXPONENT = -10;
/** A coarse step is so many binary digits of a step: 8 an octave, ±4.5 %. */
export const COARSE_SHIFT = 2;
export const COARSE_COUNT = STEP_COUNT >> COARSE_SHIFT;

const asDouble = new Float64Array([1]);
const asWords = new Uint32Array(asDouble.buffer);
/** Which of the two words holds the exponent: the order is the machine's. */
const HIGH = asWords[0] === 0 ? 1 : 0;

/** Step within the octave, by the first eight digits of the mantissa. */
const WITHIN = Uint8Array.from({ length: 256 }, (_, digits) => Math.floor(STEPS * Math.log2(1 + (digits + 0.5) / 256)));

/** @returns the step of a duration, from 0 to {@link STEP_COUNT} − 1. @param ms milliseconds */
export function stepOf(ms: number): number {
  asDouble[0] = ms;
  const high = asWords[HIGH] | 0;
  const step = ((high >> 20) - 1023 - FIRST_EXPONENT) * STEPS + WITHIN[(high >> 12) & 255];
  return step < 0 ? 0 : step < STEP_COUNT ? step : STEP_COUNT - 1;
}

/** @returns milliseconds in the middle of a step */
export function msOfStep(step: number): number {
  return 2 ** ((step + 0.5) / STEPS + FIRST_EXPONENT);
}

/** @returns milliseconds in the middle of a coarse step */
export function msOfCoarse(step: number): number {
  return 2 ** (((step + 0.5) * (1 << COARSE_SHIFT)) / STEPS + FIRST_EXPONENT);
}
