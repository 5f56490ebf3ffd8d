import { type SeriesDelta, sumOfDelta } from './series-delta.ts';

/** The sum of all values. */
export class CounterSink {
  readonly type = 'counter';
  #count = 0;
  #isEmpty = true;

  add(value: number): void {
    this.#count += value;
    this.#isEmpty = false;
  }

  addMany(values: Float64Array, _times: Float64Array, from: number, to: number): void {
    let count = this.#count;
    for (let index = from; index < to; index++) count += values[index];
    this.#count = count;
    this.#isEmpty = false;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }
  get count(): number {
    return this.#count;
  }

  /** Per second. @param durationMs how long the run has lasted @returns 0 for a run without duration */
  rate(durationMs: number): number {
    return durationMs > 0 ? this.#count / (durationMs / 1000) : 0;
  }

  merge(other: CounterSink): void {
    if (other.isEmpty) return;
    this.add(other.count);
  }

  mergeDelta(delta: SeriesDelta): void {
    this.add(sumOfDelta(delta));
  }
}
