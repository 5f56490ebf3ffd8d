// The contract between the main thread and the thread of the outputs.
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { SpanBatch } from '../../metrics/span-batch.ts';
import type { InfluxSettings } from '../influxdb/influx-settings.ts';
import type { KafkaSettings } from '../kafka/kafka-settings.ts';
import type { OtelSettings } from '../opentelemetry/otel-settings.ts';
import type { TracesSettings } from '../opentelemetry/traces-settings.ts';
import type { PrometheusSettings } from '../prometheus/prometheus-settings.ts';
import type { StatsdSettings } from '../statsd/statsd-settings.ts';
import type { TimescaleSettings } from '../timescaledb/timescale-settings.ts';
import type { JudgedThreshold } from './server-output.ts';

/** An output of the thread by its settings, which are plain data. */
export type ServerSpec =
  | { readonly kind: 'influxdb'; readonly settings: InfluxSettings }
  | { readonly kind: 'kafka'; readonly settings: KafkaSettings }
  | { readonly kind: 'opentelemetry'; readonly settings: OtelSettings }
  | { readonly kind: 'prometheus'; readonly settings: PrometheusSettings }
  | { readonly kind: 'statsd'; readonly settings: StatsdSettings }
  | { readonly kind: 'timescaledb'; readonly settings: TimescaleSettings }
  | { readonly kind: 'traces'; readonly settings: TracesSettings };

export type ToOutputs =
  | {
      readonly type: 'start';
      readonly output: number;
      readonly spec: ServerSpec;
      /** Whether `iterations_failed` is ours, and no metric of the script's own. */
      readonly countsFailedIterations: boolean;
    }
  /** @param source number of the thread that the batch is from: threads number their series each for themselves */
  | { readonly type: 'batch'; readonly source: number; readonly batch: SampleBatch }
  | { readonly type: 'spans'; readonly spans: SpanBatch }
  /** No samples come any more. */
  | { readonly type: 'stop'; readonly thresholds: readonly JudgedThreshold[] };

export type FromOutputs =
  | { readonly type: 'started'; readonly output: number; readonly problem: string | null }
  /** A batch has been encoded. */
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'trouble'; readonly output: number; readonly reason: string | null }
  | { readonly type: 'stopped'; readonly output: number; readonly loss: string | null };

/** What a batch takes while it is on its way, in octets, about. */
export function sizeOfBatch({ count, series, metadata }: SampleBatch): number {
  return count * 20 + series.length * 500 + (metadata ? count * 4 + metadata.sets.length * 100 : 0);
}
