// Virtual users that sleep, on one timer of Node's for all of them: of its own each would have a timer, and each length that occurs a list.

/** The longest that Node's timers wait at once, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Something that sleeps until a time. */
export interface Sleeper {
  /** By `performance.now()`. */
  dueMs: number;
  /** @internal Where it is in the queue; negative: it is in none. */
  place: number;
  /** It is due, and out of the queue. */
  wake(): void;
}

/** A heap by due time; never early. */
export class Sleepers {
  readonly #heap: Sleeper[] = [];
  #timeout: NodeJS.Timeout | null = null;
  #wakeMs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#heap.length;
  }

  add(sleeper: Sleeper): void {
    if (this.#heap.push(sleeper) === 1) this.#timeout?.ref();
    this.#rise(sleeper, this.#heap.length - 1);
    if (sleeper.dueMs < this.#wakeMs) this.#plan();
  }

  /** Takes a sleeper out, who is woken no more; one that is in no queue is left alone. */
  remove(sleeper: Sleeper): void {
    const { place } = sleeper;
    if (place < 0) return;
    sleeper.place = -1;
    const last = this.#heap.pop() as Sleeper;
    if (last !== sleeper) {
      this.#rise(last, place);
      this.#sink(last, last.place);
    }
    // The timer stays: that it finds nothing due costs less than another one for each that is taken out. But nobody waits for it.
    if (this.#heap.length === 0) this.#timeout?.unref();
  }

  #plan(): void {
    const first = this.#heap[0];
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    if (first === undefined) return;
    this.#wakeMs = first.dueMs;
    const waitMs = Math.max(1, Math.ceil(first.dueMs - performance.now()));
    this.#timeout = setTimeout(this.#wakeDue, Math.min(waitMs, LONGEST_MS));
  }

  /**
   * Wakes one, and the others that are due when all is done that this one has begun: code of a script that runs without end is ended by
   * the engine, and with it all that was to follow in its turn. What is to come is planned before, since no `finally` would run.
   */
  readonly #wakeDue = (): void => {
    this.#timeout = null;
    const first = this.#heap[0];
    if (first === undefined || first.dueMs > performance.now()) {
      this.#plan();
      return;
    }
    this.remove(first);
    const next = this.#heap[0];
    if (next !== undefined && next.dueMs <= performance.now()) {
      // What is added meanwhile plans no timer.
      this.#wakeMs = Number.NEGATIVE_INFINITY;
      queueMicrotask(this.#wakeNext);
    } else this.#plan();
    first.wake();
  };

  /** A tick that is asked for by a microtask comes when no microtask is left. */
  readonly #wakeNext = (): void => process.nextTick(this.#wakeDue);

  /** To be called when code was ended in the middle: what was planned may be lost with it. */
  recover(): void {
    this.#plan();
  }

  #rise(sleeper: Sleeper, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const above = heap[(place - 1) >> 1] as Sleeper;
      if (above.dueMs <= sleeper.dueMs) break;
      heap[place] = above;
      above.place = place;
      place = (place - 1) >> 1;
    }
    heap[place] = sleeper;
    sleeper.place = place;
  }

  #sink(sleeper: Sleeper, from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as Sleeper).dueMs < (heap[below] as Sleeper).dueMs) below++;
      const earliest = heap[below] as Sleeper;
      if (earliest.dueMs >= sleeper.dueMs) break;
      heap[place] = earliest;
      earliest.place = place;
      place = below;
    }
    heap[place] = sleeper;
    sleeper.place = place;
  }
}

/** Everybody's of this thread. */
export const sleepers = new Sleepers();
