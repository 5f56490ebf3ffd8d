import type { SeriesDelta } from './series-delta.ts';

/** The latest value, with the least and the greatest there were. */
export class GaugeSink {
  readonly type = 'gauge';
  #value = 0;
  #min = 0;
  #max = 0;
  #time = Number.NEGATIVE_INFINITY;

  /** @param time of the sample: batches of several threads do not come in order */
  add(value: number, time: number): void {
    if (this.#time === Number.NEGATIVE_INFINITY) {
      this.#min = value;
      this.#max = value;
    } else if (value < this.#min) this.#min = value;
    else if (value > this.#max) this.#max = value;
    if (time >= this.#time) {
      this.#value = value;
      this.#time = time;
    }
  }

  get isEmpty(): boolean {
    return this.#time === Number.NEGATIVE_INFINITY;
  }
  get value(): number {
    return this.#value;
  }
  get min(): number {
    return this.#min;
  }
  get max(): number {
    return this.#max;
  }

  merge(other: GaugeSink): void {
    if (other.isEmpty) return;
    this.add(other.#min, other.#time);
    this.add(other.#max, other.#time);
    this.add(other.#value, other.#time);
  }

  mergeDelta(delta: SeriesDelta): void {
    if (delta.type !== 'gauge') return;
    // A value that is not the latest stands aside where both have one time.
    for (const value of [delta.min, delta.max, delta.last]) this.add(value, delta.timeMs);
  }
}
