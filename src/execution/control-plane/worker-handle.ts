// The main thread's end of one load worker: asks it for a step at a time and hears what it measures.
import type { Worker } from 'node:worker_threads';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { LogLevel } from '../../vu/environment.ts';
import { redactMessage } from '../secrets/redact-message.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { FromWorker, ScenarioProgress, SecretOutcome, ToWorker } from '../worker-protocol.ts';

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
  /** Whether a worker that is late is ended, rather than stopped: it had its time to react. */
  readonly endsWorker?: boolean;
}

/** How often it is asked for a sign of life, in ms. */
const WATCH_MS = 250;
/** How long code of the script may run without giving back control, while its thread has other virtual users to serve, in ms. */
const ENDLESS_MS = 10_000;
/** The same once code was broken off. */
const ENDLESS_AGAIN_MS = 2000;
/** The same once the test is to stop. */
const STOP_MS = 500;
/** How long a worker may take to say its last words, in ms: one that is stuck in a script says none. */
const LAST_WORDS_MS = 1000;
/** What Node's timers can hold, 24 days: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Pending {
  readonly reply: FromWorker['type'];
  resolve(message: FromWorker | null): void;
  reject(error: unknown): void;
}

export class WorkerHandle {
  readonly #worker: Worker;
  readonly #listener: WorkerListener;
  readonly #breakScript: () => Promise<boolean>;
  readonly #secrets: SecretStore;
  #pending: Pending | null = null;
  #failure: unknown = null;
  #alive = true;
  readonly #patienceMs: number;
  /** Asks for signs of life. */
  readonly #watch: NodeJS.Timeout;
  /** When the question that has not been answered was put; NaN: none is open. */
  #asked = Number.NaN;
  #breaking = false;
  /** How long code of the script may run while others wait, in ms; less once it has happened. */
  #endless = ENDLESS_MS;
  /** Runs from a stop until the worker shows that it has heard it. */
  #patience: NodeJS.Timeout | null = null;

  /**
   * @param patienceMs how long the worker may take to react to a stop, before its thread is ended
   * @param secrets what its script may ask for, and what is taken out of all that it says
   * @param breakScript ends what the script runs, if it runs something; tells whether it did
   */
  constructor(
    worker: Worker,
    listener: WorkerListener,
    patienceMs: number,
    secrets: SecretStore,
    breakScript: () => Promise<boolean> = async () => false,
  ) {
    this.#breakScript = breakScript;
    this.#secrets = secrets;
    this.#worker = worker;
    this.#listener = listener;
    this.#patienceMs = patienceMs;
    this.#watch = setInterval(() => this.#look(), WATCH_MS).unref();
    worker.on('message', (message: FromWorker) => this.#receive(redactMessage(message, secrets.redactor)));
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
    if (!limit || limit.timeoutMs > LONGEST_TIMER_MS) return waiting;
    const timer = setTimeout(() => {
      if (limit.endsWorker) return this.#end(limit.late());
      const pending = this.#pending;
      this.#pending = null;
      this.stop();
      pending?.reject(limit.late());
    }, limit.timeoutMs);
    return waiting.finally(() => clearTimeout(timer));
  }

  /**
   * Has the worker interrupt what it is doing. Init code and setup end without a reply then, scenarios with their usual one.
   * A worker that does not react is ended.
   */
  stop(): void {
    if (!this.#alive) return;
    this.#worker.postMessage({ type: 'stop' } satisfies ToWorker);
    this.#patience ??= setTimeout(() => this.#end(stuckError()), this.#patienceMs).unref();
    if (!this.#pending || this.#pending.reply === 'finished' || this.#pending.reply === 'teardown-done') return;
    // Init code and setup just end: nothing that they could still say is wanted.
    const { resolve } = this.#pending;
    this.#pending = null;
    resolve(null);
  }

  /** Ends the thread, once what it said is heard. */
  async exit(): Promise<void> {
    if (!this.#alive) return;
    this.#pending = null;
    const patience = setTimeout(() => this.#die(null), LAST_WORDS_MS);
    await this.ask({ type: 'exit' }, 'ended').catch(() => null);
    clearTimeout(patience);
    this.#alive = false;
    clearInterval(this.#watch);
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #wait(reply: FromWorker['type']): Promise<FromWorker | null> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#pending = { reply, resolve, reject };
    });
  }

  /** Breaks off what the script runs, where that keeps the worker from hearing. */
  #look(): void {
    if (this.#breaking) return;
    if (Number.isNaN(this.#asked)) {
      this.#asked = performance.now();
      this.#worker.postMessage({ type: 'ping' } satisfies ToWorker);
      return;
    }
    const limit = this.#patience !== null ? STOP_MS : this.#pending?.reply === 'finished' ? this.#endless : Infinity;
    if (performance.now() - this.#asked < limit) return;
    // What it has said meanwhile may not have been heard yet.
    setImmediate(() => {
      if (Number.isNaN(this.#asked) || !this.#alive || this.#breaking) return;
      this.#breaking = true;
      void this.#breakScript().then((broken) => {
        this.#breaking = false;
        this.#asked = Number.NaN;
        if (broken) this.#endless = ENDLESS_AGAIN_MS;
      });
    });
  }

  #receive(message: FromWorker): void {
    this.#asked = Number.NaN;
    switch (message.type) {
      case 'stopped':
        this.#cancelPatience();
        return;
      case 'pong':
        return;
      case 'samples':
        this.#listener.onSamples(message.batch);
        return;
      case 'log':
        this.#listener.onLog(message.level, message.message, message.fields);
        return;
      case 'progress':
        this.#listener.onProgress(message.scenarios);
        return;
      case 'secret':
        void this.#tellSecret(message);
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

  async #tellSecret({ id, source, key }: Extract<FromWorker, { type: 'secret' }>): Promise<void> {
    const outcome = await this.#secrets.get(source, key).then(
      (value): SecretOutcome => ({ value }),
      (error: unknown): SecretOutcome => ({ problem: (error as Error).message }),
    );
    if (this.#alive) this.#worker.postMessage({ type: 'secret', id, outcome } satisfies ToWorker);
  }

  #cancelPatience(): void {
    if (this.#patience) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #end(error: ExitError): void {
    void this.#worker.terminate();
    this.#die(error);
  }

  #die(error: unknown): void {
    if (!this.#alive) return;
    this.#alive = false;
    clearInterval(this.#watch);
    this.#cancelPatience();
    this.#failure = error instanceof ExitError ? error : crashError(error);
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(this.#failure);
  }
}

/** What is said of a worker that hears nothing any more: only a script's own code can keep it from that. */
export function stuckError(): ExitError {
  return new ExitError(
    EXIT.internalError,
    'a load worker was ended, its last samples are lost: the script does not give back control, ' +
      'some of its code runs without end and makes no blocking call',
  );
}

function crashError(error: unknown): ExitError {
  const { code, stack } = (error ?? {}) as NodeJS.ErrnoException;
  return new ExitError(
    EXIT.internalError,
    code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? 'a load worker ran out of memory and was ended: the script keeps more than there is room for. Let it keep less ' +
          '(SharedArray holds data once for all virtual users), or allow more with NODE_OPTIONS=--max-old-space-size=<MB>'
      : `a load worker crashed: ${stack ?? error}`,
  );
}
