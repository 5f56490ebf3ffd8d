// The series that a thread has described to us, by the numbers it gave them.
import type { SampleBatch, SeriesDescription } from './sample-batch.ts';

export class SeriesTable {
  readonly #series: SeriesDescription[] = [];

  /** Takes in what a batch describes. Batches of one thread must come in their order. */
  learn(batch: SampleBatch): void {
    for (const series of batch.series) this.#series[series.id] = series;
  }

  get(id: number): SeriesDescription {
    return this.#series[id];
  }

  get size(): number {
    return this.#series.length;
  }
}
