// A stretch of a run in a few long batches. Requests of a load test depend on each other, so a test on single ones finds differences
// where there are none; batches are long enough to be nearly independent, and what varies between them is what a run varies by.
import { COARSE_COUNT, msOfCoarse } from '../timeline/latency-scale.ts';
import { mergeSlices, type TimelineData, type TimelineRow } from '../timeline/timeline-data.ts';
import type { Stretch } from './steady-part.ts';

const BATCHES = 12;

/** Logarithm of the width of a coarse step. */
const STEP_WIDTH = Math.log(msOfCoarse(1) / msOfCoarse(0));

/** What is compared: one value per batch, and how far each may be off since histograms have steps. */
export interface Batches {
  readonly values: readonly number[];
  readonly blur: number;
}

/** A batch as slices, `to` not included. */
interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/** @returns the batches of a stretch; null where the run is too short to be cut into so many */
function cut({ cellMs, sliceCells }: TimelineData, { fromMs, toMs }: Stretch): SliceRange[] | null {
  const sliceMs = cellMs * sliceCells;
  const first = Math.ceil(fromMs / sliceMs);
  const slices = Math.floor(toMs / sliceMs) - first;
  if (slices < BATCHES) return null;
  const bound = (batch: number): number => first + Math.floor((slices * batch) / BATCHES);
  return Array.from({ length: BATCHES }, (_, batch) => ({ from: bound(batch), to: bound(batch + 1) }));
}

/** @returns the durations of each batch, as counts by coarse step; null where the run is too short */
export function durationBatches(data: TimelineData, row: TimelineRow, stretch: Stretch): Float64Array[] | null {
  return cut(data, stretch)?.map(({ from, to }) => mergeSlices(row.slices, from, to)) ?? null;
}

/**
 * Logarithms of a quantile, in ms.
 * @param durations as {@link durationBatches} gives them
 * @param share from 0 to 1
 * @returns null where a batch has too few requests for it
 */
export function quantileBatches(durations: readonly Float64Array[], share: number): Batches | null {
  const fewest = Math.ceil(1 / Math.min(share, 1 - share)) * 2;
  const found = durations.map((counts) => smoothQuantile(counts, share, fewest)).filter((one) => one !== null);
  if (found.length < durations.length) return null;
  return { values: found.map(({ log }) => log), blur: mean(found.map(({ blur }) => blur)) };
}

/** @returns shares of failed requests, null where a batch has none at all */
export function failureBatches(data: TimelineData, row: TimelineRow, stretch: Stretch): Batches | null {
  const values = cut(data, stretch)?.map(({ from, to }) => {
    const cells = { from: from * data.sliceCells, to: Math.min(data.cells, to * data.sliceCells) };
    let [count, failed] = [0, 0];
    for (let cell = cells.from; cell < cells.to; cell++) {
      failed += row.failed[cell] ?? 0;
      count += Math.max(row.count[cell] ?? 0, row.failed[cell] ?? 0);
    }
    return count === 0 ? null : failed / count;
  });
  if (values === undefined || values.some((value) => value === null)) return null;
  return { values: values as number[], blur: 0 };
}

/** @returns requests a second in a stretch; 0 where it is empty */
export function rateIn(data: TimelineData, row: TimelineRow, { fromMs, toMs }: Stretch): number {
  const from = Math.ceil(fromMs / data.cellMs);
  const to = Math.min(data.cells, Math.floor(toMs / data.cellMs));
  let count = 0;
  for (let cell = from; cell < to; cell++) count += Math.max(row.count[cell] ?? 0, row.failed[cell] ?? 0);
  return to > from ? (count * 1000) / ((to - from) * data.cellMs) : 0;
}

/**
 * Within a step the requests are taken to lie evenly. The more of all requests lie in that one step, the less is known of where in
 * it the quantile is: the blur is that share of the step.
 */
function smoothQuantile(counts: Float64Array, share: number, fewest: number): { log: number; blur: number } | null {
  let total = 0;
  for (const count of counts) total += count;
  if (total < fewest) return null;
  const wanted = total * share;
  let seen = 0;
  for (let step = 0; step < COARSE_COUNT; step++) {
    if (counts[step] > 0 && seen + counts[step] >= wanted) {
      const within = (wanted - seen) / counts[step] - 0.5;
      return { log: Math.log(msOfCoarse(step)) + within * STEP_WIDTH, blur: (STEP_WIDTH * counts[step]) / total };
    }
    seen += counts[step];
  }
  return null;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @returns the variance of a sample; 0 of a single value */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
