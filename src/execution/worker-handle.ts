// The main thread's end of one load worker: asks it for a step at a time and hears what it measures.
import type { Worker } from 'node:worker_threads';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { LogLevel } from '../vu/environment.ts';
import { EXIT, ExitError } from './exit-error.ts';
import type { FromWorker, ScenarioProgress, ToWorker } from './worker-protocol.ts';

export interface WorkerListener {
  onSamples(batch: SampleBatch): void;
  onLog(level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void;
  onProgress(scenarios: readonly ScenarioProgress[]): void;
  onAbort(message: string): void;
  onMarkFailed(message: string): void;
}

/** A step that takes too long. */
export interface StepLimit {
  readonly timeoutMs: number;
  late(): ExitError;
}

/** How long a worker may take to say its last words, in ms: one that is stuck in a script says none. */
const LAST_WORDS_MS = 1000;

interface Pending {
  readonly reply: FromWorker['type'];
  resolve(message: FromWorker | null): void;
  reject(error: unknown): void;
}

export class WorkerHandle {
  readonly #worker: Worker;
  readonly #listener: WorkerListener;
  #pending: Pending | null = null;
  #failure: unknown = null;
  #alive = true;

  constructor(worker: Worker, listener: WorkerListener) {
    this.#worker = worker;
    this.#listener = listener;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new ExitError(EXIT.internalError, 'a load worker ended unexpectedly')));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Has the worker do a step.
   * @returns its reply, which may be a failure; null when a stop cut the step short
   * @throws what `limit.late` makes when it takes too long; ExitError when the worker dies
   */
  async ask(message: ToWorker, reply: FromWorker['type'], limit?: StepLimit): Promise<FromWorker | null> {
    if (!this.#alive) throw this.#failure;
    const waiting = this.#wait(reply);
    this.#worker.postMessage(message);
    if (!limit) return waiting;
    const timer = setTimeout(() => {
      const pending = this.#pending;
      this.#pending = null;
      this.stop(limit.timeoutMs);
      pending?.reject(limit.late());
    }, limit.timeoutMs);
    return waiting.finally(() => clearTimeout(timer));
  }

  /**
   * Has the worker interrupt what it is doing. Init code and setup end without a reply then, scenarios with their usual one.
   * @param patienceMs after which a worker that does not react is ended
   */
  stop(patienceMs: number): void {
    if (!this.#alive) return;
    this.#worker.postMessage({ type: 'stop' } satisfies ToWorker);
    if (!this.#pending) return;
    if (this.#pending.reply !== 'finished' && this.#pending.reply !== 'teardown-done') {
      // Init code and setup just end: nothing that they could still say is wanted.
      const { resolve } = this.#pending;
      this.#pending = null;
      resolve(null);
      return;
    }
    const waitingFor = this.#pending;
    setTimeout(() => {
      if (this.#pending !== waitingFor) return;
      void this.#worker.terminate();
      this.#die(
        new ExitError(
          EXIT.internalError,
          'a load worker did not react to the stop and was ended: its last samples are lost',
        ),
      );
    }, patienceMs).unref();
  }

  /** Ends the thread, once what it said is heard. */
  async exit(): Promise<void> {
    if (!this.#alive) return;
    this.#pending = null;
    const patience = setTimeout(() => this.#die(null), LAST_WORDS_MS);
    await this.ask({ type: 'exit' }, 'ended').catch(() => null);
    clearTimeout(patience);
    this.#alive = false;
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #wait(reply: FromWorker['type']): Promise<FromWorker | null> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#pending = { reply, resolve, reject };
    });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'samples':
        this.#listener.onSamples(message.batch);
        return;
      case 'log':
        this.#listener.onLog(message.level, message.message, message.fields);
        return;
      case 'progress':
        this.#listener.onProgress(message.scenarios);
        return;
      case 'abort':
        this.#listener.onAbort(message.message);
        return;
      case 'mark-failed':
        this.#listener.onMarkFailed(message.message);
        return;
      default: {
        const pending = this.#pending;
        // A step that was given up (timeout, stop) may still answer: that answer is nobody's.
        if (!pending || (message.type !== 'failed' && message.type !== pending.reply)) return;
        this.#pending = null;
        pending.resolve(message);
      }
    }
  }

  #die(error: unknown): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#failure =
      error instanceof ExitError
        ? error
        : new ExitError(EXIT.internalError, `a load worker crashed: ${(error as Error)?.stack ?? error}`);
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(this.#failure);
  }
}
