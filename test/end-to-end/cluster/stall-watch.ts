// For tests of how long something takes: the time in which this machine gave nobody the processor. What is held up by other work on the
// machine, or by what the machine itself waits for, is no slowness of what is measured.
import { Worker } from 'node:worker_threads';

/** How often a watcher wants to run, in ms, and how late it may be on a machine with nothing to do. */
const BEAT_MS = 4;
const USUAL_MS = 1;
/** More than the machine has cores: some of them see a core that is taken while others do not. */
const WATCHERS = 4;
/** Beats that are remembered: some minutes of them. */
const REMEMBERED = 1 << 16;

/** Notes, at each beat, when it was (ms since the epoch) and how many ms all beats so far have come late. */
const WATCH = `
  const { beats, count, stop } = require('node:worker_threads').workerData;
  const now = () => performance.timeOrigin + performance.now();
  let last = now(), lost = 0, at = 0;
  while (Atomics.load(stop, 0) === 0) {
    Atomics.wait(stop, 0, 0, ${BEAT_MS});
    const time = now();
    const late = time - last - ${BEAT_MS};
    if (late > ${USUAL_MS}) lost += late;
    last = time;
    const place = 2 * (at++ % ${REMEMBERED});
    beats[place] = time;
    beats[place + 1] = lost;
    Atomics.store(count, 0, at);
  }`;

interface Watcher {
  readonly worker: Worker;
  readonly beats: Float64Array;
  readonly count: Int32Array;
}

/** Measures from when it is made. */
export class StallWatch {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #watchers: Watcher[];

  constructor() {
    this.#watchers = Array.from({ length: WATCHERS }, () => {
      const beats = new Float64Array(new SharedArrayBuffer(16 * REMEMBERED));
      const count = new Int32Array(new SharedArrayBuffer(4));
      const worker = new Worker(WATCH, { eval: true, workerData: { beats, count, stop: this.#stop } });
      return { worker, beats, count };
    });
  }

  /** @param fromMs since the epoch @returns ms that the watcher which was held up most waited for the processor in between */
  lostBetween(fromMs: number, toMs: number): number {
    return Math.max(...this.#watchers.map((watcher) => lostUntil(watcher, toMs) - lostUntil(watcher, fromMs)));
  }

  /** @throws AssertionError unless what took from one moment to the other took at most so long, without what the machine kept for itself */
  assertWithin(mostMs: number, fromMs: number, toMs: number, what: string): void {
    const [took, lost] = [toMs - fromMs, this.lostBetween(fromMs, toMs)];
    if (took - lost > mostMs)
      throw new Error(
        `${what}: ${took.toFixed(1)} ms, of which the machine was held up for ${lost.toFixed(1)}; ${mostMs} are allowed`,
      );
  }

  async close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    await Promise.all(this.#watchers.map(({ worker }) => worker.terminate()));
  }
}

/** Of the last beat until then, and what the next one shows where that began before. */
function lostUntil({ beats, count }: Watcher, timeMs: number): number {
  const last = Atomics.load(count, 0);
  const first = Math.max(0, last - REMEMBERED);
  let [low, high] = [first, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beats[2 * (middle % REMEMBERED)]! <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low === first ? 0 : beats[2 * ((low - 1) % REMEMBERED) + 1]!;
}
