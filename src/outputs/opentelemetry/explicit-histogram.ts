// Trends as histograms with fixed bounds, as k6 has them.

/** OpenTelemetry's own, as its SDKs have them. */
export const DEFAULT_BOUNDS: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];

/** A value that equals a bound belongs to the bucket below it. */
export class ExplicitHistogram {
  readonly kind = 'explicit';
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** One more than bounds. */
  readonly counts: number[] = new Array<number>(DEFAULT_BOUNDS.length + 1).fill(0);

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    let bucket = 0;
    while (bucket < DEFAULT_BOUNDS.length && value > DEFAULT_BOUNDS[bucket]) bucket++;
    this.counts[bucket]++;
  }
}
