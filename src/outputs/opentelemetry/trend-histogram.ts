// Trends as the histograms of OpenTelemetry's data model: with fixed bounds, as k6 has them, or with buckets that grow with the values.

/** OpenTelemetry's own, as its SDKs have them. */
export const DEFAULT_BOUNDS: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];
/** 2^(1/8): neighbouring buckets differ by 9 %. */
const SCALE = 3;
const PER_OCTAVE = 2 ** SCALE;

abstract class Totals {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  protected tally(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }
}

/** A value that equals a bound belongs to the bucket below it. */
export class ExplicitHistogram extends Totals {
  readonly kind = 'explicit';
  /** One more than bounds. */
  readonly counts: number[] = new Array<number>(DEFAULT_BOUNDS.length + 1).fill(0);

  add(value: number): void {
    this.tally(value);
    let bucket = 0;
    while (bucket < DEFAULT_BOUNDS.length && value > DEFAULT_BOUNDS[bucket]) bucket++;
    this.counts[bucket]++;
  }
}

/** Counts of buckets ((2^⅛)^i, (2^⅛)^(i+1)] of one sign by i. */
export type Buckets = Map<number, number>;

export class ExponentialHistogram extends Totals {
  readonly kind = 'exponential';
  readonly scale = SCALE;
  zeros = 0;
  readonly positive: Buckets = new Map();
  readonly negative: Buckets = new Map();

  add(value: number): void {
    this.tally(value);
    if (value === 0) {
      this.zeros++;
      return;
    }
    const buckets = value > 0 ? this.positive : this.negative;
    const index = bucketIndex(Math.abs(value));
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
