// Counts of a run that every thread reads and writes, without a message.
import type { InstanceCounts } from '../vu/environment.ts';

const COMPLETED = 0;
const INTERRUPTED = 1;
const ACTIVE = 2;
const INITIALISED = 3;
/** The next free turn, in nanoseconds of the system's monotonic clock, which all threads share. */
const NEXT_TURN = 4;
/** Octets of the bodies of responses that are being read and unpacked. */
const BODY_BYTES = 5;
const FAILED = 6;
const SLOTS = 7;

/** Iterations and virtual users of this instance over all its workers, in memory that the threads share. */
export class RunCounters implements InstanceCounts {
  readonly buffer: SharedArrayBuffer;
  readonly #counts: BigInt64Array;
  readonly #startTime: Float64Array;

  /** @param buffer another thread's counters; without it new ones */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer((SLOTS + 1) * 8)) {
    this.buffer = buffer;
    this.#counts = new BigInt64Array(buffer, 0, SLOTS);
    this.#startTime = new Float64Array(buffer, SLOTS * 8, 1);
  }

  get iterationsCompleted(): number {
    return Number(Atomics.load(this.#counts, COMPLETED));
  }
  get iterationsInterrupted(): number {
    return Number(Atomics.load(this.#counts, INTERRUPTED));
  }
  /** Those that an exception ended; they are completed too. */
  get iterationsFailed(): number {
    return Number(Atomics.load(this.#counts, FAILED));
  }
  get vusActive(): number {
    return Number(Atomics.load(this.#counts, ACTIVE));
  }
  get vusInitialised(): number {
    return Number(Atomics.load(this.#counts, INITIALISED));
  }
  get testRunDurationMs(): number {
    const start = this.#startTime[0];
    return start > 0 ? performance.timeOrigin + performance.now() - start : 0;
  }

  reserveTurn(intervalMs: number): number {
    const interval = BigInt(Math.round(intervalMs * 1e6));
    for (;;) {
      const now = process.hrtime.bigint();
      const next = Atomics.load(this.#counts, NEXT_TURN);
      let turn = next;
      if (turn < now) turn = now;
      if (Atomics.compareExchange(this.#counts, NEXT_TURN, next, turn + interval) === next)
        return Number(turn - now) / 1e6;
    }
  }

  changeBodyBytes(by: number): number {
    return Number(Atomics.add(this.#counts, BODY_BYTES, BigInt(by))) + by;
  }

  completeIteration(): void {
    Atomics.add(this.#counts, COMPLETED, 1n);
  }
  failIteration(): void {
    Atomics.add(this.#counts, FAILED, 1n);
  }
  interruptIteration(): void {
    Atomics.add(this.#counts, INTERRUPTED, 1n);
  }
  changeActive(by: number): void {
    Atomics.add(this.#counts, ACTIVE, BigInt(by));
  }
  initialiseVu(): void {
    Atomics.add(this.#counts, INITIALISED, 1n);
  }
  /** Marks the moment at which the run begins, with setup. */
  start(epochMs: number): void {
    this.#startTime[0] = epochMs;
  }
}
