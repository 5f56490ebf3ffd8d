// The WriteRequest of remote write 1.0 (prometheus/prompb/remote.proto and types.proto), by the numbers of its fields.
import type { MetricDescription } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import { TrendSink } from '../../metrics/sinks/trend-sink.ts';
import { trendStat } from '../../metrics/sinks/trend-stat.ts';
import type { ExponentialHistogram } from '../exponential-histogram.ts';
import { ProtobufWriter } from '../protobuf-writer.ts';
import type { SeriesSink } from '../series-sinks.ts';
import { writeHistogram } from './native-histogram.ts';
import type { PrometheusSettings } from './prometheus-settings.ts';
import { STALE_NAN } from './stale-nan.ts';

export type PrometheusTrend = TrendSink | ExponentialHistogram;
type Entry = SeriesSink<PrometheusTrend>;
type Label = readonly [name: string, value: string];

const PREFIX = 'k6_';

/** @returns what Prometheus takes for a label's name */
function toLabelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** Times go out in seconds. */
function toBaseUnit(value: number, { contains }: Pick<MetricDescription, 'contains'>): number {
  return contains === 'time' ? value / 1000 : value;
}

/** `p(99.9)` → `p99_9` */
function toSuffix(stat: string): string {
  return stat.replace(/[()\s]/g, '').replace('.', '_');
}

/** @returns labels sorted by name, without empty ones; of two tags whose names become one the first */
function toLabels(name: string, tags: Series['tags']): readonly Label[] {
  const labels = new Map<string, string>([['__name__', name]]);
  for (const [key, value] of tags) {
    const label = toLabelName(key);
    if (label !== '' && value !== '' && !labels.has(label)) labels.set(label, value);
  }
  return [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
}

export class WriteRequest {
  readonly #writer = new ProtobufWriter();
  readonly #stats: readonly {
    readonly suffix: string;
    readonly of: (sink: TrendSink) => number;
    readonly isCount: boolean;
  }[];
  /** Made once for a series: what it is called is the greater part of its message. */
  readonly #labels = new WeakMap<object, Map<string, readonly Label[]>>();

  constructor({ trendStats }: Pick<PrometheusSettings, 'trendStats'>) {
    this.#stats = trendStats.map((stat) => ({
      suffix: toSuffix(stat),
      of: trendStat(stat)!,
      isCount: stat === 'count',
    }));
  }

  /**
   * @param now ms since the epoch
   * @param ends whether the series end here: each gets a stale marker in place of its value
   * @returns null: there is nothing to send
   */
  encode(entries: Iterable<Entry>, now: number, ends = false): Buffer | null {
    for (const entry of entries) this.#writeEntry(entry, now, ends);
    const body = this.#writer.finish();
    return body.length === 0 ? null : body;
  }

  #writeEntry(entry: Entry, now: number, ends: boolean): void {
    const { metric } = entry;
    switch (entry.type) {
      case 'counter':
        this.#writeSample(entry, 'total', entry.sink.count, now, ends);
        return;
      case 'gauge':
        this.#writeSample(entry, '', toBaseUnit(entry.sink.value, metric), now, ends);
        return;
      case 'rate':
        this.#writeSample(entry, 'rate', entry.sink.rate, now, ends);
        return;
      case 'trend': {
        const { sink } = entry;
        if (sink instanceof TrendSink) {
          for (const { suffix, of, isCount } of this.#stats)
            this.#writeSample(entry, suffix, isCount ? of(sink) : toBaseUnit(of(sink), metric), now, ends);
          return;
        }
        const unit = metric.contains === 'time' ? 'seconds' : metric.contains === 'data' ? 'bytes' : '';
        this.#writeSeries(entry, unit, () =>
          this.#writer.message(4, () => writeHistogram(this.#writer, sink, now, ends)),
        );
        return;
      }
    }
  }

  #writeSample(entry: Entry, suffix: string, value: number, now: number, ends: boolean): void {
    const writer = this.#writer;
    this.#writeSeries(entry, suffix, () =>
      writer.message(2, () => {
        if (ends) writer.fixed64(1, STALE_NAN);
        else writer.double(1, value);
        writer.integer(2, now);
      }),
    );
  }

  #writeSeries(entry: Entry, suffix: string, writeValue: () => void): void {
    const writer = this.#writer;
    writer.message(1, () => {
      for (const [name, value] of this.#labelsOf(entry, suffix)) {
        writer.message(1, () => {
          writer.text(1, name);
          writer.text(2, value);
        });
      }
      writeValue();
    });
  }

  #labelsOf({ metric, tags, sink }: Entry, suffix: string): readonly Label[] {
    let known = this.#labels.get(sink);
    if (known === undefined) this.#labels.set(sink, (known = new Map()));
    let labels = known.get(suffix);
    if (labels === undefined) {
      labels = toLabels(`${PREFIX}${metric.name}${suffix === '' ? '' : `_${suffix}`}`, tags);
      known.set(suffix, labels);
    }
    return labels;
  }
}
