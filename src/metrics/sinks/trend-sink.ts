// What is kept of a trend: exact count, sum, minimum and maximum; the values themselves while they are few, then a histogram.
import { type HistogramBucket, LogLinearHistogram } from './log-linear-histogram.ts';
import type { SeriesDelta, TrendState } from './series-delta.ts';

/** Up to here percentiles are those of the values themselves. */
export const KEPT_VALUES = 512;
const FIRST_CAPACITY = 16;

export class TrendSink {
  readonly type = 'trend';
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #values: Float64Array | null = null;
  #histogram: LogLinearHistogram | null = null;
  /** For percentiles while the values are few; null once another came. */
  #sorted: Float64Array | null = null;

  add(value: number): void {
    const index = this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (this.#histogram !== null) this.#histogram.add(value);
    else this.#keep(index, value);
  }

  addMany(values: Float64Array, _times: Float64Array, from: number, to: number): void {
    let index = from;
    while (this.#histogram === null && index < to) this.add(values[index++]);
    if (this.#histogram === null || index === to) return;
    this.#histogram.addMany(values, index, to);
    this.#count += to - index;
    let [sum, min, max] = [this.#sum, this.#min, this.#max];
    for (; index < to; index++) {
      const value = values[index];
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.#sum = sum;
    this.#min = min;
    this.#max = max;
  }

  #keep(index: number, value: number): void {
    this.#sorted = null;
    let values = this.#values;
    if (values === null) values = this.#values = new Float64Array(FIRST_CAPACITY);
    if (index === values.length) {
      if (index >= KEPT_VALUES) {
        this.#fold(index).add(value);
        return;
      }
      const larger = new Float64Array(values.length * 2);
      larger.set(values);
      values = this.#values = larger;
    }
    values[index] = value;
  }

  /** Goes over to a histogram. @param count how many values are kept */
  #fold(count: number): LogLinearHistogram {
    const histogram = new LogLinearHistogram();
    for (let index = 0; index < count; index++) histogram.add(this.#values![index]);
    this.#histogram = histogram;
    this.#values = null;
    this.#sorted = null;
    return histogram;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }
  get count(): number {
    return this.#count;
  }
  get sum(): number {
    return this.#sum;
  }
  /** 0 while there are no values, as for all that follow. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }
  get max(): number {
    return this.#count === 0 ? 0 : this.#max;
  }
  get avg(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /**
   * Linear interpolation between the two neighbouring values, as k6 does it.
   *
   * @param percent 0 to 100
   */
  percentile(percent: number): number {
    if (this.#count === 0) return 0;
    const rank = (percent / 100) * (this.#count - 1);
    const lower = Math.floor(rank);
    const upper = Math.min(lower + 1, this.#count - 1);
    const [low, high] = this.#valuesAt(lower, upper);
    const share = rank - lower;
    const value = low + (high - low) * share;
    if (Number.isFinite(value)) return value;
    // The difference of great numbers is infinite, and nothing of an infinite one is NaN.
    return share === 0 || low === high ? low : low * (1 - share) + high * share;
  }

  #valuesAt(lower: number, upper: number): [number, number] {
    if (this.#histogram === null) {
      this.#sorted ??= this.#values!.slice(0, this.#count).sort();
      return [this.#sorted[lower], this.#sorted[upper]];
    }
    const [low, high] = this.#histogram.valuesAt([lower, upper]);
    return [this.#toRange(low, lower), this.#toRange(high, upper)];
  }

  /** The ends are known exactly. */
  #toRange(value: number, rank: number): number {
    if (rank === 0) return this.#min;
    if (rank === this.#count - 1) return this.#max;
    return Math.min(Math.max(value, this.#min), this.#max);
  }

  /** Adds another sink's values. */
  merge(other: TrendSink): void {
    this.mergeState(other.state());
  }

  mergeDelta(delta: SeriesDelta): void {
    if (delta.type === 'trend') this.mergeState(delta);
  }

  mergeState(state: TrendState): void {
    if (state.count === 0) return;
    if (this.#histogram === null && state.values !== null && this.#count + state.count <= KEPT_VALUES) {
      for (const value of state.values) this.#keep(this.#count++, value);
    } else {
      const histogram = this.#histogram ?? this.#fold(this.#count);
      for (const value of state.values ?? []) histogram.add(value);
      histogram.addBuckets(state);
      this.#count += state.count;
    }
    this.#sum += state.sum;
    this.#min = Math.min(this.#min, state.min);
    this.#max = Math.max(this.#max, state.max);
  }

  /** Everything there is to know of it, as plain data. */
  state(): TrendState {
    const common = { count: this.#count, sum: this.#sum, min: this.#min, max: this.#max };
    if (this.#histogram !== null) return { ...common, values: null, ...this.#histogram.state() };
    const values = Array.from(this.#values?.subarray(0, this.#count) ?? []);
    return { ...common, values, positive: [], negative: [], zeros: 0 };
  }

  /** The same by buckets alone, however few the values are. */
  bucketState(): TrendState {
    if (this.#histogram !== null || this.#values === null) return this.state();
    const histogram = new LogLinearHistogram();
    for (let index = 0; index < this.#count; index++) histogram.add(this.#values[index]);
    return { ...this.state(), values: null, ...histogram.state() };
  }

  /** Buckets in ascending order, for histograms elsewhere. Values that are still exact are buckets without width. */
  buckets(): HistogramBucket[] {
    if (this.#histogram !== null) return [...this.#histogram.buckets()];
    if (this.#values === null) return [];
    return [...this.#values.slice(0, this.#count).sort()].map((value) => ({ from: value, to: value, count: 1 }));
  }

  /** Memory of the values. */
  get bytes(): number {
    return this.#histogram?.bytes ?? this.#values?.byteLength ?? 0;
  }
}
