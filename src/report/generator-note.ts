// Whether the generator held the run up: then the latencies are partly its own.
import { formatDuration } from './value-format.ts';

/** What the generator measured of itself. */
export interface GeneratorState {
  /** 99th percentile of how late the event loops of the load workers were, in ms. */
  readonly loopDelayP99Ms: number;
  /** The greatest share of a core that a load worker used over the run, 0 to 1. */
  readonly cpuShare: number;
  readonly workers?: number;
  /** Cores of the machine. */
  readonly cores?: number;
}

/** A loop this late adds visibly to any latency that it measures. */
const LATE_MS = 50;
/** From here a worker has no reserve for peaks. */
const BUSY_SHARE = 0.9;

/** @returns what to tell the user; undefined: the generator was no bottleneck */
export function describeBottleneck(state: GeneratorState | undefined): string | undefined {
  if (!state) return undefined;
  const isLate = state.loopDelayP99Ms >= LATE_MS;
  const isBusy = state.cpuShare >= BUSY_SHARE;
  if (!isLate && !isBusy) return undefined;
  const found = [
    isBusy ? `its busiest worker used ${Math.round(state.cpuShare * 100)}% of a core` : '',
    isLate ? `1% of its wake-ups came ${formatDuration(state.loopDelayP99Ms)} or more late` : '',
  ].filter((part) => part !== '');
  const spare = state.workers !== undefined && state.cores !== undefined && state.workers < state.cores;
  const remedy = spare
    ? `use more workers (${state.workers} of ${state.cores} cores do) or machines, or less load`
    : 'use more machines or less load';
  return `The load generator was the bottleneck: ${found.join(', and ')}. Latencies include its own delays; ${remedy}.`;
}
