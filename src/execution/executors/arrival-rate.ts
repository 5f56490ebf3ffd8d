// Arrival rates: iterations start when they are due, however long the ones before them take.

import type { ConstantArrivalRateConfig, RampingArrivalRateConfig } from '../../options/scenario-config.ts';
import type { Share } from '../../options/segment.ts';
import type { TimerHandle } from '../clock.ts';
import type { ExecutorHost, ExecutorProgress, ExecutorVu } from '../executor.ts';
import { BaseExecutor } from './base-executor.ts';
import { IdleVus } from './idle-vus.ts';

/** What is due when. */
export interface ArrivalSchedule {
  /**
   * @param index of an iteration, 0-based over the whole test; asked in ascending order
   * @returns ms after the scenario's start; Infinity when it is never due
   */
  dueMs(index: number): number;
  /** @returns iterations per ms over the whole test */
  rateAt(ms: number): number;
}

/** Ms that iterations may follow one another before everything else gets its turn, and how often the clock is looked at. */
const TURN_MS = 20;
const CLOCK_EVERY = 64;

/**
 * Keeps an absolute schedule: being late never shifts what follows. All that is due is started in one wake-up; without a free
 * virtual user it is dropped, and another virtual user is made as long as there may be more.
 */
export class ArrivalRate extends BaseExecutor<ConstantArrivalRateConfig | RampingArrivalRateConfig> {
  readonly #schedule: ArrivalSchedule;
  /** Null when this worker has no virtual user for it. */
  readonly #share: Share | null;
  readonly #preAllocated: number;
  readonly #most: number;
  readonly #idle = new IdleVus();
  /** Virtual users asked for or made. */
  #vus = 0;
  #creating = false;
  #warned = false;
  /** Iterations of this worker that came due, and those that started. */
  #due = 0;
  #started = 0;
  /** When the next iteration is due, in ms since the epoch. */
  #nextDueAt = Number.POSITIVE_INFINITY;
  #timer: TimerHandle | null = null;
  readonly #followLater = (): void => this.follow();

  constructor(
    config: ConstantArrivalRateConfig | RampingArrivalRateConfig,
    host: ExecutorHost,
    schedule: ArrivalSchedule,
  ) {
    super(config, host);
    this.#schedule = schedule;
    this.#share = host.share.forArrivals(config.maxVUs);
    this.#preAllocated = host.share.scale(config.preAllocatedVUs);
    this.#most = host.share.scale(config.maxVUs);
  }

  protected get maxVus(): number {
    return this.#most;
  }

  protected begin(): void {
    if (this.#share === null) {
      this.complete();
      return;
    }
    // What was due before was somebody else's.
    if (this.beginsInMiddle) this.#due = this.#countDue(this.host.clock.now());
    this.#vus = this.#preAllocated;
    for (let i = 0; i < this.#preAllocated; i++) this.request((vu) => this.#idle.push(vu));
    this.claim();
    this.follow();
  }

  /** Starts all that is due and waits for the next. */
  protected follow(): void {
    // Deferred, and over in the meantime.
    if (this.phase !== 'running') return;
    this.#timer?.clear();
    if (this.#startDue() && this.phase === 'running') {
      this.#timer = null;
      this.host.clock.defer(this.#followLater);
      return;
    }
    this.#timer =
      this.phase === 'running' && this.#nextDueAt < Number.POSITIVE_INFINITY
        ? this.host.clock.setTimer(this.#nextDueAt, this.#followLater)
        : null;
  }

  #findNextDue(): void {
    this.#nextDueAt =
      this.#share === null
        ? Number.POSITIVE_INFINITY
        : this.startMs + this.#schedule.dueMs(this.#share.inTest(this.#due));
  }

  /**
   * Starts all that is due and drops what finds no virtual user. Iterations that end at once could go on for ever at a rate that
   * no machine reaches: sockets and timers get their turn in between.
   * @returns whether something due is left for the next turn
   */
  #startDue(): boolean {
    const now = this.host.clock.now();
    let count = 0;
    this.#findNextDue();
    for (let dueMs = this.#nextDueAt; dueMs <= now; dueMs = this.#nextDueAt) {
      const vu = this.#idle.shift();
      if (vu === undefined) {
        this.#drop(now);
        this.#findNextDue();
        this.claim();
        return false;
      }
      this.#due++;
      this.#findNextDue();
      this.claim();
      this.#start(vu, dueMs);
      if (++count % CLOCK_EVERY === 0 && this.host.clock.now() - now > TURN_MS) return true;
    }
    return false;
  }

  /** Iterations of this worker that are due by `now` and have not been looked at: found in few steps, however many they are. */
  #countDue(now: number): number {
    const isDue = (ahead: number): boolean => {
      const index = this.#due + ahead - 1;
      const dueMs = this.#share === null ? Number.POSITIVE_INFINITY : this.#schedule.dueMs(this.#share.inTest(index));
      return this.startMs + dueMs <= now;
    };
    let beyond = 1;
    while (isDue(beyond)) beyond *= 2;
    let due = Math.floor(beyond / 2);
    while (beyond - due > 1) {
      const middle = Math.floor((due + beyond) / 2);
      if (isDue(middle)) due = middle;
      else beyond = middle;
    }
    return due;
  }

  #start(vu: ExecutorVu, dueMs: number): void {
    const share = this.#share as Share;
    const index = this.firstNumber + this.#started++;
    vu.begin(share.inInstance(index), share.inTest(index), dueMs, this);
  }

  #drop(now: number): void {
    const count = this.#countDue(now);
    if (count === 0) return;
    this.#due += count;
    this.host.dropIterations(count);
    if (this.#creating) return;
    if (this.#vus < this.#most) void this.#createVu();
    else if (!this.#warned) {
      this.#warned = true;
      if (!this.host.iterations.isFirstToSay()) return;
      const most = this.host.share.scaleInstance(this.config.maxVUs);
      this.host.warn(`Insufficient VUs, reached ${most} active VUs and cannot initialize more`);
    }
  }

  async #createVu(): Promise<void> {
    this.#creating = true;
    this.#vus++;
    this.claim();
    const vu = await this.host.createVu();
    this.#creating = false;
    if (vu === null) {
      this.#vus--;
      this.finishIfIdle();
    } else if (this.phase === 'running') {
      this.hold(vu);
      this.#idle.push(vu);
      this.claim();
    } else {
      this.host.releaseVu(vu);
      this.finishIfIdle();
    }
  }

  protected override get isBusy(): boolean {
    return this.#creating;
  }

  override onIterationEnd(vu: ExecutorVu): void {
    if (this.phase === 'running') {
      this.#idle.push(vu);
      this.claim();
    } else this.release(vu);
  }

  /** Idle ones wait for nothing until an iteration is due; where none is left, and none can be made, nobody waits at all. */
  protected override claim(): void {
    const { claims } = this.host;
    claims.users = this.held.size - this.#idle.size + (this.#creating ? 1 : 0);
    const hasOthers = this.phase === 'running' && (this.#idle.size > 0 || this.#vus < this.#most);
    claims.nextMs = hasOthers ? this.#nextDueAt : Number.POSITIVE_INFINITY;
  }

  protected mayContinue(): boolean {
    return false;
  }

  protected startIteration(): void {}

  protected wind(): void {
    this.#timer?.clear();
    this.#timer = null;
    // What was due before the end and not started yet is only late.
    if (this.phase === 'stopping' && this.#startDue()) this.#drop(this.host.clock.now());
    for (let vu = this.#idle.shift(); vu !== undefined; vu = this.#idle.shift()) this.release(vu);
  }

  override progress(nowMs: number): ExecutorProgress {
    const progress = super.progress(nowMs);
    const part = this.#share?.fraction ?? 0;
    const { elapsedMs, durationMs } = progress;
    // Once it is over, the rate that it had come to: as k6 shows it.
    const atMs = Math.min(elapsedMs, durationMs ?? elapsedMs);
    const rate = this.phase === 'waiting' ? 0 : this.#schedule.rateAt(atMs) * 1000 * part;
    return { ...progress, activeVus: this.held.size - this.#idle.size, rate };
  }
}
