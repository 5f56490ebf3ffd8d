// Counters over several threads, for iterations that any worker may take but only one.
import type { SharedCounter } from './executor.ts';

/** One of the counters in a buffer made by {@link createSharedCounters}. */
export class BufferCounter implements SharedCounter {
  readonly #cells: BigInt64Array;
  readonly #index: number;

  /** @param index position of the scenario among all of the test */
  constructor(buffer: SharedArrayBuffer, index: number) {
    this.#cells = new BigInt64Array(buffer);
    this.#index = index;
  }

  next(): number {
    return Number(Atomics.add(this.#cells, this.#index, 1n));
  }

  read(): number {
    return Number(Atomics.load(this.#cells, this.#index));
  }
}

/** @returns memory for `count` counters, all 0, to be sent to every worker */
export function createSharedCounters(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(count * BigInt64Array.BYTES_PER_ELEMENT);
}
