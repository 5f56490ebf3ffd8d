// Folds the samples of this machine into reports. What has not been reported yet waits, folded: nothing grows with the time but the series.
import type { MetricDescription, MetricType } from '../metric.ts';
import { AS_DESCRIBED } from '../metric-registry.ts';
import { type FailureNote, type SampleBatch, type SeriesDescription, TRANSIENT_SERIES } from '../sample-batch.ts';
import { type Series, SeriesTable } from '../series-table.ts';
import type { SeriesDelta } from '../sinks/series-delta.ts';
import type { SampleReceiver } from '../sinks/sink.ts';
import { KEPT_VALUES, TrendSink } from '../sinks/trend-sink.ts';
import type { SampleReport } from './sample-report.ts';

/** What a series has taken in since the last report. */
class Window implements SampleReceiver {
  readonly metric: MetricDescription;
  readonly tags: Series['tags'];
  /** Its number in reports; null: it has not been described. */
  id: number | null = null;
  readonly #type: MetricType;
  readonly #onFirst: (window: Window) => void;
  #count = 0;
  #sum = 0;
  #passes = 0;
  #min = 0;
  #max = 0;
  #last = 0;
  #timeMs = Number.NEGATIVE_INFINITY;
  #trend: TrendSink | null = null;
  /** Samples of the whole run. */
  #seen = 0;

  constructor({ name, type, contains }: MetricDescription, tags: Series['tags'], onFirst: (window: Window) => void) {
    this.metric = { name, type, contains };
    this.tags = tags;
    this.#type = type;
    this.#onFirst = onFirst;
  }

  add(value: number, time: number): void {
    if (this.#count++ === 0) this.#begin(value);
    switch (this.#type) {
      case 'counter':
        this.#sum += value;
        return;
      case 'rate':
        if (value !== 0) this.#passes++;
        return;
      case 'trend':
        this.#trend!.add(value);
        return;
      case 'gauge':
        if (value < this.#min) this.#min = value;
        if (value > this.#max) this.#max = value;
        if (time < this.#timeMs) return;
        this.#last = value;
        this.#timeMs = time;
    }
  }

  #begin(value: number): void {
    this.#onFirst(this);
    this.#min = this.#max = value;
    if (this.#type === 'trend') this.#trend = new TrendSink();
  }

  /** Empties the window. @param shiftMs from the clock of this machine to the one of the report */
  take(shiftMs: number): SeriesDelta {
    const count = this.#count;
    this.#seen += count;
    const delta = this.#read(count, shiftMs);
    this.#count = this.#sum = this.#passes = 0;
    this.#timeMs = Number.NEGATIVE_INFINITY;
    this.#trend = null;
    return delta;
  }

  #read(count: number, shiftMs: number): SeriesDelta {
    switch (this.#type) {
      case 'counter':
        return { type: 'counter', count, sum: this.#sum };
      case 'rate':
        return { type: 'rate', count, passes: this.#passes };
      case 'gauge':
        return {
          type: 'gauge',
          count,
          last: this.#last,
          min: this.#min,
          max: this.#max,
          timeMs: this.#timeMs + shiftMs,
        };
      case 'trend': {
        // Whoever folds all series keeps values as long as these are few: so do we, over the whole run.
        const trend = this.#trend!;
        return { type: 'trend', ...(this.#seen <= KEPT_VALUES ? trend.state() : trend.bucketState()) };
      }
    }
  }
}

export class ReportWriter {
  readonly #table: SeriesTable<Window>;
  #open: Window[] = [];
  #notes: FailureNote[] = [];
  readonly #noted = new Set<string>();
  readonly #kept: number;
  #series = 0;
  #sinceMs: number | null = null;

  /** @param kept series whose numbers hold from report to report */
  constructor(kept = TRANSIENT_SERIES) {
    this.#kept = kept;
    this.#table = new SeriesTable({
      registry: AS_DESCRIBED,
      findReceivers: ({ metric, tags }) => [new Window(metric, tags, (window) => void this.#open.push(window))],
    });
  }

  /** @param source which thread's series the batch speaks of */
  add(batch: SampleBatch, source: number): void {
    this.#table.absorb(batch, source);
    for (const note of batch.notes ?? []) this.#note(note);
    const series = this.#table.of(source);
    const { ids, values, times, count } = batch;
    if (count > 0) this.#sinceMs ??= times[0];
    for (let index = 0; index < count; index++) series[ids[index]].receivers[0].add(values[index], times[index]);
  }

  get isEmpty(): boolean {
    return this.#open.length === 0 && this.#notes.length === 0;
  }

  /**
   * Takes out what was measured since the last time.
   * @param nowMs ms since the epoch, by this machine's clock
   * @param shiftMs from the clock of this machine to the one of the report
   * @param most series in one report
   * @returns reports that together hold all of it
   */
  cut(nowMs: number, shiftMs: number, most: number): SampleReport[] {
    const timeMs = ((this.#sinceMs ?? nowMs) + nowMs) / 2 + shiftMs;
    const reports: SampleReport[] = [];
    for (let from = 0; from < this.#open.length || reports.length === 0; from += most) {
      const windows = this.#open.slice(from, from + most);
      const series = this.#describe(windows);
      const deltas = windows.map((window) => ({ id: window.id!, delta: window.take(shiftMs) }));
      reports.push({ series, deltas, notes: from === 0 ? this.#notes : [], timeMs });
    }
    this.#open = [];
    this.#notes = [];
    this.#sinceMs = null;
    return reports;
  }

  /** Threads keep a few of each code whole; those without an exchange are all alike. */
  #note(note: FailureNote): void {
    if (note.sample !== undefined) {
      this.#notes.push(note);
      return;
    }
    const key = `${note.protocol} ${note.code}`;
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#notes.push(note);
  }

  /** Gives numbers to series that have none, or had one for an earlier report only. */
  #describe(windows: readonly Window[]): SeriesDescription[] {
    let transient = TRANSIENT_SERIES;
    return windows.flatMap((window) => {
      if (window.id !== null && window.id < TRANSIENT_SERIES) return [];
      window.id = this.#series < this.#kept ? this.#series++ : transient++;
      return [{ id: window.id, metric: window.metric, tags: window.tags.flat() }];
    });
  }
}
