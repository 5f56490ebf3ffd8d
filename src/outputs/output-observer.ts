// A destination of samples as an observer of a run: made once the options are known, fed with each batch, closed when the load is over.
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';
import type { RunObserver, RunPlan } from '../run/run-observer.ts';
import { createOutput } from './create-outputs.ts';
import type { Output, OutputContext } from './output.ts';

/** What the outputs of a run have in common. */
type RunContext = Omit<OutputContext, 'systemTags' | 'engine' | 'features'>;

export class OutputObserver implements RunObserver {
  readonly #specification: string;
  readonly #context: RunContext;
  #output: Output | null = null;

  /** @param specification as `--out` takes it: `type[=argument]` */
  constructor(specification: string, context: RunContext) {
    this.#specification = specification;
    this.#context = context;
  }

  /** As the announcement of a run shows it. */
  get description(): string {
    return this.#output?.description ?? this.#specification;
  }

  /** As {@link Output.spec}, once it is ready. */
  get spec(): Output['spec'] {
    return this.#output?.spec;
  }

  get name(): string {
    return `the output ${this.description}`;
  }

  async onReady({ options, engine, features }: RunPlan): Promise<void> {
    this.#output = createOutput(this.#specification, {
      ...this.#context,
      systemTags: options.systemTags,
      engine,
      features,
    });
    await this.#output.start();
  }

  onBatch(batch: SampleBatch, series: readonly Series[]): void {
    this.#output?.addBatch(batch, series);
  }

  async onDrain(): Promise<void> {
    await this.#output?.stop();
  }
}
