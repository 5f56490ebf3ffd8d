// A run in cells of time, as plain data: what the page draws, reports hold and the history keeps. For browsers too.
import { COARSE_COUNT, msOfCoarse } from './latency-scale.ts';

/** What is counted in each cell over the whole run. `vus` and `busy` are the most of the cell, all others sums. */
export const COLUMNS = ['vus', 'iterations', 'failedIterations', 'dropped', 'received', 'sent', 'busy', 'cpu'] as const;
export type ColumnName = (typeof COLUMNS)[number];
/** Of these a wider cell has the most, not the sum. `busy` and `cpu` are per mille of a core. */
export const PEAKS: ReadonlySet<ColumnName> = new Set<ColumnName>(['vus', 'busy', 'cpu']);

export type Numbers = ArrayLike<number>;

/** @returns something for each column */
export function mapColumns<T>(make: (name: ColumnName) => T): Readonly<Record<ColumnName, T>> {
  return Object.fromEntries(COLUMNS.map((name) => [name, make(name)])) as Record<ColumnName, T>;
}

/** Counts of a slice by coarse step, from `low` on. */
export interface SliceCounts {
  readonly low: number;
  readonly counts: Numbers;
}

/** An endpoint, or all of a protocol: a value per cell, and a coarse histogram per slice. */
export interface TimelineRow {
  readonly count: Numbers;
  readonly failed: Numbers;
  /** Step of the scale + 1; 0: nothing. */
  readonly p50: Numbers;
  readonly p95: Numbers;
  readonly p99: Numbers;
  /** null: nothing happened in it. */
  readonly slices: (SliceCounts | null)[];
}

export interface TimelineData {
  /** Epoch ms of the first cell's beginning. */
  readonly startMs: number;
  readonly cellMs: number;
  readonly cells: number;
  /** Cells of a slice. */
  readonly sliceCells: number;
  readonly columns: Readonly<Record<ColumnName, Numbers>>;
  /** Failures of each code, in the order of the dictionary. */
  readonly codes: readonly Numbers[];
  /** In the order of the dictionary. */
  readonly rows: readonly TimelineRow[];
}

/** @returns the merged counts of slices `from` to `to` (not included), {@link COARSE_COUNT} long */
export function mergeSlices(slices: readonly (SliceCounts | null)[], from: number, to: number): Float64Array {
  const merged = new Float64Array(COARSE_COUNT);
  for (let index = from; index < Math.min(to, slices.length); index++) {
    const slice = slices[index];
    if (!slice) continue;
    for (let place = 0; place < slice.counts.length; place++) merged[slice.low + place] += slice.counts[place];
  }
  return merged;
}

/** @returns the quantile in ms (±4.5 %), or null of nothing. @param share from 0 to 1 */
export function quantileOf(counts: Float64Array, share: number): number | null {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return null;
  let seen = 0;
  for (let step = 0; step < counts.length; step++) {
    seen += counts[step];
    if (counts[step] > 0 && seen >= total * share) return msOfCoarse(step);
  }
  return null;
}
