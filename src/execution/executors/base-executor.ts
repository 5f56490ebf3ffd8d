// What all executors have in common: a start, a regular end, the grace after it, and the virtual users held meanwhile.

import { goesByTime, regularDuration, type ScenarioConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';
import type { TimerHandle } from '../clock.ts';
import type {
  Executor,
  ExecutorHost,
  ExecutorProgress,
  ExecutorVu,
  IterationListener,
  ScenarioPhase,
} from '../executor.ts';
import { TurnBudget } from './turn-budget.ts';

/**
 * Iterations that whoever takes a share over leaves between its own numbers and those of whoever had it before, who may have done more
 * than anybody has heard of: each number is there once.
 */
const NUMBERS_APART = 1_000_000_000;

export abstract class BaseExecutor<Config extends ScenarioConfig = ScenarioConfig>
  implements Executor, IterationListener
{
  readonly config: Config;
  protected readonly host: ExecutorHost;
  /** Virtual users held, with or without an iteration in progress. */
  protected readonly held = new Set<ExecutorVu>();
  protected phase: ScenarioPhase = 'waiting';
  /** Epoch ms of the scenario's start and of its regular end; known once {@link run} was called. */
  protected startMs = 0;
  protected endMs = 0;
  /** Whether the scenario was under way before this worker had its share. */
  protected beginsInMiddle = false;
  readonly #turn: TurnBudget;
  /** Iterations that were started by {@link startNext}. */
  protected started = 0;
  /** Those whose next iteration waits for a new turn of the event loop. */
  #postponed: ExecutorVu[] = [];
  /** Those whose turn it is, and which of them has it. */
  #resumed: readonly ExecutorVu[] = [];
  #place = 0;
  #timer: TimerHandle | null = null;
  /** Virtual users that were asked for and have not come. */
  #requested = 0;
  #resolve: (() => void) | null = null;

  constructor(config: Config, host: ExecutorHost) {
    this.config = config;
    this.host = host;
    this.#turn = new TurnBudget(host.clock);
  }

  /** Starts the scenario's work: it is time. */
  protected abstract begin(): void;
  /** Starts what is to be started by now and has not been. */
  protected abstract follow(): void;
  /** The regular duration is over: nothing new starts, what is in progress may go on for gracefulStop. */
  protected abstract wind(): void;
  /** Whether the virtual user, which has just ended an iteration, is to go on. */
  protected abstract mayContinue(vu: ExecutorVu, now: number): boolean;
  /** Starts the next iteration of a virtual user for which {@link mayContinue} said yes. */
  protected abstract startIteration(vu: ExecutorVu): void;
  /** Starts the next iteration by its number in the share of this worker. */
  protected startNext(vu: ExecutorVu, share: Share): void {
    const index = this.firstNumber + this.started++;
    vu.begin(share.inInstance(index), share.inTest(index), Number.NaN, this);
  }

  /** Number, in the share of this worker, of the iteration that it starts first. */
  protected get firstNumber(): number {
    return this.host.takeover * NUMBERS_APART;
  }

  /** The most virtual users that the scenario may hold in this worker. */
  protected abstract get maxVus(): number;

  run(testStartMs: number): Promise<void> {
    this.startMs = testStartMs + this.config.startTimeMs;
    this.endMs = this.startMs + regularDuration(this.config);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (this.phase !== 'waiting') {
        this.finish();
        return;
      }
      if (this.maxVus > 0) this.host.claims.nextMs = this.startMs;
      const now = this.host.clock.now();
      this.beginsInMiddle = this.host.takeover > 0 && now > this.startMs;
      // What is left of a number of iterations nobody knows but who is gone; and what is over is over.
      if (this.beginsInMiddle && (!goesByTime(this.config) || now >= this.endMs)) {
        this.phase = 'done';
        this.finish();
        return;
      }
      this.#timer = this.host.clock.setTimer(this.startMs, () => {
        this.phase = 'running';
        this.host.claims.nextMs = Number.POSITIVE_INFINITY;
        this.host.claims.endMs = this.endMs + this.config.gracefulStopMs;
        this.#timer = this.host.clock.setTimer(this.endMs, () => this.endRegularly());
        this.begin();
      });
    });
  }

  /** Ends the running phase; also for scenarios that are done before their time is over. */
  protected endRegularly(): void {
    if (this.phase !== 'running') return;
    this.phase = 'stopping';
    this.#timer?.clear();
    this.#timer = null;
    this.#windDown();
  }

  #windDown(): void {
    this.wind();
    this.claim();
    if (this.finishIfIdle() || this.isOver) return;
    this.#timer = this.host.clock.setTimer(this.endMs + this.config.gracefulStopMs, () => this.interruptAll());
  }

  recover(): void {
    const left = this.#resumed.slice(this.#place + 1);
    this.#resumed = [];
    if (left.length > 0) {
      if (this.#postponed.length === 0) this.host.clock.defer(this.#goOn);
      this.#postponed = [...left, ...this.#postponed];
    }
    if (this.phase === 'running') this.follow();
    else if (this.phase === 'stopping' && this.#timer === null) this.#windDown();
  }

  /** Ends the scenario before its time: there is nothing left to start, and nothing is in progress. */
  protected complete(): void {
    if (this.phase === 'running') this.phase = 'stopping';
    this.finishIfIdle();
  }

  protected get isOver(): boolean {
    return this.phase === 'done' || this.phase === 'interrupted';
  }

  stop(): void {
    if (this.isOver) return;
    const began = this.phase !== 'waiting';
    this.phase = 'interrupted';
    this.#timer?.clear();
    this.#timer = null;
    // Whatever of it still runs has nothing to wait for.
    this.host.claims.endMs = this.host.clock.now();
    if (began) this.wind();
    this.interruptAll();
    this.finishIfIdle();
  }

  protected interruptAll(): void {
    for (const vu of [...this.held]) vu.interrupt();
  }

  /** Asks for a virtual user; one that comes when the scenario has no more use for it goes straight back. */
  protected request(receive: (vu: ExecutorVu) => void): void {
    this.#requested++;
    this.claim();
    this.host.requestVu((vu) => {
      this.#requested--;
      if (this.phase !== 'running') {
        this.host.releaseVu(vu);
        return;
      }
      this.hold(vu);
      receive(vu);
    });
  }

  protected hold(vu: ExecutorVu): void {
    this.held.add(vu);
    this.claim();
  }

  protected release(vu: ExecutorVu): void {
    this.held.delete(vu);
    this.claim();
    vu.slot = undefined;
    this.host.releaseVu(vu);
    if (this.held.size === 0) this.finishIfIdle();
  }

  onIterationEnd(vu: ExecutorVu): void {
    const now = this.host.clock.now();
    if (!this.mayContinue(vu, now)) {
      this.retire(vu);
      return;
    }
    if (this.#turn.isSpent(now)) {
      if (this.#postponed.push(vu) === 1) this.host.clock.defer(this.#goOn);
    } else this.startIteration(vu);
  }

  /** Resumes what had to wait for a new turn of the event loop. */
  readonly #goOn = (): void => {
    const waiting = this.#postponed;
    this.#postponed = [];
    this.#resumed = waiting;
    const now = this.host.clock.now();
    for (this.#place = 0; this.#place < waiting.length; this.#place++) {
      const vu = waiting[this.#place]!;
      if (this.mayContinue(vu, now)) this.startIteration(vu);
      else this.retire(vu);
    }
    this.#resumed = [];
  };

  /** Takes a virtual user out of the loop. */
  protected retire(vu: ExecutorVu): void {
    this.release(vu);
  }

  /** Virtual users that are about to be asked for, or are being made. */
  protected get awaited(): number {
    return 0;
  }

  /** Says whom the thread has to serve: before any of them runs code of the script. */
  protected claim(): void {
    this.host.claims.users = this.held.size + this.#requested + (this.phase === 'running' ? this.awaited : 0);
  }

  /** Whether something other than held virtual users keeps the scenario from being over. */
  protected get isBusy(): boolean {
    return false;
  }

  protected finishIfIdle(): boolean {
    if ((this.phase !== 'stopping' && this.phase !== 'interrupted') || this.held.size > 0 || this.isBusy) return false;
    this.finish();
    return true;
  }

  protected finish(): void {
    this.#timer?.clear();
    this.#timer = null;
    if (this.phase !== 'interrupted') this.phase = 'done';
    this.host.claims.users = 0;
    this.host.claims.nextMs = Number.POSITIVE_INFINITY;
    this.#resolve?.();
    this.#resolve = null;
  }

  progress(nowMs: number): ExecutorProgress {
    const durationMs = regularDuration(this.config);
    const elapsedMs = this.startMs === 0 ? -this.config.startTimeMs : nowMs - this.startMs;
    return {
      phase: this.phase,
      share: this.phase === 'done' ? 1 : Math.min(1, Math.max(0, durationMs > 0 ? elapsedMs / durationMs : 1)),
      activeVus: this.held.size,
      maxVus: this.maxVus,
      elapsedMs,
      durationMs: Number.isFinite(durationMs) ? durationMs : null,
      iterations: null,
      rate: null,
    };
  }
}
