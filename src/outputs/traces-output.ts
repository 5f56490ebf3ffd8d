// `--traces-output`: spans of a run to a receiver of OTLP, from the thread of the outputs.
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { RunObserver } from '../run/run-observer.ts';
import { describeTraces, type TracesSettings } from './opentelemetry/traces-settings.ts';
import { OutputError } from './output-error.ts';
import type { ServerSpec } from './thread/outputs-protocol.ts';
import type { OutputsThread } from './thread/outputs-thread.ts';
import type { SharedOutputsThread } from './thread/shared-outputs-thread.ts';

export class TracesOutput implements RunObserver {
  readonly description: string;
  readonly spec: ServerSpec;
  readonly #shared: SharedOutputsThread;
  readonly #warn: (message: string) => void;
  #thread: OutputsThread | null = null;
  #stopped: Promise<string | null> | null = null;
  #lost = 0;

  constructor(settings: TracesSettings, shared: SharedOutputsThread, warn: (message: string) => void) {
    this.spec = { kind: 'traces', settings };
    this.description = describeTraces(settings);
    this.#shared = shared;
    this.#warn = warn;
  }

  get name(): string {
    return `the output ${this.description}`;
  }

  async onReady(): Promise<void> {
    const thread = this.#shared.get();
    const { stopped } = await thread.start(this.spec, false, (reason) =>
      this.#warn(reason === null ? `${this.name} works again` : `${this.name}: ${reason}; the test goes on`),
    );
    this.#thread = thread;
    this.#stopped = stopped;
  }

  onBatch({ spans }: SampleBatch): void {
    if (spans !== undefined && this.#thread?.addSpans(spans) === false) this.#lost += spans.count;
  }

  /** @throws OutputError where something was lost */
  async onDrain(): Promise<void> {
    this.#thread?.stop([]);
    const loss = (await this.#stopped) ?? null;
    const own = this.#lost > 0 ? `${this.#lost} spans came faster than they could be encoded` : null;
    const losses = [loss, own].filter((text) => text !== null);
    if (losses.length > 0) throw new OutputError(losses.join('; '));
  }
}
