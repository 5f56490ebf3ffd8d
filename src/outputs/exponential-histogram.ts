// Trends as histograms whose buckets grow with the values, as OpenTelemetry and Prometheus know them.

/** 2^(1/8): neighbouring buckets differ by 9 %. */
const SCALE = 3;
const PER_OCTAVE = 2 ** SCALE;

/** Counts of buckets ((2^⅛)^i, (2^⅛)^(i+1)] of one sign by i. */
export type Buckets = Map<number, number>;

export class ExponentialHistogram {
  readonly kind = 'exponential';
  readonly scale = SCALE;
  readonly #divisor: number;
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  zeros = 0;
  readonly positive: Buckets = new Map();
  readonly negative: Buckets = new Map();

  /** @param divisor of each value: 1,000 makes seconds of milliseconds */
  constructor(divisor = 1) {
    this.#divisor = divisor;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add(sample: number): void {
    const value = sample / this.#divisor;
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value === 0) {
      this.zeros++;
      return;
    }
    const buckets = value > 0 ? this.positive : this.negative;
    // Infinity is in no bucket: it counts as the greatest number there is.
    const index = bucketIndex(Math.min(Math.abs(value), Number.MAX_VALUE));
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }
}

/** @param magnitude over 0 @returns i of the bucket ((2^⅛)^i, (2^⅛)^(i+1)] */
export function bucketIndex(magnitude: number): number {
  const index = Math.ceil(Math.log2(magnitude) * PER_OCTAVE) - 1;
  // Logarithms are rounded: a value at a bound must not end up beside it.
  if (2 ** ((index + 1) / PER_OCTAVE) < magnitude) return index + 1;
  if (2 ** (index / PER_OCTAVE) >= magnitude) return index - 1;
  return index;
}
