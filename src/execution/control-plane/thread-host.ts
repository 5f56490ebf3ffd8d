// Load on threads of this process: the main thread's end of each load worker. Nothing else of the control plane knows threads.
import type { Worker } from 'node:worker_threads';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { keepCode, keepsCode } from '../../node/kept-code.ts';
import type { Environment } from '../../options/environment.ts';
import type { ScriptLocation } from '../../vu/environment.ts';
import { refuseProgram } from '../../vu/programs.ts';
import type { TargetSettings } from '../../wire/net/target-rules.ts';
import { whileBreaking } from '../break-gate.ts';
import { DEFAULT_PATIENCE_MS, type LoadHost, type LoadHosts, type LoadListener, type StepLimit } from '../load-host.ts';
import { RunCounters, sizeOfLogLine } from '../run-counters.ts';
import { createSharedCounters } from '../shared-counter.ts';
import type { Errand, FromThread, SharedData, ToThread } from '../thread-protocol.ts';
import { createTurnClaims, sumClaims } from '../turn-claims.ts';
import type { Command, Reply, ReplyTo, Step } from '../worker-protocol.ts';
import type { ErrandRunner } from './errand-runner.ts';
import { HostLink } from './host-link.ts';
import { takeLoadThread } from './load-thread.ts';

/** How often it is asked for a sign of life, in ms. */
const WATCH_MS = 250;
/** How long code of the script may run without giving back control, while another virtual user of its thread waits, in ms. */
const ENDLESS_MS = 10_000;
/** The same once code was broken off. */
const ENDLESS_AGAIN_MS = 2000;
/** The same once the test is to stop. */
const STOP_MS = 500;
export interface ThreadSettings {
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  readonly script: ScriptLocation;
  /** Where to write the keys of TLS connections (SSLKEYLOGFILE). */
  readonly keyLogFile?: string | null;
  /** How long a worker may take to let go of what it is doing, in ms, before its thread is ended. */
  readonly patienceMs?: number;
  /** Somebody stops the script to look at it: that it stands still says nothing. */
  readonly isDebugged?: boolean;
  /** The environment of the process, where the script may have programs run (browsers, ping); missing: it may not. */
  readonly programs?: Environment;
  /** Where the script may connect to, whatever its options say; missing: there are no such rules. */
  readonly targets?: TargetSettings | null;
}

/** @returns load on threads of this process, which get ready while the script is being compiled */
export function onThreads(settings: ThreadSettings): LoadHosts {
  const counts = new RunCounters();
  const memory = new SharedMemory();
  return { counts, start: (index, listener) => startThread(settings, index, counts, memory, listener) };
}

/** What all threads of a run share beside the counts. */
class SharedMemory {
  #iterations: SharedArrayBuffer | null = null;
  /** What SharedArrays hold, once a worker has built them. */
  elements: SharedData = [];

  /** @returns counters of shared iterations @param scenarios how many there are */
  countersFor(scenarios: number): SharedArrayBuffer {
    this.#iterations ??= createSharedCounters(scenarios);
    return this.#iterations;
  }
}

function startThread(
  settings: ThreadSettings,
  index: number,
  counts: RunCounters,
  memory: SharedMemory,
  listener: LoadListener,
): ThreadHost {
  const { worker, name } = takeLoadThread(index);
  const begin: ToThread = {
    type: 'begin',
    start: {
      env: settings.env,
      script: settings.script,
      counters: counts.buffer,
      keyLogFile: settings.keyLogFile ?? null,
      targets: settings.targets ?? null,
      index,
      // What one of them says is as good as what all do.
      tellsOwnCode: index === 0 && keepsCode(),
    },
  };
  worker.postMessage(begin);
  return new ThreadHost(worker, listener, {
    memory,
    patienceMs: settings.patienceMs ?? DEFAULT_PATIENCE_MS,
    isDebugged: settings.isDebugged === true,
    ...(settings.programs !== undefined && { programs: settings.programs }),
    admitLog: (line) => counts.admitLog(sizeOfLogLine(line)),
    breakScript: async () => (await import('../script-breaker.ts')).breakScript(name),
  });
}

interface ThreadHostOptions {
  /** How long the worker may take to react to a stop, before its thread is ended. */
  readonly patienceMs: number;
  /** Ends what the script runs, if it runs something; tells whether it did. */
  readonly breakScript?: () => Promise<boolean>;
  readonly memory?: SharedMemory;
  readonly isDebugged?: boolean;
  readonly programs?: Environment;
  /** Whether there is room in the log for what a program says. */
  readonly admitLog?: (line: string) => boolean;
}

export class ThreadHost implements LoadHost {
  readonly #worker: Worker;
  readonly #link: HostLink;
  readonly #breakScript: () => Promise<boolean>;
  readonly #memory: SharedMemory;
  readonly #isDebugged: boolean;
  readonly #environment: Environment | null;
  readonly #admitLog: (line: string) => boolean;
  /** Loaded with the first errand. */
  #errands: Promise<ErrandRunner> | null = null;
  /** Asks for signs of life; null where nobody expects them. */
  readonly #watch: NodeJS.Timeout | null;
  /** When the question that has not been answered was put; NaN: none is open. */
  #asked = Number.NaN;
  #breaking = false;
  /** Whom the thread has to serve; null: it has no scenarios yet. */
  #claims: SharedArrayBuffer | null = null;
  /** When it was last told what to do beside its plan, where it may not have heard that yet; Infinity: it has. */
  #toldAt = Number.POSITIVE_INFINITY;
  /** How long code of the script may run while others wait, in ms; less once it has happened. */
  #endless = ENDLESS_MS;

  constructor(worker: Worker, listener: LoadListener, options: ThreadHostOptions) {
    const { patienceMs, breakScript, memory, isDebugged, programs, admitLog } = options;
    this.#breakScript = breakScript ?? (async () => false);
    this.#memory = memory ?? new SharedMemory();
    this.#worker = worker;
    this.#link = new HostLink(
      { post: (message) => this.#post(message), kill: () => void worker.terminate() },
      listener,
      patienceMs,
    );
    this.#isDebugged = isDebugged === true;
    this.#environment = programs ?? null;
    this.#admitLog = admitLog ?? (() => false);
    this.#watch = this.#isDebugged ? null : setInterval(() => this.#look(), WATCH_MS).unref();
    worker.on('message', (message: FromThread) => this.#receive(message));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new ExitError(EXIT.internalError, 'a load worker ended unexpectedly')));
  }

  get alive(): boolean {
    return this.#link.alive;
  }

  ask<S extends Step>(step: S, limit?: StepLimit): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    if (this.alive && step.type === 'load' && this.#memory.elements.length > 0)
      this.#post({ type: 'share-elements', elements: this.#memory.elements });
    if (this.alive && step.type === 'configure') this.#shareScenarios(step.scenarios.length);
    // Whoever looks at a script takes time.
    return this.#link.ask(step, this.#isDebugged ? undefined : limit);
  }

  tell(command: Command): void {
    if (command.type === 'scale') this.#toldAt = performance.now();
    this.#link.tell(command);
  }

  #shareScenarios(count: number): void {
    this.#claims = createTurnClaims(count);
    this.#post({ type: 'share-scenarios', counters: this.#memory.countersFor(count), claims: this.#claims });
  }

  async exit(): Promise<void> {
    if (!this.alive) {
      await this.#closeErrands();
      return;
    }
    await this.#link.finish();
    clearInterval(this.#watch ?? undefined);
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
    await this.#closeErrands();
  }

  async #runErrand(errand: Errand): Promise<void> {
    if (this.#environment === null) {
      this.#post({ type: 'errand-answer', id: errand.id, problem: refuseProgram('programs are') });
      return;
    }
    const env = this.#environment;
    this.#errands ??= import('./errand-runner.ts').then(
      ({ ErrandRunner }) =>
        new ErrandRunner(env, (message) => {
          if (this.#admitLog(message)) this.#link.hear({ type: 'log', level: 'debug', message, time: Date.now() });
        }),
    );
    const runner = await this.#errands;
    this.#post(await runner.answer(errand));
  }

  /** Whatever the worker did not get to end itself. */
  async #closeErrands(): Promise<void> {
    const runner = await this.#errands;
    await runner?.close();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** Breaks off what the script runs, where that keeps the worker from hearing. */
  #look(): void {
    if (this.#breaking) return;
    if (!this.alive) {
      clearInterval(this.#watch ?? undefined);
      return;
    }
    if (Number.isNaN(this.#asked)) {
      this.#asked = performance.now();
      this.#post({ type: 'ping' });
      return;
    }
    if (!this.#isTooLong(performance.now())) return;
    // What it has said meanwhile may not have been heard yet.
    setImmediate(() => {
      if (Number.isNaN(this.#asked) || !this.alive || this.#breaking) return;
      this.#breaking = true;
      void whileBreaking(this.#breakScript()).then((broken) => {
        this.#breaking = false;
        this.#asked = Number.NaN;
        if (broken) this.#endless = ENDLESS_AGAIN_MS;
      });
    });
  }

  /**
   * Whether what the worker runs is to be broken off: once somebody has waited for long enough that it would serve, or when whoever runs
   * should have been cut off. Who computes alone has all the time that its scenario gives, and a step the time of its own limit.
   */
  #isTooLong(nowMs: number): boolean {
    const silentMs = nowMs - this.#asked;
    if (this.#link.isStopping) return silentMs >= STOP_MS;
    if (!this.#link.isRunning('start') || this.#claims === null || silentMs < STOP_MS) return false;
    const { users, nextMs, endMs } = sumClaims(this.#claims);
    if (this.#link.nowMs >= endMs + STOP_MS) return true;
    if (silentMs < this.#endless) return false;
    const hasOthers = users !== 1 || this.#link.isRunningBeside('start');
    return hasOthers || this.#link.nowMs - nextMs >= this.#endless || nowMs - this.#toldAt >= this.#endless;
  }

  #receive(message: FromThread): void {
    if (message.type === 'pong' && this.#asked >= this.#toldAt) this.#toldAt = Number.POSITIVE_INFINITY;
    this.#asked = Number.NaN;
    switch (message.type) {
      case 'pong':
        return;
      case 'share-elements':
        this.#memory.elements = message.elements;
        return;
      case 'own-code':
        keepCode(message.code);
        return;
      case 'errand':
        void this.#runErrand(message);
        return;
      default:
        this.#link.hear(message);
    }
  }

  #die(error: unknown): void {
    clearInterval(this.#watch ?? undefined);
    void this.#closeErrands();
    this.#link.die(error instanceof ExitError ? error : crashError(error));
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
