import { passesOfDelta, type SeriesDelta } from './series-delta.ts';

/** How many of the values were not zero. */
export class RateSink {
  readonly type = 'rate';
  #passes = 0;
  #total = 0;

  add(value: number): void {
    this.#total++;
    if (value !== 0) this.#passes++;
  }

  addMany(values: Float64Array, _times: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) if (values[index] !== 0) this.#passes++;
    this.#total += to - from;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }
  get passes(): number {
    return this.#passes;
  }
  get fails(): number {
    return this.#total - this.#passes;
  }
  get total(): number {
    return this.#total;
  }
  /** 0 to 1; 0 while there is no value. */
  get rate(): number {
    return this.#total === 0 ? 0 : this.#passes / this.#total;
  }

  merge(other: RateSink): void {
    this.#passes += other.#passes;
    this.#total += other.#total;
  }

  mergeDelta(delta: SeriesDelta): void {
    this.#passes += passesOfDelta(delta);
    this.#total += delta.count;
  }
}
