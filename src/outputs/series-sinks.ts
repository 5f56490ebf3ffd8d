// What an output keeps per series that sends totals instead of samples: a sink for each combination of metric and tags.
import { FAILED_ITERATIONS } from '../metrics/built-in.ts';
import type { MetricDescription } from '../metrics/metric.ts';
import type { Series } from '../metrics/series-table.ts';
import { CounterSink } from '../metrics/sinks/counter-sink.ts';
import { GaugeSink } from '../metrics/sinks/gauge-sink.ts';
import { RateSink } from '../metrics/sinks/rate-sink.ts';
import { ShareSink } from '../metrics/sinks/share-sink.ts';
import type { SampleReceiver } from '../metrics/sinks/sink.ts';

/** Series that are kept; more would fill the memory, and no server likes them. */
const MOST_SERIES = 100_000;

/** What a trend is folded into is the output's own. */
export type SinkOf<T> =
  | { readonly type: 'counter'; readonly sink: CounterSink }
  | { readonly type: 'gauge'; readonly sink: GaugeSink }
  | { readonly type: 'rate'; readonly sink: RateSink }
  | { readonly type: 'trend'; readonly sink: T };

export type SeriesSink<T> = SinkOf<T> & {
  readonly metric: MetricDescription;
  readonly tags: Series['tags'];
};

export class SeriesSinks<T extends SampleReceiver & { readonly isEmpty: boolean }> {
  readonly #createTrend: (metric: MetricDescription) => T;
  readonly #countsFailedIterations: boolean;
  readonly #most: number;
  readonly #entries = new Map<string, SeriesSink<T>>();
  #lost = 0;
  readonly #overLimit: SampleReceiver = { add: () => void this.#lost++ };

  /** @param countsFailedIterations whether `iterations_failed` is ours: a share of the samples of `iterations` */
  constructor(createTrend: (metric: MetricDescription) => T, countsFailedIterations: boolean, most = MOST_SERIES) {
    this.#createTrend = createTrend;
    this.#countsFailedIterations = countsFailedIterations;
    this.#most = most;
  }

  /** Samples of series over the limit, a sentence; null: there are none. */
  get loss(): string | null {
    return this.#lost === 0 ? null : `${this.#lost} samples belong to more than ${this.#most} series and were left out`;
  }

  /** Where the samples of a series go. */
  receiversFor(metric: MetricDescription, tags: Series['tags']): SampleReceiver[] {
    const receivers: SampleReceiver[] = [this.#find(metric, tags)?.sink ?? this.#overLimit];
    if (metric.name === 'iterations' && this.#countsFailedIterations) {
      const share = this.#find({ name: FAILED_ITERATIONS, type: 'rate', contains: 'default' }, tags)?.sink;
      if (share instanceof ShareSink) receivers.push(share.whole);
    }
    return receivers;
  }

  /** Those that have something to say; that no iteration failed is not said, as k6 does not. */
  *all(): Generator<SeriesSink<T>> {
    for (const entry of this.#entries.values()) {
      const isSilent = entry.sink instanceof ShareSink ? entry.sink.passes === 0 : entry.sink.isEmpty;
      if (!isSilent) yield entry;
    }
  }

  #find(metric: MetricDescription, tags: Series['tags']): SeriesSink<T> | null {
    // No text but that of JSON tells where one value ends: a tag may hold whatever a server has said.
    const key = JSON.stringify([metric.name, tags]);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#most) return null;
    const entry = { ...this.#create(metric), metric, tags };
    this.#entries.set(key, entry);
    return entry;
  }

  #create(metric: MetricDescription): SinkOf<T> {
    switch (metric.type) {
      case 'counter':
        return { type: 'counter', sink: new CounterSink() };
      case 'gauge':
        return { type: 'gauge', sink: new GaugeSink() };
      case 'rate':
        return {
          type: 'rate',
          sink: metric.name === FAILED_ITERATIONS && this.#countsFailedIterations ? new ShareSink() : new RateSink(),
        };
      case 'trend':
        return { type: 'trend', sink: this.#createTrend(metric) };
    }
  }
}
