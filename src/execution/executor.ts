// What an executor needs of the rest, and what it offers: it knows when an iteration starts on which virtual user, nothing else.

import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { Share } from '../options/segment.ts';
import type { Clock } from './clock.ts';
import type { TurnClaims } from './turn-claims.ts';

/** Hears how iterations end. Executors implement it, so that no closure or promise is needed per iteration. */
export interface IterationListener {
  /**
   * The iteration is over, whether it completed, threw or was interrupted. Must never be called from within
   * {@link ExecutorVu.begin}. The executor may begin the next iteration on `vu` or release it before this returns.
   */
  onIterationEnd(vu: ExecutorVu): void;
}

/** A virtual user in the hands of a scenario. */
export interface ExecutorVu {
  /** 1-based within the instance. */
  readonly id: number;
  /** Free for the executor that holds the virtual user; undefined when it is handed over. */
  slot: number | undefined;
  /**
   * Starts an iteration; there is none in progress.
   *
   * @param inInstance number of the iteration within the scenario, 0-based over all virtual users of this instance
   * @param inTest the same over all instances of the test
   * @param dueMs epoch ms at which it should have started by its arrival rate; NaN where it starts when it can
   */
  begin(inInstance: number, inTest: number, dueMs: number, listener: IterationListener): void;
  /** Cuts off the iteration in progress; its listener hears of the end, possibly a little later. Nothing without one. */
  interrupt(): void;
}

/** What an executor gets from the worker that it runs in, for one scenario. */
export interface ExecutorHost {
  readonly clock: Clock;
  /** The part of the scenario that falls to this worker. */
  readonly share: Share;
  /** Counter that all workers of this instance share, for the scenario's shared iterations. */
  readonly iterations: SharedCounter;
  /** Where the scenario says whom of its virtual users this worker has to serve, and when others come. */
  readonly claims: TurnClaims;
  /**
   * Hands over an initialised virtual user: at once (within the call) when one is free, else as soon as one is, first come,
   * first served. The plan (vu-plan.ts) has one for every request, except for moments when another scenario is just ending.
   */
  requestVu(receive: (vu: ExecutorVu) => void): void;
  /** Takes back a virtual user that has no iteration in progress. */
  releaseVu(vu: ExecutorVu): void;
  /** Initialises a virtual user beyond the planned ones and hands it over; null when that fails or the test is ending. */
  createVu(): Promise<ExecutorVu | null>;
  /** Counts iterations that were due but did not start (`dropped_iterations`). */
  dropIterations(count: number): void;
  warn(message: string): void;
  /** How many had this share of the test before and are gone, where it is taken over in the middle of the test; 0: it begins with it. */
  readonly takeover: number;
}

/** What all workers of an instance have in common of a scenario, in memory that threads share: its iterations are counted there. */
export interface SharedCounter {
  /** Takes the next iteration. @returns its number, from 0, over all threads */
  next(): number;
  /** @returns how many were taken, or more: asking for one when none is left counts too */
  taken(): number;
  /** Takes all that are left below `total`. @returns how many those were; only one thread gets them */
  takeRest(total: number): number;
  /** Counts an iteration as ended. */
  finish(): void;
  /** @returns how many ended, over all threads */
  finished(): number;
  /** What holds for the scenario as a whole is said by one. @returns whether that is whoever asks: true once, over all threads */
  isFirstToSay(): boolean;
}

export type ScenarioPhase = 'waiting' | 'running' | 'stopping' | 'done' | 'interrupted';

/** Where a scenario stands; those of several workers can be added up (scenario-progress.ts). */
export interface ExecutorProgress {
  readonly phase: ScenarioPhase;
  /** 0 to 1: what `exec.scenario.progress` gives. */
  readonly share: number;
  /** Virtual users held and the most that there may be. */
  readonly activeVus: number;
  readonly maxVus: number;
  /** Ms since the scenario's own start; negative before it. */
  readonly elapsedMs: number;
  /** Ms that it takes by its plan; null where only a stop ends it. */
  readonly durationMs: number | null;
  /** Iterations ended and to be done, of this worker or (`shared`) of all workers; null where time alone counts. */
  readonly iterations: { readonly done: number; readonly total: number; readonly shared: boolean } | null;
  /** Iterations per second that are asked for now, or were in the end; null for closed models. */
  readonly rate: number | null;
}

/** One scenario's schedule in one worker. */
export interface Executor {
  readonly config: ScenarioConfig;
  /**
   * Runs the scenario once.
   *
   * @param testStartMs epoch ms at which the test started; the scenario starts `startTime` later
   * @returns resolves when no iteration is in progress and every virtual user is released; never rejects
   */
  run(testStartMs: number): Promise<void>;
  /** Interrupts what is in progress and starts nothing more; {@link run} then resolves. */
  stop(): void;
  /** Takes up its work again after code of the script was broken off: whatever of ours had called it was ended with it. */
  recover(): void;
  /** Changes its virtual users, over the whole test; only of executors that are controlled from outside. */
  scale?(vus: number, maxVus: number): void;
  progress(nowMs: number): ExecutorProgress;
}
