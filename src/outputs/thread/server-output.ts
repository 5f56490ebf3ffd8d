// What sends samples to a server: lives on the thread of the outputs, where encoding costs the test nothing.
import type { Metric } from '../../metrics/metric.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Series } from '../../metrics/series-table.ts';
import type { SampleReceiver } from '../../metrics/sinks/sink.ts';
import type { SpanBatch } from '../../metrics/span-batch.ts';

/** An output takes samples as they are (`addBatch`), or sinks of its own fold them (`receiversFor`), or it takes spans (`addSpans`). */
export interface ServerOutput {
  /** @throws OutputError where it can never work, before any load */
  start(): Promise<void>;
  addBatch?(batch: SampleBatch, series: readonly Series[]): void;
  addSpans?(spans: SpanBatch): void;
  /** Where the samples of a series go; called at least once for each. */
  receiversFor?(metric: Metric, tags: Series['tags']): SampleReceiver[];
  /** Sends the rest. @returns what was lost, a sentence; null: nothing */
  stop(thresholds: readonly JudgedThreshold[]): Promise<string | null>;
}

/** A threshold as it stands at the end. */
export interface JudgedThreshold {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly source: string;
  readonly abortOnFail: boolean;
  /** As the options write durations. */
  readonly delayAbortEval: string;
  readonly failed: boolean;
}

/** What a server's output has beside its settings. */
export interface ServerContext {
  /** Hears when sending begins to fail, and when it works again (null). */
  readonly onTrouble: (reason: string | null) => void;
  /** Of the test. */
  readonly startedAt: number;
  /** Whether `iterations_failed` is ours, and no metric of the script's own. */
  readonly countsFailedIterations: boolean;
}
