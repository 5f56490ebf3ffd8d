// Time as the executors see it: the real one, and one for tests that only moves when it is told to.

import { performance } from 'node:perf_hooks';
import { inNextTurn } from '../node/next-turn.ts';

export interface TimerHandle {
  /** Takes the timer back; harmless once it has fired. */
  clear(): void;
}

export interface Clock {
  /** Milliseconds since the epoch with fractions; never goes back within a process. */
  now(): number;
  /**
   * Calls `fire` once, not before `atMs`, and in a later turn of the event loop even when `atMs` is over. Timers that are due
   * together fire in the order of their times.
   */
  setTimer(atMs: number, fire: () => void): TimerHandle;
  /** Calls `run` in a later turn of the event loop, after what is waiting there by now. */
  defer(run: () => void): void;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

class RealTimer implements TimerHandle {
  readonly #clock: RealClock;
  readonly #at: number;
  readonly #fire: () => void;
  #timeout: NodeJS.Timeout;

  constructor(clock: RealClock, at: number, fire: () => void) {
    this.#clock = clock;
    this.#at = at;
    this.#fire = fire;
    this.#timeout = this.#arm();
  }

  #arm(): NodeJS.Timeout {
    const delay = Math.min(Math.max(Math.ceil(this.#at - this.#clock.now()), 0), LONGEST_TIMEOUT);
    return setTimeout(this.#wake, delay);
  }

  readonly #wake = (): void => {
    // Node counts whole milliseconds from the start of the event loop's turn, so it may wake us a fraction too early.
    if (this.#clock.now() < this.#at) this.#timeout = this.#arm();
    else this.#fire();
  };

  clear(): void {
    clearTimeout(this.#timeout);
  }
}

/** The machine's clock, as it was when the process started and monotonic from there. */
export class RealClock implements Clock {
  readonly #origin = performance.timeOrigin;

  now(): number {
    return this.#origin + performance.now();
  }

  setTimer(atMs: number, fire: () => void): TimerHandle {
    return new RealTimer(this, atMs, fire);
  }

  defer(run: () => void): void {
    inNextTurn(run);
  }
}

/** How long something has stood still. */
export interface Pauses {
  /** In the pauses that are over, in ms. */
  readonly stoodMs: number;
  /** When the present one began, in ms since the epoch; null: there is none. */
  readonly sinceMs: number | null;
}

interface PausableTimer extends TimerHandle {
  readonly atMs: number;
  readonly fire: () => void;
  /** The timer of the clock below; null while time stands still. */
  below: TimerHandle | null;
}

/**
 * A clock over another one that can be made to stand still: its timers wait, and what was due shifts by exactly the time that it
 * stood. It runs when it is made, and shows the same time as the one below until its first pause.
 */
export class PausableClock implements Clock {
  readonly #below: Clock;
  readonly #timers = new Set<PausableTimer>();
  /** What waits for the clock to go on. */
  #deferred: (() => void)[] = [];
  /** How long it has stood still so far, in ms. */
  #stoodMs: number;
  /** Where the clock below stood when this one was stopped; null while it runs. */
  #pausedAt: number | null;
  /** A timer that has fired was due: rounding must not make the time that is told less than its own. */
  #least = Number.NEGATIVE_INFINITY;

  /** @param pauses in which it has stood still already */
  constructor(below: Clock, { stoodMs, sinceMs }: Pauses = { stoodMs: 0, sinceMs: null }) {
    this.#below = below;
    this.#stoodMs = stoodMs;
    this.#pausedAt = sinceMs;
  }

  get isPaused(): boolean {
    return this.#pausedAt !== null;
  }

  /** How long it has stood still until now, in ms. */
  get stoodMs(): number {
    return this.#stoodMs + (this.#pausedAt === null ? 0 : this.#below.now() - this.#pausedAt);
  }

  /** It goes by another one, which has stood still for so long until now: to be said before it has timers. */
  adopt(stoodMs: number): void {
    this.#stoodMs = stoodMs;
    if (this.#pausedAt !== null) this.#pausedAt = this.#below.now();
  }

  now(): number {
    return Math.max(this.#least, (this.#pausedAt ?? this.#below.now()) - this.#stoodMs);
  }

  setTimer(atMs: number, fire: () => void): TimerHandle {
    const timers = this.#timers;
    const timer: PausableTimer = {
      atMs,
      fire,
      below: null,
      clear() {
        this.below?.clear();
        timers.delete(this);
      },
    };
    timers.add(timer);
    if (this.#pausedAt === null) this.#arm(timer);
    return timer;
  }

  defer(run: () => void): void {
    if (this.#pausedAt === null) this.#below.defer(run);
    else this.#deferred.push(run);
  }

  /** Stops the clock, where it runs. */
  pause(): void {
    if (this.#pausedAt !== null) return;
    this.#pausedAt = this.#below.now();
    for (const timer of this.#timers) {
      timer.below?.clear();
      timer.below = null;
    }
  }

  /** Lets the clock go on, where it stands. */
  resume(): void {
    if (this.#pausedAt === null) return;
    this.#stoodMs += this.#below.now() - this.#pausedAt;
    this.#pausedAt = null;
    for (const timer of this.#timers) this.#arm(timer);
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const run of deferred) this.#below.defer(run);
  }

  #arm(timer: PausableTimer): void {
    timer.below = this.#below.setTimer(timer.atMs + this.#stoodMs, () => {
      this.#timers.delete(timer);
      this.#least = Math.max(this.#least, timer.atMs);
      timer.fire();
    });
  }
}

interface VirtualTimer extends TimerHandle {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cleared: boolean;
}

/** A clock for tests: {@link advanceTo} fires, in order and at their exact times, the timers up to a moment. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap by time, then by order of creation. */
  readonly #timers: VirtualTimer[] = [];

  constructor(nowMs = 0) {
    this.#now = nowMs;
  }

  now(): number {
    return this.#now;
  }

  setTimer(atMs: number, fire: () => void): TimerHandle {
    const timer: VirtualTimer = {
      at: Math.max(atMs, this.#now),
      order: this.#order++,
      fire,
      cleared: false,
      clear() {
        this.cleared = true;
      },
    };
    this.#push(timer);
    return timer;
  }

  defer(run: () => void): void {
    this.setTimer(this.#now, run);
  }

  /**
   * Lets time pass. Promises that settle in a timer's turn are followed up before the next timer fires, as in Node.
   *
   * @param atMs where the clock stands afterwards
   */
  async advanceTo(atMs: number): Promise<void> {
    await settle();
    while (this.#timers.length > 0 && this.#timers[0].at <= atMs) {
      const timer = this.#pop();
      if (timer.cleared) continue;
      this.#now = Math.max(this.#now, timer.at);
      timer.fire();
      await settle();
    }
    this.#now = Math.max(this.#now, atMs);
  }

  /** Lets time pass without any timer firing, as while the event loop is blocked; the next advance fires them late. */
  block(ms: number): void {
    this.#now += ms;
  }

  /** Fires everything there is, however far in the future. */
  async runAll(): Promise<void> {
    await settle();
    while (this.#timers.length > 0) await this.advanceTo(Math.max(this.#now, this.#timers[0].at));
  }

  #push(timer: VirtualTimer): void {
    const heap = this.#timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent], timer)) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): VirtualTimer {
    const heap = this.#timers;
    const top = heap[0];
    const last = heap.pop() as VirtualTimer;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (isBefore(last, heap[child])) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves once no microtask is left. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
