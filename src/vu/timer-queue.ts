// When the timers of a virtual user are due: in the order of their times, whatever order the event loop would wake them in.

import { inNextTurn } from '../node/next-turn.ts';

/** A timer that is set: due at `dueMs` of the queue's own time. */
export interface QueuedTimer {
  readonly id: number;
  dueMs: number;
}

/** The longest that Node's timers wait at once, in ms. */
const LONGEST = 2 ** 31 - 1;

/**
 * Timers that a script sets in one go count from one instant, so that a shorter one fires before a longer one however long it
 * takes to set them: the time stands still until the event loop turns.
 */
let turnMs = Number.NaN;

export function turnTime(): number {
  if (Number.isNaN(turnMs)) {
    turnMs = performance.now();
    setImmediate(() => {
      turnMs = Number.NaN;
    });
  }
  return turnMs;
}

/** One wake-up for all timers of a virtual user. */
export class TimerQueue<T extends QueuedTimer> {
  readonly #fire: (timer: T) => void;
  /** By due time, then in the order they were set. */
  readonly #timers: T[] = [];
  #cancelWake: (() => void) | null = null;
  #wakeMs = Number.POSITIVE_INFINITY;

  /** @param fire called for each timer that is due; it is out of the queue then */
  constructor(fire: (timer: T) => void) {
    this.#fire = fire;
  }

  add(timer: T): void {
    const timers = this.#timers;
    let at = timers.length;
    while (at > 0 && (timers[at - 1] as T).dueMs > timer.dueMs) at--;
    timers.splice(at, 0, timer);
    if (at === 0) this.#wake();
  }

  remove(timer: T): void {
    const at = this.#timers.indexOf(timer);
    if (at < 0) return;
    this.#timers.splice(at, 1);
    if (at === 0) this.#wake();
  }

  #wake(): void {
    const dueMs = this.#timers[0]?.dueMs ?? Number.POSITIVE_INFINITY;
    if (dueMs === this.#wakeMs) return;
    this.#cancelWake?.();
    this.#cancelWake = null;
    this.#wakeMs = dueMs;
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const waitMs = dueMs - performance.now();
    if (waitMs <= 0) {
      const handle = inNextTurn(() => this.#due());
      this.#cancelWake = () => clearImmediate(handle);
    } else {
      const handle = setTimeout(() => this.#due(), Math.min(Math.ceil(waitMs), LONGEST));
      this.#cancelWake = () => clearTimeout(handle);
    }
  }

  #due(): void {
    this.#cancelWake = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    // Node's timers may come a little early: then this finds nothing and waits again.
    const now = performance.now();
    const timers = this.#timers;
    let count = 0;
    while (count < timers.length && (timers[count] as T).dueMs <= now) count++;
    for (const timer of timers.splice(0, count)) this.#fire(timer);
    this.#wake();
  }
}
