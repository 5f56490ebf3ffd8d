// Which part of a run can be compared: the longest stretch of one load, without the beginning.
import { sliceCount } from '../timeline/timeline-block.ts';
import type { Numbers, TimelineData } from '../timeline/timeline-data.ts';

/** Ms since the start of the run. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Within a stretch the load is nowhere so many times what it is elsewhere. */
const LARGEST_RATIO = 1.35;
/** Of the run: connections are still being opened, caches filled. */
const WARM_UP = 0.05;
/** The load is looked at in so many parts of a run: single slices jump about. */
const PARTS = 24;

/** @returns the stretch by virtual users or by the rate of iterations, whichever is longer */
export function findSteadyPart(data: TimelineData): Stretch {
  const sliceMs = data.sliceCells * data.cellMs;
  // The last slice is hardly ever whole.
  const slices = Math.max(0, sliceCount(data) - 1);
  const { vus, iterations, dropped } = data.columns;
  const most = perSlice(data, slices, vus, Math.max);
  const started = perSlice(data, slices, iterations, (a, b) => a + b);
  const missed = perSlice(data, slices, dropped, (a, b) => a + b);
  const rates = started.map((value, slice) => value + missed[slice]);
  const [byUsers, byRate] = [most, rates].map((levels) => longestLevel(smooth(levels)));
  const [from, to] = byUsers[1] - byUsers[0] >= byRate[1] - byRate[0] ? byUsers : byRate;
  return { fromMs: Math.max(from * sliceMs, slices * sliceMs * WARM_UP), toMs: to * sliceMs };
}

/** @returns what lies in all of them; may be empty */
export function commonPart(stretches: readonly Stretch[]): Stretch {
  return {
    fromMs: Math.max(...stretches.map(({ fromMs }) => fromMs)),
    toMs: Math.min(...stretches.map(({ toMs }) => toMs)),
  };
}

function perSlice(
  data: TimelineData,
  slices: number,
  values: Numbers,
  fold: (a: number, b: number) => number,
): number[] {
  return Array.from({ length: slices }, (_, slice) => {
    let level = 0;
    for (let cell = slice * data.sliceCells; cell < (slice + 1) * data.sliceCells; cell++)
      level = fold(level, values[cell] ?? 0);
    return level;
  });
}

function smooth(levels: readonly number[]): number[] {
  const reach = Math.floor(levels.length / PARTS / 2);
  return levels.map((_, place) => {
    const near = levels.slice(Math.max(0, place - reach), place + reach + 1);
    return near.reduce((sum, level) => sum + level, 0) / near.length;
  });
}

/** @returns the longest stretch in which no level is far above another; `to` not included */
function longestLevel(levels: readonly number[]): [from: number, to: number] {
  let best: [number, number] = [0, 0];
  for (let from = 0; from < levels.length; from++) {
    let [low, high] = [levels[from], levels[from]];
    let to = from;
    while (to < levels.length) {
      low = Math.min(low, levels[to]);
      high = Math.max(high, levels[to]);
      if (low === 0 || high > low * LARGEST_RATIO) break;
      to++;
    }
    if (to - from > best[1] - best[0]) best = [from, to];
    if (to === levels.length) break;
  }
  return best;
}
