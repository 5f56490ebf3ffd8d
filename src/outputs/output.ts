// What every destination of samples is.
import type { MetricsEngine } from '../metrics/metrics-engine.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';
import type { ServerSpec } from './thread/outputs-protocol.ts';
import type { SharedOutputsThread } from './thread/shared-outputs-thread.ts';

export interface Output {
  /** As the announcement of a run shows it: `json (samples.json)`. */
  readonly description: string;
  /** What it is made from where it sends to a server: other machines can send there too. Missing: it does not. */
  readonly spec?: ServerSpec;
  /** @throws OutputError where it cannot be written to */
  start(): Promise<void>;
  /**
   * Takes in a batch at once; writing may come later.
   *
   * @param series of the batch's own thread, by the numbers that the batch uses: `engine.series.of(source)`, once the engine
   *   has ingested the batch
   */
  addBatch(batch: SampleBatch, series: readonly Series[]): void;
  /** Writes what is left. @throws OutputError where something was lost */
  stop(): Promise<void>;
}

/** What outputs are made from. */
export interface OutputContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those that are on. */
  readonly systemTags: readonly string[];
  /** Knows the thresholds of metrics. */
  readonly engine: Pick<MetricsEngine, 'thresholdsOf' | 'submetricsOf' | 'observed' | 'countsFailedIterations'>;
  /** Where packages that give outputs are looked for, upwards: the script's; missing: the one that the program runs in. */
  readonly folder?: string;
  /** What the history calls the run; missing: it has no name. */
  readonly runId?: string;
  /** For a destination `-`; missing: standard output. */
  readonly writeStdout?: (text: string) => void;
  /** k6's feature flags that are on. */
  readonly features?: readonly string[];
  /** `collectors` of the config file, by type of output. */
  readonly collectors?: Readonly<Record<string, unknown>>;
  /** Shared by the outputs of a run that send to servers; missing: one of its own. */
  readonly thread?: SharedOutputsThread;
  /** Hears of trouble while the test runs. */
  readonly warn?: (message: string) => void;
}
