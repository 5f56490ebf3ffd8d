// Where a thread's samples are written down until they are handed on.
import type { Metric } from './metric.ts';
import {
  type FailureNote,
  type Protocol,
  type SampleBatch,
  type SeriesDescription,
  TRANSIENT_SERIES,
} from './sample-batch.ts';
import type { SpanBatch } from './span-batch.ts';
import type { TagSet } from './tag-set.ts';

const DEFAULT_CAPACITY = 16_384;
/** Examples of failures that a thread sends over its whole life. */
const MOST_NOTES = 1000;

type Metadata = NonNullable<TagSet['metadata']>;

export class SampleWriter {
  readonly #send: (batch: SampleBatch) => void;
  readonly #capacity: number;
  readonly #ids: Uint32Array;
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  /** Asked for at each flush: spans go out with the samples of their time. */
  takeSpans: (() => SpanBatch | undefined) | null = null;
  #count = 0;

  #nextSeries = 0;
  #newSeries: SeriesDescription[] = [];
  /** Whose ids end with this batch. */
  #transient: { tags: TagSet; metric: number }[] = [];

  #notes: FailureNote[] = [];
  readonly #noted = new Map<Protocol, Map<number, number>>();
  #allNoted = 0;

  #metadataIds: Uint32Array | null = null;
  #metadataSets: Metadata[] = [];
  #hasMetadata = false;

  /**
   * @param flush gets each batch, its columns its own to transfer
   * @param capacity samples after which a batch is sent without being asked for
   */
  constructor(flush: (batch: SampleBatch) => void, capacity: number = DEFAULT_CAPACITY) {
    this.#send = flush;
    this.#capacity = capacity;
    this.#ids = new Uint32Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#times = new Float64Array(capacity);
  }

  /**
   * Appends a sample; allocates nothing for a series that is known.
   *
   * @param time milliseconds since the epoch, with fractions
   */
  add(metric: Metric, tags: TagSet, value: number, time: number): void {
    const metricId = metric.id;
    const series = tags.series;
    let id = -1;
    if (tags.owner === this && metricId < series.length) id = series[metricId];
    if (id < 0) id = this.#findSeries(metric, tags);
    const count = this.#count;
    this.#ids[count] = id;
    this.#values[count] = value;
    this.#times[count] = time;
    this.#count = count + 1;
    if (count + 1 === this.#capacity) this.flush();
  }

  /**
   * Appends samples of several metrics that share tags and time, as {@link add} would one by one.
   *
   * @param values by the places of the metrics, of which the first `length` are meant
   */
  addRow(metrics: readonly Metric[], tags: TagSet, values: Float64Array, length: number, time: number): void {
    const start = this.#count;
    let done = 0;
    // What is unusual goes one by one: the tag set's first samples, metadata, a batch that fills up.
    if (tags.owner === this && start + length < this.#capacity) {
      const { series } = tags;
      for (; done < length; done++) {
        const metricId = metrics[done].id;
        const id = metricId < series.length ? series[metricId] : -1;
        if (id < 0) break;
        this.#ids[start + done] = id;
        this.#values[start + done] = values[done];
        this.#times[start + done] = time;
      }
      this.#count = start + done;
    }
    for (; done < length; done++) this.add(metrics[done], tags, values[done], time);
  }

  /** Whether a further example of a failure is wanted. @param most of a code */
  wantsNote(protocol: Protocol, code: number, most: number): boolean {
    return (this.#noted.get(protocol)?.get(code) ?? 0) < most && this.#allNoted < MOST_NOTES;
  }

  /** Keeps an example of a failure, beside the samples that count it. Ask {@link wantsNote} first. */
  note(note: FailureNote): void {
    const { protocol, code } = note;
    let codes = this.#noted.get(protocol);
    if (codes === undefined) this.#noted.set(protocol, (codes = new Map()));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#allNoted++;
    this.#notes.push(note);
  }

  /** Hands on what there is. */
  flush(): void {
    const count = this.#count;
    const spans = this.takeSpans?.();
    if (count === 0 && spans === undefined && this.#notes.length === 0) return;
    const batch: SampleBatch = {
      series: this.#newSeries,
      ids: this.#ids.slice(0, count),
      values: this.#values.slice(0, count),
      times: this.#times.slice(0, count),
      count,
      ...(this.#notes.length > 0 && { notes: this.#notes }),
      ...(spans !== undefined && { spans }),
      ...(this.#hasMetadata && { metadata: { ids: this.#metadataIds!.slice(0, count), sets: this.#metadataSets } }),
    };
    this.#count = 0;
    this.#newSeries = [];
    if (this.#notes.length > 0) this.#notes = [];
    this.#forgetTransient();
    if (this.#hasMetadata) {
      this.#metadataIds!.fill(0);
      this.#metadataSets = [];
      this.#hasMetadata = false;
    }
    this.#send(batch);
  }

  #forgetTransient(): void {
    if (this.#transient.length === 0) return;
    for (const { tags, metric } of this.#transient) if (tags.owner === this) tags.series[metric] = -1;
    this.#transient = [];
    this.#nextSeries = TRANSIENT_SERIES;
  }

  #findSeries(metric: Metric, tags: TagSet): number {
    if (tags.metadata !== null) {
      this.#noteMetadata(tags.metadata);
      return this.#findSeries(metric, tags.base);
    }
    if (tags.owner !== this) {
      // Only a thread with several writers comes here more than once per set: the set is described to each anew.
      tags.owner = this;
      tags.series = [];
    }
    const series = tags.series;
    while (series.length <= metric.id) series.push(-1);
    if (series[metric.id] >= 0) return series[metric.id];
    const id = this.#nextSeries++;
    series[metric.id] = id;
    if (id >= TRANSIENT_SERIES) this.#transient.push({ tags, metric: metric.id });
    this.#newSeries.push({
      id,
      metric: { name: metric.name, type: metric.type, contains: metric.contains },
      tags: tags.entries().flat(),
    });
    return id;
  }

  #noteMetadata(metadata: Metadata): void {
    this.#metadataIds ??= new Uint32Array(this.#capacity);
    this.#hasMetadata = true;
    const sets = this.#metadataSets;
    // Consecutive samples of an iteration share the array.
    if (sets.at(-1) !== metadata) sets.push(metadata);
    this.#metadataIds[this.#count] = sets.length;
  }
}
