// What every destination of samples is.
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';

export interface Output {
  /** As the introduction of a run shows it: `json (samples.json)`. */
  readonly description: string;
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
  /** The expressions of a metric's thresholds. */
  readonly thresholdsOf: (metric: string) => readonly string[];
  /** Writes to standard output, for a destination `-`. */
  readonly writeStdout: (text: string) => void;
  /** `collectors` of the config file, by type of output. */
  readonly collectors?: Readonly<Record<string, unknown>>;
}

/** An output that cannot be made, started or written to. Ends the program with 255. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
