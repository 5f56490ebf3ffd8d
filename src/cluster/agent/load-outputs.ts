// Where the samples of an agent's load go beside its reports: into files, which are handed over when the load is over, and to servers.
import { registerBuiltIns, registerFailedIterations } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import { MetricsEngine } from '../../metrics/metrics-engine.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Options } from '../../options/options.ts';
import { createOutput } from '../../outputs/create-outputs.ts';
import type { Output } from '../../outputs/output.ts';
import { OutputError } from '../../outputs/output-error.ts';
import { SharedOutputsThread } from '../../outputs/thread/shared-outputs-thread.ts';
import { ThreadedOutput } from '../../outputs/thread/threaded-output.ts';
import { TracesOutput } from '../../outputs/traces-output.ts';
import type { OutputPlan, SampleFile } from '../messages.ts';

export interface SampleFilePlace {
  readonly kind: SampleFile;
  /** Ends in `.gz`. */
  readonly path: string;
}

/** By which samples that servers get from several agents are told apart: two series with the same tags would be one. */
const AGENT_TAG = 'agent';

export interface LoadOutputsSettings {
  readonly files: readonly SampleFilePlace[];
  /** What people call the agent. */
  readonly agent: string;
  /** Hears of trouble while the test runs. */
  readonly warn: (message: string) => void;
}

export class LoadOutputs {
  readonly #settings: LoadOutputsSettings;
  #engine: MetricsEngine | null = null;
  #files: readonly Output[] = [];
  #servers: readonly ThreadedOutput[] = [];
  #traces: readonly TracesOutput[] = [];
  #drained: Promise<string[]> | null = null;

  constructor(settings: LoadOutputsSettings) {
    this.#settings = settings;
  }

  /**
   * The options are known.
   * @param metrics of the script
   * @param plans of outputs to servers
   * @throws OutputError where a file cannot be written, and where an output can never work
   */
  async open(
    options: Options,
    metrics: Parameters<MetricRegistry['defineAll']>[0],
    plans: readonly OutputPlan[],
  ): Promise<void> {
    const { files, warn } = this.#settings;
    if (this.#engine !== null || (files.length === 0 && plans.length === 0)) return;
    const registry = new MetricRegistry();
    registerBuiltIns(registry);
    registry.defineAll(metrics);
    const { thresholds, systemTags } = options;
    const failedIterations = registerFailedIterations(registry);
    // Two kinds of metrics of one name end the run where its reports come together.
    const onConflict = (): void => {};
    const engine = new MetricsEngine({ registry, failedIterations, thresholds, systemTags, onConflict });
    this.#files = files.map(({ kind, path }) =>
      createOutput(`${kind}=${kind === 'csv' ? `fileName=${path}` : path}`, { env: {}, systemTags, engine }),
    );
    const thread = new SharedOutputsThread();
    // Whoever leads the test judges its thresholds.
    const judge = {
      observed: () => [],
      thresholdsOf: () => [],
      countsFailedIterations: engine.countsFailedIterations,
    };
    this.#servers = plans.flatMap(({ spec, description }) =>
      spec.kind === 'traces' ? [] : [new ThreadedOutput(spec, description, { thread, warn, engine: judge })],
    );
    this.#traces = plans.flatMap(({ spec }) =>
      spec.kind === 'traces' ? [new TracesOutput(spec.settings, thread, warn)] : [],
    );
    for (const output of [...this.#files, ...this.#servers]) await output.start();
    for (const traces of this.#traces) await traces.onReady();
    this.#engine = engine;
  }

  /**
   * @param thread whose series the batch speaks of
   * @param addMs makes the coordinator's time of this machine's
   */
  add(batch: SampleBatch, thread: number, addMs: number): void {
    const engine = this.#engine;
    if (engine === null) return;
    engine.ingest(batch, thread);
    const series = engine.series.of(thread);
    for (const output of this.#files) output.addBatch(batch, series);
    if (this.#servers.length === 0 && this.#traces.length === 0) return;
    const signed = this.#sign(batch, addMs);
    for (const output of this.#servers) output.addBatch(signed, series);
    for (const traces of this.#traces) traces.onBatch(signed);
  }

  /** @returns the batch as it is to be told from that of another agent, in the time of all of them */
  #sign(batch: SampleBatch, addMs: number): SampleBatch {
    const { series, times, spans } = batch;
    return {
      ...batch,
      series: series.map((one) => ({ ...one, tags: [...withoutAgent(one.tags), AGENT_TAG, this.#settings.agent] })),
      times: times.map((time) => time + addMs),
      ...(spans && { spans: { ...spans, times: spans.times.map((time) => time + addMs) } }),
    };
  }

  /** Has servers get the rest, once. @returns what was lost, a sentence each */
  drain(): Promise<string[]> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  #drain(): Promise<string[]> {
    return lossesOf([
      ...this.#servers.map((output) => ({ prefix: `${output.description}: `, end: () => output.stop() })),
      ...this.#traces.map((output) => ({ prefix: `${output.description}: `, end: () => output.onDrain() })),
    ]);
  }

  /**
   * The load is over: files are whole, and servers have the rest.
   * @throws OutputError where something was lost that {@link drain} has told nobody
   */
  async close(): Promise<void> {
    const isTold = this.#drained !== null;
    const ofServers = await this.drain();
    const files = this.#files;
    this.#files = [];
    // What is said of a file names it.
    const ofFiles = await lossesOf(files.map((output) => ({ prefix: '', end: () => output.stop() })));
    const losses = [...(isTold ? [] : ofServers), ...ofFiles];
    if (losses.length > 0) throw new OutputError(losses.join('; '));
  }
}

/** Ends outputs at once. @returns what was lost, a sentence each, behind the prefix of its output */
async function lossesOf(outputs: readonly { readonly prefix: string; end(): Promise<void> }[]): Promise<string[]> {
  const losses = await Promise.all(
    outputs.map(({ prefix, end }) =>
      end().then(
        () => null,
        (error: Error) => `${prefix}${error.message}`,
      ),
    ),
  );
  return losses.filter((loss) => loss !== null);
}

/** @param tags key, value, key, value… */
function withoutAgent(tags: readonly string[]): string[] {
  return tags.filter((_, index) => tags[index - (index % 2)] !== AGENT_TAG);
}
