// One test from init code to handleSummary, over its load workers: the order of things, and what ends it early.
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { EXIT, type ExitCode, ExitError } from '../../exit/exit-error.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { Options } from '../../options/options.ts';
import { latestEnd, type ScenarioConfig } from '../../options/scenario-config.ts';
import type { Program } from '../../script/program.ts';
import type { LogLevel, ScriptLocation } from '../../vu/environment.ts';
import type { ExecutorProgress } from '../executor.ts';
import type { GeneratorHealth } from '../generator-health.ts';
import type { SummaryFiles } from '../load-plane/summary-files.ts';
import { mergeProgress } from '../progress.ts';
import { RunCounters } from '../run-counters.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import { createSharedCounters } from '../shared-counter.ts';
import { workerPermissions } from '../worker-permissions.ts';
import type { FromWorker, ScriptExports } from '../worker-protocol.ts';
import { stuckError, WorkerHandle, type WorkerListener } from './worker-handle.ts';

const DEFAULT_PATIENCE_MS = 10_000;

/** Why a test ends before its time. */
export interface StopReason {
  readonly exitCode: ExitCode;
  readonly message: string;
}

/** Hears what happens in a run. */
export interface RunListener {
  /** @param worker which worker's series the batch speaks of */
  onSamples(batch: SampleBatch, worker: number): void;
  onLog(level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void;
}

export interface RunSettings {
  /** `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  readonly script: ScriptLocation;
  /** Load workers: one thread each. */
  readonly workers: number;
  /** Where to write the keys of TLS connections (SSLKEYLOGFILE). */
  readonly keyLogFile?: string | null;
  /** What the script may ask for; nothing unless given. */
  readonly secrets?: SecretStore;
  /** How long a worker may take to let go of what it is doing, in ms, before its thread is ended. */
  readonly patienceMs?: number;
}

/** How a run went, as far as its exit code is concerned. */
export interface RunEnding {
  /** What cut it short, or null. */
  readonly stop: StopReason | null;
  /** The first thing that failed: setup, teardown, a worker. */
  readonly error: ExitError | null;
  readonly markedFailed: boolean;
  /** Ms from the start of setup to the end of teardown: what rates in the results are per. */
  readonly durationMs: number;
  /** JSON text of what setup returned, without secrets. */
  readonly setupData: string | undefined;
  /** How each load worker was doing under the load. */
  readonly health: readonly GeneratorHealth[];
}

/** A step that a stop cut short: why is known already. */
class CutShort extends ExitError {}

export type RunState = 'loading' | 'initialising' | 'setup' | 'running' | 'teardown' | 'ended';

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

export class TestRun {
  readonly counters = new RunCounters();
  readonly #listener: RunListener;
  readonly #workers: WorkerHandle[];
  readonly #secrets: SecretStore;
  readonly #patienceMs: number;
  #exports: ScriptExports | null = null;
  #options: Options | null = null;
  #scenarios: readonly ScenarioConfig[] = [];
  #state: RunState = 'loading';
  #stop: StopReason | null = null;
  #error: ExitError | null = null;
  #markedFailed = false;
  #firstFailure: string | null = null;
  #setupData: string | undefined;
  #startedAt = 0;
  #endedAt = 0;
  readonly #health: GeneratorHealth[] = [];
  readonly #progress = new Map<number, ReadonlyMap<string, ExecutorProgress>>();

  /** Starts the threads, which get ready while the script is being compiled. */
  constructor(settings: RunSettings, listener: RunListener) {
    this.#listener = listener;
    this.#secrets = settings.secrets ?? new SecretStore();
    this.#patienceMs = settings.patienceMs ?? DEFAULT_PATIENCE_MS;
    denyCodeFromStrings();
    this.#workers = Array.from({ length: settings.workers }, (_, index) => {
      const name = `load-worker-${index + 1}.`;
      const worker = new Worker(new URL('../load-plane/load-worker.ts', import.meta.url), {
        workerData: {
          env: settings.env,
          script: settings.script,
          counters: this.counters.buffer,
          keyLogFile: settings.keyLogFile ?? null,
          index,
          count: settings.workers,
        },
        // Scripts may recurse; a compiled call takes more of the stack than a plain one.
        // A larger young generation saves work where few virtual users are fast, and costs memory where many wait: 12 MB gives
        // nearly all of the one for little of the other.
        resourceLimits: { stackSizeMb: 16, maxYoungGenerationSizeMb: 12 },
        name,
        execArgv: workerFlags(),
        stdout: false,
        stderr: false,
      });
      const workerListener: WorkerListener = {
        onSamples: (batch) => listener.onSamples(batch, index),
        onLog: (level, message, fields) => {
          if (fields?.['source'] === 'stacktrace') this.#firstFailure ??= message;
          listener.onLog(level, message, fields);
        },
        onProgress: (scenarios) =>
          this.#progress.set(index, new Map(scenarios.map(({ name, progress }) => [name, progress]))),
        onAbort: (message) =>
          this.stop({ exitCode: EXIT.scriptAborted, message: message ? `test aborted: ${message}` : 'test aborted' }),
        onMarkFailed: (message) => {
          this.#markedFailed = true;
          if (message) listener.onLog('error', `test marked as failed: ${message}`);
        },
      };
      return new WorkerHandle(worker, workerListener, this.#patienceMs, this.#secrets, async () =>
        (await import('../script-breaker.ts')).breakScript(name),
      );
    });
  }

  /** Load workers; their samples come with numbers below it. */
  get workerCount(): number {
    return this.#workers.length;
  }

  get state(): RunState {
    return this.#state;
  }

  /** What the first failed iteration threw, with its position; null when none failed. */
  get firstFailure(): string | null {
    return this.#firstFailure;
  }

  /** Why the run is being cut short, if it is. */
  get stopReason(): StopReason | null {
    return this.#stop;
  }

  /** Ms since the virtual users were ready and setup began; until teardown ended. */
  get elapsedMs(): number {
    if (this.#startedAt === 0) return 0;
    return (this.#endedAt || performance.now()) - this.#startedAt;
  }

  /** Where each scenario stands, in the order of the scenarios, without secrets; empty before they begin. */
  get progress(): { config: ScenarioConfig; progress: ExecutorProgress }[] {
    return this.#scenarios.flatMap((config) => {
      const parts = [...this.#progress.values()].flatMap((scenarios) => scenarios.get(config.name) ?? []);
      return parts.length
        ? [{ config: this.#secrets.redactor.redactData(config), progress: mergeProgress(parts) }]
        : [];
    });
  }

  /**
   * Runs the script's init code once.
   * @throws ExitError when it throws
   */
  async load(program: Program): Promise<ScriptExports> {
    // The first worker goes ahead: what its SharedArrays hold is the same for all.
    const [first, ...others] = this.#workers;
    const reply = await first!.ask({ type: 'load', program, sharedData: [] }, 'loaded');
    this.#expectSuccess(reply);
    const sharedData = reply.type === 'loaded' ? reply.sharedData : [];
    const load = { type: 'load', program, sharedData } as const;
    for (const late of await Promise.all(others.map((worker) => worker.ask(load, 'loaded')))) this.#expectSuccess(late);
    this.#exports = reply.type === 'loaded' ? reply.exports : null;
    return this.#exports!;
  }

  /** Ends the threads without a run: after bad options, or `inspect`. */
  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.exit()));
  }

  /**
   * Cuts the test short: iterations are interrupted; teardown and the summary still come. The first reason counts.
   */
  stop(reason: StopReason): void {
    if (this.#stop || this.#state === 'ended') return;
    this.#stop = reason;
    if (this.#state === 'teardown') return;
    for (const worker of this.#workers) worker.stop();
  }

  /**
   * Initialises the virtual users, runs setup, the scenarios and teardown. Never rejects: what failed is in the result.
   */
  async run(options: Options, scenarios: readonly ScenarioConfig[]): Promise<RunEnding> {
    this.#options = options;
    this.#scenarios = scenarios;
    try {
      await this.#initialise();
      this.#startedAt = performance.now();
      this.counters.start(performance.timeOrigin + this.#startedAt);
      this.#setupData = await this.#runSetup();
      if (!this.#stop) await this.#runScenarios(this.#setupData);
      await this.#runTeardown(this.#setupData);
    } catch (error) {
      if (!(error instanceof CutShort)) this.#noteFailure(error);
      await this.#collectSamples();
    }
    this.#state = 'ended';
    this.#endedAt = performance.now();
    return {
      stop: this.#stop,
      error: this.#error,
      markedFailed: this.#markedFailed,
      durationMs: this.elapsedMs,
      setupData: this.#setupData === undefined ? undefined : this.#secrets.redactor.redactJson(this.#setupData),
      health: this.#health,
    };
  }

  /** Has the workers hand over what a step measured that ended without a reply: setup that was cut short. */
  async #collectSamples(): Promise<void> {
    const limit = { timeoutMs: this.#patienceMs, late: stuckError };
    await Promise.all(this.#workers.map((worker) => worker.ask({ type: 'flush' }, 'flushed', limit).catch(() => null)));
  }

  /** Keeps the first failure for the end of the run; what would not be heard of then is logged now. */
  #noteFailure(error: unknown): void {
    const failure =
      error instanceof ExitError ? error : new ExitError(EXIT.internalError, String((error as Error)?.stack ?? error));
    if (this.#stop || this.#error) this.#listener.onLog('error', failure.message);
    this.#error ??= failure;
  }

  async #initialise(): Promise<void> {
    this.#state = 'initialising';
    const sharedIterations = createSharedCounters(this.#scenarios.length);
    const replies = await Promise.all(
      this.#workers.map((worker) =>
        worker.ask(
          { type: 'configure', options: this.#options!, scenarios: this.#scenarios, sharedIterations },
          'ready',
        ),
      ),
    );
    for (const reply of replies) this.#expectSuccess(reply);
  }

  /** @throws ExitError where a step failed, or was cut short and has no result */
  #expectSuccess(reply: FromWorker | null): asserts reply is FromWorker {
    if (reply === null) throw new CutShort(this.#stop!.exitCode, this.#stop!.message);
    if (reply.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
  }

  async #runSetup(): Promise<string | undefined> {
    const { noSetup, setupTimeoutMs } = this.#options!;
    if (noSetup || this.#stop || !this.#exports!.functions.includes('setup')) return undefined;
    this.#state = 'setup';
    const reply = await this.#workers[0].ask({ type: 'setup' }, 'setup-done', {
      timeoutMs: setupTimeoutMs,
      late: () =>
        new ExitError(EXIT.setupTimeout, `setup() execution timed out after ${setupTimeoutMs / 1000} seconds`),
    });
    this.#expectSuccess(reply);
    return reply.type === 'setup-done' ? reply.setupData : undefined;
  }

  async #runScenarios(setupData: string | undefined): Promise<void> {
    this.#state = 'running';
    const longest = Math.max(0, ...this.#scenarios.map(latestEnd));
    const runOn = async (worker: WorkerHandle): Promise<void> => {
      const reply = await worker.ask({ type: 'start', setupData }, 'finished', {
        timeoutMs: longest + this.#patienceMs,
        late: stuckError,
        endsWorker: true,
      });
      if (reply?.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
      if (reply?.type === 'finished') this.#health.push(reply.health);
    };
    const endings = this.#workers.map((worker) =>
      runOn(worker).catch((error: unknown) => {
        this.#noteFailure(error);
        // Without it the load is not what was asked for: the others need not go on.
        for (const other of this.#workers) other.stop();
      }),
    );
    await Promise.all(endings);
  }

  /** The worker for what is done once. */
  get #firstAlive(): WorkerHandle | undefined {
    return this.#workers.find((worker) => worker.alive);
  }

  async #runTeardown(setupData: string | undefined): Promise<void> {
    const { noTeardown, teardownTimeoutMs } = this.#options!;
    const worker = this.#firstAlive;
    if (noTeardown || !worker || !this.#exports!.functions.includes('teardown')) return;
    this.#state = 'teardown';
    const reply = await worker.ask({ type: 'teardown', setupData }, 'teardown-done', {
      timeoutMs: teardownTimeoutMs,
      late: () =>
        new ExitError(EXIT.teardownTimeout, `teardown() execution timed out after ${teardownTimeoutMs / 1000} seconds`),
    });
    if (reply?.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
  }

  /**
   * Runs the script's handleSummary.
   * @param data what it gets
   * @returns what it returned; null when there is none or it failed, which is logged: the usual summary is wanted then
   */
  async handleSummary(data: unknown): Promise<SummaryFiles | null> {
    const worker = this.#firstAlive;
    if (!worker || !this.#exports!.functions.includes('handleSummary')) return null;
    const timeoutMs = this.#options!.handleSummaryTimeoutMs;
    try {
      const reply = await worker.ask({ type: 'summary', data }, 'summary-done', {
        timeoutMs,
        late: () =>
          new ExitError(EXIT.genericTimeout, `handleSummary() execution timed out after ${timeoutMs / 1000} seconds`),
      });
      if (reply?.type === 'summary-done') return reply.files;
      if (reply?.type === 'failed') this.#listener.onLog('error', reply.failure.text);
    } catch (error) {
      this.#listener.onLog('error', (error as Error).message);
    }
    return null;
  }
}
