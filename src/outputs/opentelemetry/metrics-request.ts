// ExportMetricsServiceRequest of OTLP 1 (opentelemetry/proto/metrics/v1/metrics.proto), by the numbers of its fields.
import type { MetricContains } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import type { Buckets, ExponentialHistogram } from '../exponential-histogram.ts';
import { ProtobufWriter } from '../protobuf-writer.ts';
import type { SeriesSink } from '../series-sinks.ts';
import { DEFAULT_BOUNDS, type ExplicitHistogram } from './explicit-histogram.ts';
import type { OtelSettings } from './otel-settings.ts';
import { writeAttribute, writeResource } from './otlp-fields.ts';

export type TrendHistogram = ExplicitHistogram | ExponentialHistogram;
type Entry = SeriesSink<TrendHistogram>;

const CUMULATIVE = 2;
/** Field numbers of Metric.data, and those of the attributes of their points. */
const GAUGE = 5;
const SUM = 7;
const HISTOGRAM = 9;
const EXPONENTIAL = 10;
const NUMBER_ATTRIBUTES = 7;
const HISTOGRAM_ATTRIBUTES = 9;
const EXPONENTIAL_ATTRIBUTES = 1;

/** The condition of a rate's samples, as k6 names it. */
const CONDITION = 'condition';

function unitOf(contains: MetricContains): string {
  return contains === 'time' ? 'ms' : contains === 'data' ? 'By' : '';
}

export class MetricsRequest {
  readonly #settings: OtelSettings;
  readonly #start: bigint;
  readonly #writer = new ProtobufWriter();

  /** @param startedAt ms since the epoch: from when on totals count */
  constructor(settings: OtelSettings, startedAt: number) {
    this.#settings = settings;
    this.#start = BigInt(startedAt) * 1_000_000n;
  }

  /** @param now ms since the epoch @returns the request; null: there is nothing to send */
  encode(entries: Iterable<Entry>, now: number): Buffer | null {
    const byMetric = Map.groupBy(entries, ({ metric }) => metric.name);
    if (byMetric.size === 0) return null;
    const time = BigInt(Math.floor(now)) * 1_000_000n;
    const writer = this.#writer;
    const { serviceName, serviceVersion, prefix } = this.#settings;
    writer.message(1, () => {
      writeResource(writer, serviceName, serviceVersion);
      writer.message(2, () => {
        writer.message(1, () => writer.text(1, 'k6'));
        for (const [name, series] of byMetric)
          writer.message(2, () => this.#writeMetric(`${prefix}${name}`, series, time));
      });
    });
    return writer.finish();
  }

  #writeMetric(name: string, series: readonly Entry[], time: bigint): void {
    const writer = this.#writer;
    const { type, metric } = series[0]!;
    writer.text(1, type === 'rate' ? `${name}.total` : name);
    const unit = unitOf(metric.contains);
    if (unit !== '') writer.text(3, unit);
    const points = (): void => {
      for (const entry of series) this.#writePoints(entry, time);
    };
    switch (type) {
      case 'gauge':
        writer.message(GAUGE, points);
        return;
      case 'counter':
      case 'rate':
        writer.message(SUM, () => {
          points();
          writer.integer(2, CUMULATIVE);
          writer.integer(3, 1);
        });
        return;
      case 'trend':
        writer.message(this.#settings.exponential ? EXPONENTIAL : HISTOGRAM, () => {
          points();
          writer.integer(2, CUMULATIVE);
        });
        return;
    }
  }

  #writePoints(entry: Entry, time: bigint): void {
    const { tags } = entry;
    switch (entry.type) {
      case 'counter':
        this.#writeNumber(tags, time, () => this.#writer.double(4, entry.sink.count));
        return;
      case 'gauge':
        this.#writeNumber(tags, time, () => this.#writer.double(4, entry.sink.value));
        return;
      case 'rate': {
        const { passes, fails } = entry.sink;
        for (const [condition, count] of [
          ['nonzero', passes],
          ['zero', fails],
        ] as const) {
          if (count > 0)
            this.#writeNumber([...tags, [CONDITION, condition]], time, () => this.#writer.fixed64(6, BigInt(count)));
        }
        return;
      }
      case 'trend':
        if (entry.sink.kind === 'explicit') this.#writeExplicit(entry.sink, tags, time);
        else this.#writeExponential(entry.sink, tags, time);
        return;
    }
  }

  #writeNumber(tags: Series['tags'], time: bigint, writeValue: () => void): void {
    const writer = this.#writer;
    writer.message(1, () => {
      this.#writeTimes(time);
      writeValue();
      this.#writeTags(NUMBER_ATTRIBUTES, tags);
    });
  }

  #writeExplicit({ count, sum, min, max, counts }: ExplicitHistogram, tags: Series['tags'], time: bigint): void {
    const writer = this.#writer;
    writer.message(1, () => {
      this.#writeTimes(time);
      writer.fixed64(4, BigInt(count));
      writer.double(5, sum);
      writer.packedFixed64(6, counts);
      writer.packedDouble(7, DEFAULT_BOUNDS);
      this.#writeTags(HISTOGRAM_ATTRIBUTES, tags);
      writer.double(11, min);
      writer.double(12, max);
    });
  }

  #writeExponential(histogram: ExponentialHistogram, tags: Series['tags'], time: bigint): void {
    const writer = this.#writer;
    writer.message(1, () => {
      this.#writeTags(EXPONENTIAL_ATTRIBUTES, tags);
      this.#writeTimes(time);
      writer.fixed64(4, BigInt(histogram.count));
      writer.double(5, histogram.sum);
      writer.signed(6, histogram.scale);
      writer.fixed64(7, BigInt(histogram.zeros));
      this.#writeBuckets(8, histogram.positive);
      this.#writeBuckets(9, histogram.negative);
      writer.double(12, histogram.min);
      writer.double(13, histogram.max);
    });
  }

  /** From the least used bucket to the greatest, without gaps. */
  #writeBuckets(field: number, buckets: Buckets): void {
    if (buckets.size === 0) return;
    const indices = [...buckets.keys()].sort((a, b) => a - b);
    const [first] = indices;
    const writer = this.#writer;
    writer.message(field, () => {
      writer.signed(1, first);
      writer.packedIntegers(
        2,
        Array.from({ length: indices.at(-1)! - first + 1 }, (_, place) => buckets.get(first + place) ?? 0),
      );
    });
  }

  #writeTimes(time: bigint): void {
    this.#writer.fixed64(2, this.#start);
    this.#writer.fixed64(3, time);
  }

  #writeTags(field: number, tags: Series['tags']): void {
    for (const [key, value] of tags) if (key !== '' && value !== '') writeAttribute(this.#writer, field, key, value);
  }
}
