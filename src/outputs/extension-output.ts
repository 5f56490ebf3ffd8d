// An output that a package gives (docs/extensions.md).
import type { ExtensionOutput, OutputTarget, Sample } from '../extension/api.ts';
import { ExtensionError, type ExtensionPlace } from '../extension/find-extension.ts';
import { loadExtension } from '../extension/load-extension.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';
import type { Output, OutputContext } from './output.ts';
import { OutputError } from './output-error.ts';

export class PackagedOutput implements Output {
  readonly description: string;
  readonly #place: ExtensionPlace;
  readonly #argument: string;
  readonly #env: OutputContext['env'];
  readonly #tags = new WeakMap<Series, Readonly<Record<string, string>>>();
  #target: OutputTarget | null = null;
  /** The first failure: what comes after it is lost, and the run says so. */
  #failure: Error | null = null;

  constructor(place: ExtensionPlace, argument: string, { env }: OutputContext) {
    this.#place = place;
    this.#argument = argument;
    this.#env = env;
    this.description = `${place.name} (${place.packageName} ${place.version})`;
  }

  async start(): Promise<void> {
    try {
      const extension = await loadExtension<ExtensionOutput>(this.#place);
      this.#target = await extension.create({ argument: this.#argument, env: this.#env });
    } catch (error) {
      throw error instanceof ExtensionError ? new OutputError(error.message, { cause: error }) : this.#explain(error);
    }
  }

  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    if (this.#target === null || this.#failure !== null) return;
    const samples: Sample[] = [];
    for (let i = 0; i < batch.count; i++) {
      const one = series[batch.ids[i]!]!;
      const { name, type, contains } = one.metric;
      samples.push({
        metric: name,
        type,
        contains,
        value: batch.values[i]!,
        time: batch.times[i]!,
        tags: this.#tagsOf(one),
      });
    }
    try {
      this.#target.addSamples(samples);
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#target?.stop();
    } catch (error) {
      this.#failure ??= error as Error;
    }
    if (this.#failure !== null) throw this.#explain(this.#failure);
  }

  /** Made once for a series, and frozen: all of its samples share it. */
  #tagsOf(series: Series): Readonly<Record<string, string>> {
    let tags = this.#tags.get(series);
    if (tags === undefined) this.#tags.set(series, (tags = Object.freeze(Object.fromEntries(series.tags))));
    return tags;
  }

  #explain(error: unknown): OutputError {
    return new OutputError(`the output ${this.description}: ${(error as Error).message}`, { cause: error });
  }
}
