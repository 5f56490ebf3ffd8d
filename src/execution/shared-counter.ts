// Counters over several threads, for iterations that any worker may take but only one.
import type { SharedCounter } from './executor.ts';

/** Taken and ended iterations, and how often somebody had something to say for all. */
const CELLS = 3;

/** The counter of one scenario in a buffer made by {@link createSharedCounters}. */
export class BufferCounter implements SharedCounter {
  readonly #cells: BigInt64Array;
  readonly #taken: number;
  readonly #ended: number;
  readonly #said: number;

  /** @param index position of the scenario among all of the test */
  constructor(buffer: SharedArrayBuffer, index: number) {
    this.#cells = new BigInt64Array(buffer);
    this.#taken = index * CELLS;
    this.#ended = index * CELLS + 1;
    this.#said = index * CELLS + 2;
  }

  next(): number {
    return Number(Atomics.add(this.#cells, this.#taken, 1n));
  }

  taken(): number {
    return Number(Atomics.load(this.#cells, this.#taken));
  }

  takeRest(total: number): number {
    // Whoever exchanges first gets the rest; all later ones, `next` included, find nothing.
    const before = Number(Atomics.exchange(this.#cells, this.#taken, BigInt(total)));
    return Math.max(0, total - before);
  }

  finish(): void {
    Atomics.add(this.#cells, this.#ended, 1n);
  }

  finished(): number {
    return Number(Atomics.load(this.#cells, this.#ended));
  }

  isFirstToSay(): boolean {
    return Atomics.add(this.#cells, this.#said, 1n) === 0n;
  }
}

/** @returns memory for `count` counters, all 0, to be sent to every worker */
export function createSharedCounters(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(count * CELLS * BigInt64Array.BYTES_PER_ELEMENT);
}
