// Load on threads of this process: the main thread's end of each load worker. Nothing else of the control plane knows threads.
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { ScriptLocation } from '../../vu/environment.ts';
import { whileBreaking } from '../break-gate.ts';
import { PausableClock, RealClock } from '../clock.ts';
import {
  DEFAULT_PATIENCE_MS,
  type LoadHost,
  type LoadHosts,
  type LoadListener,
  type StepLimit,
  stuckError,
} from '../load-host.ts';
import { RunCounters } from '../run-counters.ts';
import { createSharedCounters } from '../shared-counter.ts';
import type { FromThread, ThreadStart, ToThread } from '../thread-protocol.ts';
import { workerPermissions } from '../worker-permissions.ts';
import type { Command, Numbered, Reply, ReplyTo, Step } from '../worker-protocol.ts';

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

export interface ThreadSettings {
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  readonly script: ScriptLocation;
  /** Where to write the keys of TLS connections (SSLKEYLOGFILE). */
  readonly keyLogFile?: string | null;
  /** How long a worker may take to let go of what it is doing, in ms, before its thread is ended. */
  readonly patienceMs?: number;
}

/** @returns load on threads of this process, which get ready while the script is being compiled */
export function onThreads(settings: ThreadSettings): LoadHosts {
  denyCodeFromStrings();
  const counts = new RunCounters();
  const memory = new SharedIterations();
  return { counts, start: (index, listener) => startThread(settings, index, counts, memory, listener) };
}

/** The counters of shared iterations, the same ones for all threads of a run. */
class SharedIterations {
  #counters: SharedArrayBuffer | null = null;

  /** @param scenarios how many there are */
  countersFor(scenarios: number): SharedArrayBuffer {
    this.#counters ??= createSharedCounters(scenarios);
    return this.#counters;
  }
}

function startThread(
  settings: ThreadSettings,
  index: number,
  counts: RunCounters,
  memory: SharedIterations,
  listener: LoadListener,
): ThreadHost {
  const name = `load-worker-${index + 1}.`;
  const start: ThreadStart = {
    env: settings.env,
    script: settings.script,
    counters: counts.buffer,
    keyLogFile: settings.keyLogFile ?? null,
    index,
  };
  const worker = new Worker(new URL('../load-plane/load-worker.ts', import.meta.url), {
    workerData: start,
    // Scripts may recurse; a compiled call takes more of the stack than a plain one.
    // A larger young generation saves work where few virtual users are fast, and costs memory where many wait: 12 MB gives
    // nearly all of the one for little of the other.
    resourceLimits: { stackSizeMb: 16, maxYoungGenerationSizeMb: 12 },
    name,
    execArgv: workerFlags(),
    stdout: false,
    stderr: false,
  });
  return new ThreadHost(worker, listener, {
    memory,
    patienceMs: settings.patienceMs ?? DEFAULT_PATIENCE_MS,
    breakScript: async () => (await import('../script-breaker.ts')).breakScript(name),
  });
}

/**
 * In the threads started from now on, nothing that reaches a script by mistake leads to `process` by way of its constructor: their own
 * realm makes no code from strings. That of the scripts does (realm.ts).
 */
function denyCodeFromStrings(): void {
  setFlagsFromString('--disallow-code-generation-from-strings');
}

/**
 * Flags of Node for load workers. Of those that the program itself was started with only the profilers' are a thread's own: most others
 * hold for the whole process, and a worker refuses them.
 */
function workerFlags(): string[] {
  const profiling = process.execArgv.filter((flag) => /^--(?:cpu|heap)-prof\b/.test(flag));
  // Code that is broken off leaves Node's own bookkeeping of asynchronous calls unbalanced, which it would end the process for.
  return [...profiling, ...workerPermissions(), '--no-force-async-hooks-checks'];
}

interface Pending {
  readonly step: Step['type'];
  resolve(reply: Reply | null): void;
  reject(error: unknown): void;
}

interface ThreadHostOptions {
  /** How long the worker may take to react to a stop, before its thread is ended. */
  readonly patienceMs: number;
  /** Ends what the script runs, if it runs something; tells whether it did. */
  readonly breakScript?: () => Promise<boolean>;
  readonly memory?: SharedIterations;
}

export class ThreadHost implements LoadHost {
  readonly #worker: Worker;
  readonly #listener: LoadListener;
  readonly #breakScript: () => Promise<boolean>;
  readonly #memory: SharedIterations;
  readonly #pending = new Map<number, Pending>();
  #steps = 0;
  #failure: unknown = null;
  #alive = true;
  readonly #patienceMs: number;
  /** The time of the run, which limits are measured in. */
  readonly #clock = new PausableClock(new RealClock());
  /** Asks for signs of life. */
  readonly #watch: NodeJS.Timeout;
  /** When the question that has not been answered was put; NaN: none is open. */
  #asked = Number.NaN;
  #breaking = false;
  /** How long code of the script may run while others wait, in ms; less once it has happened. */
  #endless = ENDLESS_MS;
  /** Runs from a stop until the worker shows that it has heard it. */
  #patience: NodeJS.Timeout | null = null;

  constructor(worker: Worker, listener: LoadListener, { patienceMs, breakScript, memory }: ThreadHostOptions) {
    this.#breakScript = breakScript ?? (async () => false);
    this.#memory = memory ?? new SharedIterations();
    this.#worker = worker;
    this.#listener = listener;
    this.#patienceMs = patienceMs;
    this.#watch = setInterval(() => this.#look(), WATCH_MS).unref();
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new ExitError(EXIT.internalError, 'a load worker ended unexpectedly')));
  }

  get alive(): boolean {
    return this.#alive;
  }

  async ask<S extends Step>(
    step: S,
    limit?: StepLimit,
  ): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    if (!this.#alive) throw this.#failure;
    const number = ++this.#steps;
    const waiting = new Promise<Reply | null>((resolve, reject) => {
      this.#pending.set(number, { step: step.type, resolve, reject });
    });
    if (step.type === 'configure')
      this.#post({ type: 'share-iterations', counters: this.#memory.countersFor(step.scenarios.length) });
    this.#post({ ...step, step: number });
    const timer = limit && this.#clock.setTimer(this.#clock.now() + limit.timeoutMs, () => this.#expire(number, limit));
    try {
      return (await waiting) as ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null;
    } finally {
      timer?.clear();
    }
  }

  #expire(step: number, limit: StepLimit): void {
    if (limit.endsHost) {
      this.#end(limit.late());
      return;
    }
    const pending = this.#pending.get(step);
    this.#pending.delete(step);
    this.tell({ type: 'stop' });
    pending?.reject(limit.late());
  }

  tell(command: Command): void {
    if (!this.#alive) return;
    this.#post(command);
    switch (command.type) {
      case 'pause':
        this.#clock.pause();
        return;
      case 'resume':
        this.#clock.resume();
        return;
      case 'scale':
      case 'secret':
        return;
      case 'stop': {
        this.#patience ??= setTimeout(() => this.#end(stuckError()), this.#patienceMs).unref();
        for (const [step, { step: type, resolve }] of this.#pending) {
          if (type === 'start' || type === 'teardown') continue;
          // Init code and setup just end: nothing that they could still say is wanted.
          this.#pending.delete(step);
          resolve(null);
        }
      }
    }
  }

  async exit(): Promise<void> {
    if (!this.#alive) return;
    this.#pending.clear();
    await this.#lastWords();
    this.#alive = false;
    clearInterval(this.#watch);
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  /** Resolves when all that the worker has said is heard, or when it says nothing. */
  #lastWords(): Promise<void> {
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, LAST_WORDS_MS);
      this.#worker.on('message', (message: FromThread) => {
        if (message.type !== 'ended') return;
        clearTimeout(patience);
        resolve();
      });
      this.#worker.on('exit', () => {
        clearTimeout(patience);
        resolve();
      });
      this.#post({ type: 'exit' });
    });
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #isRunning(step: Step['type']): boolean {
    for (const pending of this.#pending.values()) if (pending.step === step) return true;
    return false;
  }

  /** Breaks off what the script runs, where that keeps the worker from hearing. */
  #look(): void {
    if (this.#breaking) return;
    if (Number.isNaN(this.#asked)) {
      this.#asked = performance.now();
      this.#post({ type: 'ping' });
      return;
    }
    const limit = this.#patience !== null ? STOP_MS : this.#isRunning('start') ? this.#endless : Infinity;
    if (performance.now() - this.#asked < limit) return;
    // What it has said meanwhile may not have been heard yet.
    setImmediate(() => {
      if (Number.isNaN(this.#asked) || !this.#alive || this.#breaking) return;
      this.#breaking = true;
      void whileBreaking(this.#breakScript()).then((broken) => {
        this.#breaking = false;
        this.#asked = Number.NaN;
        if (broken) this.#endless = ENDLESS_AGAIN_MS;
      });
    });
  }

  #receive(message: FromThread): void {
    this.#asked = Number.NaN;
    switch (message.type) {
      case 'stopped':
        this.#cancelPatience();
        return;
      case 'pong':
      case 'ended':
        return;
      case 'samples':
      case 'log':
      case 'progress':
      case 'abort':
      case 'mark-failed':
      case 'secret':
        this.#listener(message);
        return;
      default:
        this.#answer(message);
    }
  }

  /** A step that was given up (timeout, stop) may still be answered: that answer is nobody's. */
  #answer({ step, ...reply }: Numbered<Reply>): void {
    const pending = this.#pending.get(step);
    this.#pending.delete(step);
    pending?.resolve(reply);
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
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(this.#failure);
  }
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
