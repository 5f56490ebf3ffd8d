// Collects a thread's samples in columns. Adding one allocates nothing: it is three stores and a look-up.
import type { Metric } from './metric.ts';
import type { SampleBatch, SeriesDescription } from './sample-batch.ts';
import type { TagSet } from './tag-set.ts';

const CAPACITY = 8192;

export class SampleWriter {
  readonly #flush: (batch: SampleBatch) => void;
  readonly #capacity: number;
  #ids: Uint32Array<ArrayBuffer>;
  #values: Float64Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #count = 0;
  #newSeries: SeriesDescription[] = [];
  #seriesCount = 0;

  /**
   * @param flush gets each batch, and its columns for good
   * @param capacity samples after which a batch is handed over by itself
   */
  constructor(flush: (batch: SampleBatch) => void, capacity = CAPACITY) {
    this.#flush = flush;
    this.#capacity = capacity;
    this.#ids = new Uint32Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#times = new Float64Array(capacity);
  }

  /** @param timeMs epoch milliseconds */
  add(metric: Metric, tags: TagSet, value: number, timeMs: number): void {
    if (tags.seriesOwner !== this) {
      tags.seriesOwner = this;
      tags.series = [];
    }
    const id = tags.series[metric.id] ?? this.#describe(metric, tags);
    const at = this.#count++;
    this.#ids[at] = id;
    this.#values[at] = value;
    this.#times[at] = timeMs;
    if (this.#count === this.#capacity) this.flush();
  }

  /** Hands over what there is. */
  flush(): void {
    if (this.#count === 0) return;
    const batch: SampleBatch = {
      series: this.#newSeries,
      count: this.#count,
      // A few samples are copied; a full batch is handed over as it is.
      ids: this.#count * 2 < this.#capacity ? this.#ids.slice(0, this.#count) : this.#ids,
      values: this.#count * 2 < this.#capacity ? this.#values.slice(0, this.#count) : this.#values,
      times: this.#count * 2 < this.#capacity ? this.#times.slice(0, this.#count) : this.#times,
    };
    if (batch.ids === this.#ids) {
      this.#ids = new Uint32Array(this.#capacity);
      this.#values = new Float64Array(this.#capacity);
      this.#times = new Float64Array(this.#capacity);
    }
    this.#newSeries = [];
    this.#count = 0;
    this.#flush(batch);
  }

  #describe(metric: Metric, tags: TagSet): number {
    const id = this.#seriesCount++;
    // Filled up to the metric's place, so that the array keeps no holes, which would make reading it slow.
    while (tags.series.length < metric.id) tags.series.push(undefined as never);
    tags.series[metric.id] = id;
    this.#newSeries.push({
      id,
      metric: metric.name,
      type: metric.type,
      contains: metric.contains,
      tags: tags.entries(),
      metadata: tags.metadata(),
    });
    return id;
  }
}
