// For tests: virtual users whose iterations take a given virtual time, and a record of what executors do with them.

import { resolveScenario } from '../../options/resolve-scenario.ts';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import type { ScenarioSettings } from '../../options/scenario-settings.ts';
import { Share } from '../../options/segment.ts';
import { PausableClock, VirtualClock } from '../clock.ts';
import type { Executor, ExecutorHost, ExecutorVu, IterationListener } from '../executor.ts';
import { BufferCounter, createSharedCounters } from '../shared-counter.ts';
import { createTurnClaims, TurnClaims } from '../turn-claims.ts';
import { createExecutor } from './create-executor.ts';

/** An iteration that took place. Times are ms of the virtual clock. */
export interface LabIteration {
  readonly vu: number;
  readonly inInstance: number;
  readonly inTest: number;
  readonly dueMs: number;
  readonly startMs: number;
  endMs: number;
  interrupted: boolean;
}

class LabVu implements ExecutorVu {
  readonly id: number;
  slot: number | undefined = undefined;
  readonly #host: LabHost;
  #end: ((interrupted: boolean) => void) | null = null;

  constructor(id: number, host: LabHost) {
    this.id = id;
    this.#host = host;
  }

  begin(inInstance: number, inTest: number, dueMs: number, listener: IterationListener): void {
    if (this.#end) throw new Error(`VU ${this.id} has an iteration in progress`);
    const { clock, world } = this.#host;
    const startMs = world.now();
    const iteration: LabIteration = {
      vu: this.id,
      inInstance,
      inTest,
      dueMs,
      startMs,
      endMs: Number.NaN,
      interrupted: false,
    };
    this.#host.record.push(iteration);
    const end = (interrupted: boolean): void => {
      this.#end = null;
      timer.clear();
      iteration.endMs = world.now();
      iteration.interrupted = interrupted;
      const tell = (): void => listener.onIterationEnd(this);
      if (clock.isPaused) clock.defer(tell);
      else queueMicrotask(tell);
    };
    this.#end = end;
    const timer = world.setTimer(startMs + this.#host.iterationMs(iteration), () => end(false));
  }

  interrupt(): void {
    this.#end?.(true);
  }
}

export interface LabSettings {
  /** Ms that an iteration takes. */
  readonly iterationMs: number | ((iteration: LabIteration) => number);
  readonly share?: Share;
  readonly clock?: VirtualClock;
  /** Counter buffer that several hosts share. */
  readonly counters?: SharedArrayBuffer;
  /** How many had the share before; missing: none. */
  readonly takeover?: number;
  /** Ms that it takes to make an unplanned virtual user. */
  readonly createMs?: number;
}

class LabHost implements ExecutorHost {
  /** The time of the scenario, which can be paused, over that of the world. */
  readonly clock: PausableClock;
  readonly world: VirtualClock;
  readonly share: Share;
  readonly iterations: BufferCounter;
  readonly claimed = createTurnClaims(1);
  readonly claims = new TurnClaims(this.claimed, 0);
  readonly takeover: number;
  readonly record: LabIteration[] = [];
  readonly warnings: string[] = [];
  dropped = 0;
  created = 0;
  lent = 0;
  readonly #settings: LabSettings;
  readonly #free: LabVu[] = [];
  #vus = 0;

  constructor(settings: LabSettings) {
    this.#settings = settings;
    this.world = settings.clock ?? new VirtualClock();
    this.clock = new PausableClock(this.world);
    this.share = settings.share ?? Share.WHOLE;
    this.takeover = settings.takeover ?? 0;
    this.iterations = new BufferCounter(settings.counters ?? createSharedCounters(1), 0);
  }

  iterationMs(iteration: LabIteration): number {
    const { iterationMs } = this.#settings;
    return typeof iterationMs === 'number' ? iterationMs : iterationMs(iteration);
  }

  requestVu(receive: (vu: ExecutorVu) => void): void {
    this.lent++;
    receive(this.#free.pop() ?? new LabVu(++this.#vus, this));
  }

  releaseVu(vu: ExecutorVu): void {
    this.lent--;
    this.#free.push(vu as LabVu);
  }

  createVu(): Promise<ExecutorVu | null> {
    this.created++;
    return new Promise((resolve) => {
      this.world.setTimer(this.world.now() + (this.#settings.createMs ?? 0), () => {
        this.lent++;
        resolve(new LabVu(++this.#vus, this));
      });
    });
  }

  dropIterations(count: number): void {
    this.dropped += count;
  }

  warn(message: string): void {
    this.warnings.push(message);
  }
}

export interface LabRun {
  readonly host: LabHost;
  readonly executor: Executor;
  /** Virtual time at which the scenario was over; NaN before. */
  doneMs: number;
}

/** @returns a scenario with its defaults. @throws when it is not valid */
export function labScenario(settings: ScenarioSettings): ScenarioConfig {
  const problems: string[] = [];
  const config = resolveScenario('lab', settings, problems);
  if (problems.length > 0) throw new Error(problems.join(', '));
  return config;
}

/** Starts a scenario at 0 of the virtual clock, which stands still yet. */
export function startLab(settings: ScenarioSettings, labSettings: LabSettings): LabRun {
  const host = new LabHost(labSettings);
  const executor = createExecutor(labScenario(settings), host);
  const run: LabRun = { host, executor, doneMs: Number.NaN };
  void executor.run(0).then(() => {
    run.doneMs = host.world.now();
  });
  return run;
}

/** Runs a scenario to its end. */
export async function runLab(settings: ScenarioSettings, labSettings: LabSettings): Promise<LabRun> {
  const run = startLab(settings, labSettings);
  await run.host.world.runAll();
  return run;
}
