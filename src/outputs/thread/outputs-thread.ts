// The main thread's end of the thread of the outputs: hands batches over, and never waits for it while there is load.
import { Worker } from 'node:worker_threads';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Series } from '../../metrics/series-table.ts';
import { type SpanBatch, sizeOfSpans } from '../../metrics/span-batch.ts';
import { OutputError } from '../output-error.ts';
import { type FromOutputs, type ServerSpec, sizeOfBatch, type ToOutputs } from './outputs-protocol.ts';
import type { JudgedThreshold } from './server-output.ts';

/** Octets of batches that may be on their way. */
const MOST_ON_THE_WAY = 64 * 1024 * 1024;
/** How long the thread may take to say its last words once its outputs may have no more time of their own, in ms. */
const LAST_WORDS_MS = 45_000;

interface Listener {
  started(problem: string | null): void;
  trouble(reason: string | null): void;
  stopped(loss: string | null): void;
}

export class OutputsThread {
  readonly #worker: Worker;
  readonly #listeners: Listener[] = [];
  /** Numbers of the sources by the arrays of their series. */
  readonly #sources = new Map<readonly Series[], number>();
  #last: SampleBatch | null = null;
  #onTheWay = 0;
  /** Samples that were left out since the thread did not get on. */
  #lost = 0;
  #failure: string | null = null;
  #running = 0;
  #lastWords: NodeJS.Timeout | null = null;

  constructor() {
    this.#worker = new Worker(new URL('./outputs-worker.ts', import.meta.url), { name: 'outputs' });
    this.#worker.on('message', (message: FromOutputs) => this.#hear(message));
    this.#worker.on('error', (error: unknown) => this.#fail(`its thread broke: ${(error as Error).message}`));
    this.#worker.on('exit', () => this.#fail('its thread ended early'));
  }

  /**
   * Starts an output on the thread.
   * @param onTrouble hears when sending begins to fail, and when it works again (null)
   * @returns its end: resolves with what was lost once {@link stop} was called
   * @throws OutputError where it can never work
   */
  start(
    spec: ServerSpec,
    countsFailedIterations: boolean,
    onTrouble: (reason: string | null) => void,
  ): Promise<{ stopped: Promise<string | null> }> {
    return new Promise((resolve, reject) => {
      const output = this.#listeners.length;
      let end: (loss: string | null) => void = () => {};
      const stopped = new Promise<string | null>((settle) => (end = settle));
      this.#running++;
      this.#listeners.push({
        started: (problem) => {
          if (problem === null) {
            resolve({ stopped });
            return;
          }
          this.#leave();
          reject(new OutputError(problem));
        },
        trouble: onTrouble,
        stopped: end,
      });
      this.#tell({ type: 'start', output, spec, countsFailedIterations });
    });
  }

  /** Hands a batch over, once for all outputs. */
  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    if (batch === this.#last) return;
    this.#last = batch;
    let source = this.#sources.get(series);
    if (source === undefined) this.#sources.set(series, (source = this.#sources.size));
    const bytes = sizeOfBatch(batch);
    if (this.#onTheWay + bytes <= MOST_ON_THE_WAY) {
      this.#onTheWay += bytes;
      this.#tell({ type: 'batch', source, batch });
      return;
    }
    this.#lost += batch.count;
    if (batch.series.length === 0) return;
    // What series are is said once: it must get there, whatever becomes of their samples.
    const described: SampleBatch = { ...batch, count: 0, ids: NO_IDS, values: NO_NUMBERS, times: NO_NUMBERS };
    this.#onTheWay += sizeOfBatch(described);
    this.#tell({ type: 'batch', source, batch: described });
  }

  /** Hands spans over. @returns whether there was room for them */
  addSpans(spans: SpanBatch): boolean {
    const bytes = sizeOfSpans(spans);
    if (this.#onTheWay + bytes > MOST_ON_THE_WAY) return false;
    this.#onTheWay += bytes;
    this.#tell({ type: 'spans', spans });
    return true;
  }

  /** Has all outputs send the rest. Calling it again does nothing. */
  stop(thresholds: readonly JudgedThreshold[]): void {
    if (this.#lastWords !== null || this.#failure !== null) return;
    this.#tell({ type: 'stop', thresholds });
    this.#lastWords = setTimeout(() => this.#fail('its thread did not end in time'), LAST_WORDS_MS);
  }

  #tell(message: ToOutputs): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromOutputs): void {
    switch (message.type) {
      case 'started':
        this.#listeners[message.output]!.started(message.problem);
        return;
      case 'taken':
        this.#onTheWay -= message.bytes;
        return;
      case 'trouble':
        this.#listeners[message.output]!.trouble(message.reason);
        return;
      case 'stopped': {
        const lost = this.#lost > 0 ? `${this.#lost} samples came faster than they could be encoded` : null;
        this.#listeners[message.output]!.stopped(
          [message.loss, lost].filter((text) => text !== null).join('; ') || null,
        );
        this.#leave();
        return;
      }
    }
  }

  /** An output less: the thread ends with the last one. */
  #leave(): void {
    this.#running--;
    if (this.#running > 0) return;
    if (this.#lastWords !== null) clearTimeout(this.#lastWords);
    this.#failure ??= 'it is stopped';
    void this.#worker.terminate();
  }

  #fail(reason: string): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    if (this.#lastWords !== null) clearTimeout(this.#lastWords);
    for (const listener of this.#listeners) {
      listener.started(reason);
      listener.stopped(`what it had not sent yet is lost: ${reason}`);
    }
    void this.#worker.terminate();
  }
}

const NO_IDS = new Uint32Array(0);
const NO_NUMBERS = new Float64Array(0);
