import { RateSink } from './rate-sink.ts';
import { type SeriesDelta, sumOfDelta } from './series-delta.ts';

/** A rate whose own samples are a part, and that is told of the whole by the samples of another metric. */
export class ShareSink extends RateSink {
  #part = 0;
  #whole = 0;
  /** Takes in the samples of the whole. */
  readonly whole = {
    add: (value: number): void => {
      this.#whole += value;
    },
    mergeDelta: (delta: SeriesDelta): void => {
      this.#whole += sumOfDelta(delta);
    },
  };

  override add(): void {
    this.#part++;
  }

  override addMany(_values: Float64Array, _times: Float64Array, from: number, to: number): void {
    this.#part += to - from;
  }

  override mergeDelta(delta: SeriesDelta): void {
    this.#part += delta.count;
  }

  override get isEmpty(): boolean {
    return this.total === 0;
  }
  override get passes(): number {
    return this.#part;
  }
  override get fails(): number {
    return this.total - this.#part;
  }
  /** At least the part: what is in progress can have failed already. */
  override get total(): number {
    return Math.max(this.#part, this.#whole);
  }
  override get rate(): number {
    return this.total === 0 ? 0 : this.#part / this.total;
  }
}
