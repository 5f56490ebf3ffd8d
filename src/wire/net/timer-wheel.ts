import { performance } from 'node:perf_hooks';
import { reportStrayFailure } from './unexpected.ts';

/** Something that waits for a timer; an object rather than a function, so that waiting needs no closure. */
export interface TimerTarget {
  onTimer(): void;
}

/** A pending timer; only the wheel looks inside. */
export interface TimerHandle {
  /** @internal */ due: number;
  /** @internal */ slot: number;
  /** @internal */ previous: TimerHandle | null;
  /** @internal */ next: TimerHandle | null;
  /** @internal */ target: TimerTarget | (() => void) | null;
}

const TICK_MS = 4;
const SLOTS = 1024;
const MASK = SLOTS - 1;

/**
 * Deadlines and timeouts of many exchanges on one timer of Node's. Almost all of them are cancelled before they are due, so
 * scheduling and cancelling are a few pointer writes; a timer fires never early and at most about two ticks (8 ms) late.
 */
export class TimerWheel {
  readonly #heads: (TimerHandle | null)[] = new Array<TimerHandle | null>(SLOTS).fill(null);
  #count = 0;
  /** The last tick whose slot has been looked at. */
  #cursor = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #timeout: NodeJS.Timeout | null = null;

  /** Timers that are pending. */
  get size(): number {
    return this.#count;
  }

  /**
   * Calls the target once after `ms` milliseconds.
   * @param now what the clock said just now, if the caller has asked it (`performance.now()`)
   */
  schedule(ms: number, target: TimerTarget | (() => void), now = performance.now()): TimerHandle {
    const due = now + Math.max(ms, 0);
    if (this.#count === 0) {
      this.#cursor = Math.floor(now / TICK_MS);
      this.#timeout?.ref();
    }
    // A slot that has been looked at is looked at again only a turn later: who read the clock before that is due next.
    const tick = Math.max(Math.ceil(due / TICK_MS), this.#cursor + 1);
    const handle: TimerHandle = { due, slot: tick & MASK, previous: null, next: null, target };
    const head = this.#heads[handle.slot] ?? null;
    handle.next = head;
    if (head !== null) head.previous = handle;
    this.#heads[handle.slot] = handle;
    this.#count++;
    // A timer beyond one turn of the wheel is seen on the turn's own wake-up.
    const at = Math.min(tick, this.#cursor + SLOTS - 1) * TICK_MS;
    if (at < this.#wakeAt) this.#wake(at, now);
    return handle;
  }

  /** Forgets a timer; one that has fired or been cancelled already is ignored. */
  cancel(handle: TimerHandle): void {
    if (handle.target === null) return;
    handle.target = null;
    this.#unlink(handle);
  }

  #unlink(handle: TimerHandle): void {
    if (handle.previous !== null) handle.previous.next = handle.next;
    else this.#heads[handle.slot] = handle.next;
    if (handle.next !== null) handle.next.previous = handle.previous;
    handle.previous = null;
    handle.next = null;
    this.#count--;
    if (this.#count === 0 && this.#timeout !== null) this.#timeout.unref();
  }

  #wake(at: number, now: number): void {
    this.#wakeAt = at;
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = setTimeout(this.#turn, Math.max(1, Math.ceil(at - now)));
  }

  readonly #turn = (): void => {
    this.#timeout = null;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const last = Math.floor(now / TICK_MS);
    const first = Math.max(this.#cursor + 1, last - SLOTS + 1);
    this.#cursor = last;
    let dueNow: TimerHandle[] | null = null;
    for (let tick = first; tick <= last; tick++) {
      for (let handle = this.#heads[tick & MASK] ?? null; handle !== null; handle = handle.next) {
        if (handle.due <= now) {
          dueNow ??= [];
          dueNow.push(handle);
        }
      }
    }
    try {
      if (dueNow !== null) this.#fire(dueNow);
    } finally {
      this.#rearm();
    }
  };

  #fire(due: TimerHandle[]): void {
    due.sort((a, b) => a.due - b.due);
    for (const handle of due) {
      const { target } = handle;
      if (target === null) continue;
      handle.target = null;
      this.#unlink(handle);
      try {
        if (typeof target === 'function') target();
        else target.onTimer();
      } catch (error) {
        // The timers behind it must fire all the same.
        queueMicrotask(() => reportStrayFailure(error));
      }
    }
  }

  /** Sleeps until the next slot that holds a timer, at most one turn. */
  #rearm(): void {
    if (this.#count === 0) return;
    let tick = this.#cursor + 1;
    const end = this.#cursor + SLOTS - 1;
    while (tick < end && this.#heads[tick & MASK] === null) tick++;
    const at = tick * TICK_MS;
    if (at < this.#wakeAt) this.#wake(at, performance.now());
  }
}

/** The wheel that everything in this thread shares. */
export const timerWheel = new TimerWheel();
