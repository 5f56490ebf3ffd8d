// Counts of a run that every thread reads and writes, without a message.
import { performance } from 'node:perf_hooks';
import type { RunCounts } from './load-host.ts';

const COMPLETED = 0;
const INTERRUPTED = 1;
const ACTIVE = 2;
const INITIALISED = 3;
/** The next free turn, in nanoseconds of the system's monotonic clock, which all threads share. */
const NEXT_TURN = 4;
/** Octets of the bodies of responses that are being read and unpacked. */
const BODY_BYTES = 5;
const FAILED = 6;
/** Octets of log lines that were sent to the main thread and not written yet, and lines that were left out. */
const LOG_BYTES = 7;
const LOST_LINES = 8;
const SLOTS = 9;

/** Octets of log lines that may be on their way. */
const MOST_LOG_BYTES = 32n * 1024n * 1024n;
/** How long a worker waits for a log that does not get on at all, in ms, before it leaves lines out. */
const LOG_PATIENCE_MS = 1000;

/** What a line of the log takes on its way, in octets, about. */
export function sizeOfLogLine(message: string): number {
  return 2 * message.length + 200;
}

/** Iterations and virtual users of this instance over all its workers, in memory that the threads share. */
export class RunCounters implements RunCounts {
  readonly buffer: SharedArrayBuffer;
  readonly #counts: BigInt64Array;
  /** When the run began and when it was paused, in ms since the epoch; 0: it has not, it is not. */
  readonly #times: Float64Array;
  #logStalled = false;

  /** @param buffer another thread's counters; without it new ones */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer((SLOTS + 2) * 8)) {
    this.buffer = buffer;
    this.#counts = new BigInt64Array(buffer, 0, SLOTS);
    this.#times = new Float64Array(buffer, SLOTS * 8, 2);
  }

  get iterationsCompleted(): number {
    return Number(Atomics.load(this.#counts, COMPLETED));
  }
  get iterationsInterrupted(): number {
    return Number(Atomics.load(this.#counts, INTERRUPTED));
  }
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
    const [start, pausedAt] = this.#times;
    return start > 0 ? (pausedAt || epochNow()) - start : 0;
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

  /**
   * Asks for room for a line of the log. A script that logs faster than the log is read waits, as in k6; a reader that has
   * stalled costs lines, since it must neither end the load nor fill the memory.
   * @returns false: the line is left out
   */
  admitLog(octets: number): boolean {
    let seen = Atomics.load(this.#counts, LOG_BYTES);
    let deadline = performance.now() + (this.#logStalled ? 0 : LOG_PATIENCE_MS);
    while (seen > MOST_LOG_BYTES) {
      if (performance.now() >= deadline) {
        this.#logStalled = true;
        Atomics.add(this.#counts, LOST_LINES, 1n);
        return false;
      }
      Atomics.wait(this.#counts, LOG_BYTES, seen, 20);
      const now = Atomics.load(this.#counts, LOG_BYTES);
      if (now < seen) deadline = performance.now() + LOG_PATIENCE_MS;
      seen = now;
    }
    this.#logStalled = false;
    Atomics.add(this.#counts, LOG_BYTES, BigInt(octets));
    return true;
  }

  releaseLog(octets: number): void {
    Atomics.sub(this.#counts, LOG_BYTES, BigInt(octets));
    Atomics.notify(this.#counts, LOG_BYTES);
  }

  get lostLogLines(): number {
    return Number(Atomics.load(this.#counts, LOST_LINES));
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
  start(epochMs: number): void {
    this.#times[0] = epochMs;
  }
  pause(): void {
    if (this.#times[1] === 0) this.#times[1] = epochNow();
  }
  resume(): void {
    if (this.#times[1] === 0) return;
    if (this.#times[0] > 0) this.#times[0] += epochNow() - this.#times[1];
    this.#times[1] = 0;
  }
}

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
