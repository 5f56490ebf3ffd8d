// What the thread of the outputs does with each message.
import { AS_DESCRIBED } from '../../metrics/metric-registry.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import { type Series, SeriesTable } from '../../metrics/series-table.ts';
import type { SampleReceiver } from '../../metrics/sinks/sink.ts';
import { sizeOfSpans } from '../../metrics/span-batch.ts';
import { createServerOutput } from './create-server-output.ts';
import { type FromOutputs, sizeOfBatch, type ToOutputs } from './outputs-protocol.ts';
import type { JudgedThreshold, ServerOutput } from './server-output.ts';

type StartMessage = Extract<ToOutputs, { type: 'start' }>;

export class OutputsSession {
  readonly #send: (message: FromOutputs) => void;
  readonly #outputs = new Map<number, ServerOutput>();
  readonly #series: SeriesTable;
  readonly #startedAt = Date.now();
  /** Whether any output folds samples. */
  #folds = false;

  constructor(send: (message: FromOutputs) => void) {
    this.#send = send;
    this.#series = new SeriesTable({
      registry: AS_DESCRIBED,
      findReceivers: ({ metric, tags }) => this.#findReceivers({ metric, tags }),
    });
  }

  take(message: ToOutputs): void {
    switch (message.type) {
      case 'start':
        void this.#start(message);
        return;
      case 'batch':
        this.#takeBatch(message.batch, message.source);
        this.#send({ type: 'taken', bytes: sizeOfBatch(message.batch) });
        return;
      case 'spans':
        for (const output of this.#outputs.values()) output.addSpans?.(message.spans);
        this.#send({ type: 'taken', bytes: sizeOfSpans(message.spans) });
        return;
      case 'stop':
        for (const [number, output] of this.#outputs) void this.#stop(number, output, message.thresholds);
        return;
    }
  }

  async #start({ output: number, spec, countsFailedIterations }: StartMessage): Promise<void> {
    try {
      const output = await createServerOutput(spec, {
        startedAt: this.#startedAt,
        countsFailedIterations,
        onTrouble: (reason) => this.#send({ type: 'trouble', output: number, reason }),
      });
      await output.start();
      this.#outputs.set(number, output);
      this.#folds ||= output.receiversFor !== undefined;
      this.#send({ type: 'started', output: number, problem: null });
    } catch (error) {
      this.#send({ type: 'started', output: number, problem: (error as Error).message });
    }
  }

  async #stop(number: number, output: ServerOutput, thresholds: readonly JudgedThreshold[]): Promise<void> {
    const loss = await output.stop(thresholds).catch((error: unknown) => (error as Error).message);
    this.#send({ type: 'stopped', output: number, loss });
  }

  #takeBatch(batch: SampleBatch, source: number): void {
    this.#series.absorb(batch, source);
    const series = this.#series.of(source);
    for (const output of this.#outputs.values()) output.addBatch?.(batch, series);
    if (!this.#folds) return;
    const { ids, values, times, count } = batch;
    for (let index = 0; index < count; index++) {
      for (const receiver of series[ids[index]].receivers) receiver.add(values[index], times[index]);
    }
  }

  #findReceivers({ metric, tags }: Pick<Series, 'metric' | 'tags'>): SampleReceiver[] {
    return [...this.#outputs.values()].flatMap((output) => output.receiversFor?.(metric, tags) ?? []);
  }
}
