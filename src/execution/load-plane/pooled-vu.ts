// A virtual user in the hands of the executors: starts iterations of the script on it and measures them.
import { types } from 'node:util';
import type { IterationEnd } from '../../script/realm-interface.ts';
import type { ScenarioState, VirtualUser } from '../../vu/virtual-user.ts';
import type { PausableClock } from '../clock.ts';
import type { ExecutorVu, IterationListener } from '../executor.ts';
import { type ComputingWatch, LONG_SLICE_MS } from './computing-watch.ts';

/** What the virtual users of a worker have in common. */
export interface IterationContext {
  /** JSON text of what setup returned. */
  setupData: string | undefined;
  readonly counters: {
    completeIteration(): void;
    failIteration(): void;
    interruptIteration(): void;
  };
  /** The time of the scenarios. */
  readonly clock: Pick<PausableClock, 'now' | 'isPaused' | 'defer'>;
  /** Asks for the long iterations while it looks for what computes. */
  computing?: Pick<ComputingWatch, 'onIterationEnd'>;
  /** Says that an iteration threw; it counts all the same. */
  reportError(vu: VirtualUser, error: unknown): void;
}

/** Node's timers know no longer time, and take one for none. */
const LONGEST_MS = 2 ** 31 - 1;

export class PooledVu implements ExecutorVu, IterationEnd {
  readonly id: number;
  readonly vu: VirtualUser;
  slot: number | undefined;
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #context: IterationContext;
  /** What reads the function of an iteration, where that is a live binding of the script; null: it is a property like others. */
  #binding: (() => unknown) | null = null;
  /** The arguments of each iteration: what setup returned. */
  #arguments: [unknown] | null = null;
  #listener: IterationListener | null = null;
  #running = false;
  /** Whether the iteration has thrown. */
  #failed = false;
  /** Ends the wait of a completed iteration for its least duration. */
  #padding: NodeJS.Timeout | null = null;
  #startedAt = 0;
  /** How late the iteration began; NaN where none was due. */
  #startDelay = Number.NaN;
  #sentBefore = 0;
  #receivedBefore = 0;

  /** @param exports of the virtual user's own instance of the script */
  constructor(vu: VirtualUser, exports: Readonly<Record<string, unknown>>, context: IterationContext) {
    this.vu = vu;
    this.id = vu.idInInstance;
    this.#exports = exports;
    this.#context = context;
  }

  /** Puts the virtual user at a scenario's disposal: its environment, tags and counters from now on. */
  join(scenario: ScenarioState): void {
    const { vu } = this;
    if (vu.scenario === scenario) return;
    vu.scenario = scenario;
    vu.iteration.inScenario = -1;
    // Each virtual user has exports of its own shape: to look a name up in them takes the engine longer than all else of a beginning.
    this.#binding = findBinding(this.#exports, scenario.exec);
    vu.enterScenario(scenario);
  }

  begin(inInstance: number, inTest: number, dueMs: number, listener: IterationListener): void {
    const { vu } = this;
    const { iteration } = vu;
    iteration.inVu++;
    iteration.inScenario++;
    iteration.scenarioInInstance = inInstance;
    iteration.scenarioInTest = inTest;
    this.#listener = listener;
    this.#running = true;
    this.#failed = false;
    vu.startIteration();
    this.#startedAt = vu.environment.now();
    this.#startDelay = Number.NaN;
    if (!Number.isNaN(dueMs)) {
      this.#startDelay = Math.max(0, this.#context.clock.now() - dueMs);
      vu.environment.samples.add(
        vu.environment.metrics.iteration_start_delay,
        vu.tags,
        this.#startDelay,
        this.#startedAt,
      );
    }
    this.#sentBefore = vu.meter.sent;
    this.#receivedBefore = vu.meter.received;
    // One copy for each virtual user, shared by its iterations, as in k6.
    const { setupData } = this.#context;
    this.#arguments ??= [setupData === undefined ? undefined : vu.environment.realm.parseJson(setupData)];
    const exports = this.#exports;
    const fn = this.#binding === null ? exports[vu.scenario!.exec] : Reflect.apply(this.#binding, exports, []);
    vu.loop.begin(fn, undefined, this.#arguments, this);
  }

  interrupt(): void {
    if (!this.#running) return;
    this.#running = false;
    if (this.#padding) {
      // It is complete and counted already: only the wait is cut short.
      clearTimeout(this.#padding);
      this.#padding = null;
    } else {
      const { vu } = this;
      vu.interrupt();
      vu.endIteration();
      if (vu.hasAborted) this.#count(vu.environment.now());
      else {
        this.#countBytes(vu.environment.now());
        this.#countFailure(vu.environment.now());
        this.#context.counters.interruptIteration();
        this.#endTrace(vu.environment.now(), 'interrupted');
      }
    }
    const listener = this.#listener!;
    // Never from within `begin`, which may be what is on the stack here.
    queueMicrotask(() => listener.onIterationEnd(this));
  }

  onFailed(error: unknown): void {
    if (!this.#failed) this.#context.counters.failIteration();
    this.#failed = true;
    this.#context.reportError(this.vu, error);
    this.vu.cutShort();
  }

  onIdle(sinceMs: number): void {
    const { vu } = this;
    const end = Number.isNaN(sinceMs) ? vu.environment.now() : vu.environment.timeOrigin + sinceMs;
    const { options } = vu.environment;
    vu.endIteration();
    this.#count(end);
    const padding = options.minIterationDurationMs - (end - this.#startedAt);
    if (padding > 0) this.#padding = setTimeout(() => this.#end(), Math.min(padding, LONGEST_MS));
    else this.#end();
  }

  /** One more iteration has come to its end. */
  #count(end: number): void {
    const { vu } = this;
    const { samples, metrics } = vu.environment;
    const duration = end - this.#startedAt;
    if (duration >= LONG_SLICE_MS) this.#context.computing?.onIterationEnd(vu.scenario?.name ?? '', duration);
    samples.add(metrics.iteration_duration, vu.tags, duration, end);
    if (!Number.isNaN(this.#startDelay))
      samples.add(metrics.generator_iteration_duration, vu.tags, this.#startDelay + duration, end);
    samples.add(metrics.iterations, vu.tags, 1, end);
    this.#countBytes(end);
    this.#countFailure(end);
    this.#context.counters.completeIteration();
    this.#endTrace(end, this.#failed ? 'failed' : null);
  }

  #endTrace(end: number, problem: string | null): void {
    const { trace, scenario, iteration, idInTest } = this.vu;
    if (trace === null || !trace.isSampled) return;
    trace.end({
      name:
        scenario!.exec === 'default' ? `iteration ${scenario!.name}` : `iteration ${scenario!.name} ${scenario!.exec}`,
      begin: this.#startedAt,
      end,
      problem,
      attributes: [
        ['k6.scenario', scenario!.name],
        ['k6.vu', idInTest],
        ['k6.iteration', iteration.inVu],
      ],
    });
  }

  #end(): void {
    this.#padding = null;
    this.#running = false;
    const { clock } = this.#context;
    // Whoever hears of the end begins the next one: not while the run is paused.
    if (clock.isPaused) clock.defer(() => this.#listener!.onIterationEnd(this));
    else this.#listener!.onIterationEnd(this);
  }

  #countFailure(time: number): void {
    if (!this.#failed) return;
    const { samples, failedIterations } = this.vu.environment;
    if (failedIterations !== null) samples.add(failedIterations, this.vu.tags, 1, time);
  }

  #countBytes(time: number): void {
    const { vu } = this;
    const { samples, metrics } = vu.environment;
    samples.add(metrics.data_sent, vu.tags, vu.meter.sent - this.#sentBefore, time);
    samples.add(metrics.data_received, vu.tags, vu.meter.received - this.#receivedBefore, time);
  }
}

function findBinding(exports: Readonly<Record<string, unknown>>, name: string): (() => unknown) | null {
  // A CommonJS script exports what it likes.
  return types.isProxy(exports) ? null : (Object.getOwnPropertyDescriptor(exports, name)?.get ?? null);
}
