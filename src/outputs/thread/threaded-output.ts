// An output to a server as the run sees it: its work is done on the thread of the outputs.
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Series } from '../../metrics/series-table.ts';
import { formatDuration } from '../../options/duration.ts';
import type { Output, OutputContext } from '../output.ts';
import { OutputError } from '../output-error.ts';
import type { ServerSpec } from './outputs-protocol.ts';
import type { OutputsThread } from './outputs-thread.ts';
import type { JudgedThreshold } from './server-output.ts';
import { SharedOutputsThread } from './shared-outputs-thread.ts';

/** What an output to a server needs of its run. */
type ThreadedContext = Pick<OutputContext, 'thread' | 'warn'> & {
  readonly engine: Pick<OutputContext['engine'], 'observed' | 'thresholdsOf' | 'countsFailedIterations'>;
};

export class ThreadedOutput implements Output {
  readonly description: string;
  readonly spec: ServerSpec;
  readonly #shared: SharedOutputsThread;
  readonly #engine: ThreadedContext['engine'];
  readonly #warn: (message: string) => void;
  #thread: OutputsThread | null = null;
  #stopped: Promise<string | null> | null = null;

  /** @param description as the announcement shows it: no credentials */
  constructor(spec: ServerSpec, description: string, { thread, warn, engine }: ThreadedContext) {
    this.spec = spec;
    this.description = description;
    this.#shared = thread ?? new SharedOutputsThread();
    this.#engine = engine;
    this.#warn = warn ?? (() => {});
  }

  async start(): Promise<void> {
    const thread = this.#shared.get();
    const { stopped } = await thread.start(this.spec, this.#engine.countsFailedIterations, (reason) =>
      this.#warn(
        reason === null
          ? `the output ${this.description} works again`
          : `the output ${this.description}: ${reason}; the test goes on`,
      ),
    );
    this.#thread = thread;
    this.#stopped = stopped;
  }

  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    this.#thread?.addBatch(batch, series);
  }

  async stop(): Promise<void> {
    this.#thread?.stop(judgedThresholds(this.#engine));
    const loss = (await this.#stopped) ?? null;
    if (loss !== null) throw new OutputError(loss);
  }
}

function judgedThresholds(engine: ThreadedContext['engine']): JudgedThreshold[] {
  return engine.observed().flatMap(({ key, metric, selector, thresholds }) => {
    const definitions = engine.thresholdsOf(key);
    return thresholds.map(({ source, ok }, place) => ({
      metric: metric.name,
      tags: Object.fromEntries(selector.tags),
      source,
      abortOnFail: definitions[place]!.abortOnFail,
      delayAbortEval: formatDuration(definitions[place]!.delayAbortEvalMs),
      failed: !ok,
    }));
  });
}
