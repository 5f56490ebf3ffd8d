// Counts over load that shares no memory with this process, as each part of it has told them last.
import type { RunCounts } from './load-host.ts';

/** Counts of one part of the load, since its run began. */
export type ToldCounts = Readonly<
  Record<
    | 'iterationsCompleted'
    | 'iterationsInterrupted'
    | 'iterationsFailed'
    | 'vusActive'
    | 'vusInitialised'
    | 'lostLogLines',
    number
  >
>;

/** Counts of what is not there yet. */
export const NO_COUNTS: ToldCounts = {
  iterationsCompleted: 0,
  iterationsInterrupted: 0,
  iterationsFailed: 0,
  vusActive: 0,
  vusInitialised: 0,
  lostLogLines: 0,
};

/** @returns the counts alone, to be told */
export function tellableCounts({
  iterationsCompleted,
  iterationsInterrupted,
  iterationsFailed,
  vusActive,
  vusInitialised,
  lostLogLines,
}: RunCounts): ToldCounts {
  return { iterationsCompleted, iterationsInterrupted, iterationsFailed, vusActive, vusInitialised, lostLogLines };
}

/** Hears of the time of a run. */
export interface TimeListener {
  /** The run begins. */
  onBegin?(epochMs: number): void;
  /** The run stands still from now on, or goes on. */
  onPause?(isPaused: boolean): void;
}

export class SummedCounts implements RunCounts {
  readonly #parts = new Map<number, ToldCounts>();
  readonly #listener: TimeListener;
  #startedAt: number | null = null;

  constructor(listener: TimeListener = {}) {
    this.#listener = listener;
  }

  set(part: number, counts: ToldCounts): void {
    this.#parts.set(part, counts);
  }

  /** Virtual users of a part that is gone are no more; what it has done stands. */
  lose(part: number): void {
    const counts = this.#parts.get(part);
    if (counts !== undefined) this.#parts.set(part, { ...counts, vusActive: 0, vusInitialised: 0 });
  }

  #sum(name: keyof ToldCounts): number {
    let sum = 0;
    for (const counts of this.#parts.values()) sum += counts[name];
    return sum;
  }

  get iterationsCompleted(): number {
    return this.#sum('iterationsCompleted');
  }
  get iterationsInterrupted(): number {
    return this.#sum('iterationsInterrupted');
  }
  get iterationsFailed(): number {
    return this.#sum('iterationsFailed');
  }
  get vusActive(): number {
    return this.#sum('vusActive');
  }
  get vusInitialised(): number {
    return this.#sum('vusInitialised');
  }
  get lostLogLines(): number {
    return this.#sum('lostLogLines');
  }
  get testRunDurationMs(): number {
    return this.#startedAt === null ? 0 : performance.timeOrigin + performance.now() - this.#startedAt;
  }

  start(epochMs: number): void {
    this.#startedAt = epochMs;
    this.#listener.onBegin?.(epochMs);
  }
  pause(): void {
    this.#listener.onPause?.(true);
  }
  resume(): void {
    this.#listener.onPause?.(false);
  }

  // Each part measures the time of virtual users and holds up its log itself: nothing of it is done here.
  releaseLog(): void {}
  changeBodyBytes(): number {
    return 0;
  }
}
