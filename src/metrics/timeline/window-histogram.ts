// The durations of a moment: emptied and filled again once a cell, so it has to be cheap to empty.
import { bucketMiddle } from '../sinks/log-linear-histogram.ts';
import type { TrendState } from '../sinks/series-delta.ts';
import { COARSE_SHIFT, STEP_COUNT, stepOf } from './latency-scale.ts';

/** Quantiles of a window, as steps of the scale; 0 of nothing. */
export interface WindowQuantiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
}

export class WindowHistogram {
  readonly #counts = new Uint32Array(STEP_COUNT);
  count = 0;

  /** @param ms milliseconds */
  add(ms: number): void {
    this.#counts[stepOf(ms)]++;
    this.count++;
  }

  /** Adds the values of a trend, by its buckets where it has no others. */
  merge(trend: TrendState): void {
    for (const value of trend.values ?? []) this.#counts[stepOf(value)]++;
    for (let index = 0; index < trend.positive.length; index += 2)
      this.#counts[stepOf(bucketMiddle(trend.positive[index]))] += trend.positive[index + 1];
    this.#counts[0] += trend.zeros;
    for (let index = 1; index < trend.negative.length; index += 2) this.#counts[0] += trend.negative[index];
    this.count += trend.count;
  }

  /**
   * Reads the window, adds it to a coarse histogram, and empties it.
   * @param coarse counts by coarse step
   * @param into gets the quantiles: steps + 1, so that 0 is nothing
   */
  close(coarse: Uint32Array, into: WindowQuantiles): void {
    const counts = this.#counts;
    const total = this.count;
    into.count = total;
    into.p50 = into.p95 = into.p99 = 0;
    if (total === 0) return;
    const [half, most, nearlyAll] = [total * 0.5, total * 0.95, total * 0.99];
    let seen = 0;
    for (let step = 0; seen < total; step++) {
      const here = counts[step];
      if (here === 0) continue;
      seen += here;
      coarse[step >> COARSE_SHIFT] += here;
      if (into.p50 === 0 && seen >= half) into.p50 = step + 1;
      if (into.p95 === 0 && seen >= most) into.p95 = step + 1;
      if (into.p99 === 0 && seen >= nearlyAll) into.p99 = step + 1;
    }
    counts.fill(0);
    this.count = 0;
  }
}
