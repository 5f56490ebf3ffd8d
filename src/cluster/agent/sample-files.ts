// Every sample of an agent's load, in files that its run asked for: they are handed over when the load is over.
import { registerBuiltIns, registerFailedIterations } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import { MetricsEngine } from '../../metrics/metrics-engine.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Options } from '../../options/options.ts';
import { createOutput } from '../../outputs/create-outputs.ts';
import type { Output } from '../../outputs/output.ts';
import type { SampleFile } from '../messages.ts';

export interface SampleFilePlace {
  readonly kind: SampleFile;
  /** Ends in `.gz`. */
  readonly path: string;
}

export class SampleFiles {
  readonly #places: readonly SampleFilePlace[];
  #engine: MetricsEngine | null = null;
  #outputs: readonly Output[] = [];

  constructor(places: readonly SampleFilePlace[]) {
    this.#places = places;
  }

  /**
   * The options are known.
   * @param metrics of the script
   * @throws OutputError where a file cannot be written
   */
  async open(options: Options, metrics: Parameters<MetricRegistry['defineAll']>[0]): Promise<void> {
    if (this.#places.length === 0 || this.#engine !== null) return;
    const registry = new MetricRegistry();
    registerBuiltIns(registry);
    registry.defineAll(metrics);
    const { thresholds, systemTags } = options;
    const failedIterations = registerFailedIterations(registry);
    const engine = new MetricsEngine({ registry, failedIterations, thresholds, systemTags });
    this.#outputs = this.#places.map(({ kind, path }) =>
      createOutput(`${kind}=${kind === 'csv' ? `fileName=${path}` : path}`, { env: {}, systemTags, engine }),
    );
    for (const output of this.#outputs) await output.start();
    this.#engine = engine;
  }

  /** @param thread whose series the batch speaks of */
  add(batch: SampleBatch, thread: number): void {
    const engine = this.#engine;
    if (engine === null) return;
    engine.ingest(batch, thread);
    for (const output of this.#outputs) output.addBatch(batch, engine.series.of(thread));
  }

  /** @throws OutputError where something was lost */
  async close(): Promise<void> {
    for (const output of this.#outputs) await output.stop();
    this.#outputs = [];
  }
}
