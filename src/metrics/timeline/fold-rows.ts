// Keeps a timeline small enough to be written down: the busiest endpoints stay, all others become one row.
import { sum } from './growing-column.ts';
import { addSlices, type RowDescription } from './live-row.ts';
import type { SliceCounts, TimelineData, TimelineRow } from './timeline-data.ts';

/** Cells of endpoints that are written, at most: 50 endpoints over 3,600 cells. */
const MOST_CELLS = 180_000;
const MOST_ENDPOINTS = 200;

export interface FoldedRows {
  readonly data: TimelineData;
  /** Places of the rows that stay, in their order; those that were put together follow them as one more row. */
  readonly kept: readonly number[];
  readonly folded: readonly number[];
}

/** @param descriptions of the rows, in their order */
export function foldRows(data: TimelineData, descriptions: readonly RowDescription[]): FoldedRows {
  const places = descriptions.map((_, index) => index);
  const endpoints = places.filter((place) => ['endpoint', 'other'].includes(descriptions[place].kind));
  const limit = Math.min(MOST_ENDPOINTS, Math.max(1, Math.floor(MOST_CELLS / Math.max(1, data.cells))));
  if (endpoints.length <= limit) return { data, kept: places, folded: [] };
  const counts = new Map(endpoints.map((place) => [place, countOf(data.rows[place])]));
  const byCount = endpoints
    .filter((place) => descriptions[place].kind === 'endpoint')
    .sort((a, b) => counts.get(b)! - counts.get(a)!);
  const stays = new Set(byCount.slice(0, limit));
  const folded = endpoints.filter((place) => !stays.has(place));
  const gone = new Set(folded);
  const kept = places.filter((place) => !gone.has(place));
  const rowsAt = (of: readonly number[]): TimelineRow[] => of.map((place) => data.rows[place]);
  return { data: { ...data, rows: [...rowsAt(kept), addRows(rowsAt(folded), data.cells)] }, kept, folded };
}

function countOf({ count, failed }: TimelineRow): number {
  let total = 0;
  for (let cell = 0; cell < count.length; cell++) total += count[cell] + failed[cell];
  return total;
}

/** Counts add up, the greater quantile stays; the slices are exact. */
function addRows(rows: readonly TimelineRow[], cells: number): TimelineRow {
  const fold = (
    name: 'count' | 'failed' | 'p50' | 'p95' | 'p99',
    of: (x: number, y: number) => number,
  ): Float64Array => {
    const folded = new Float64Array(cells);
    for (const { [name]: values } of rows)
      for (let cell = 0; cell < values.length; cell++) folded[cell] = of(folded[cell], values[cell]);
    return folded;
  };
  return {
    count: fold('count', sum),
    failed: fold('failed', sum),
    p50: fold('p50', Math.max),
    p95: fold('p95', Math.max),
    p99: fold('p99', Math.max),
    slices: rows[0].slices.map((_, index) =>
      rows.reduce<SliceCounts | null>((all, { slices }) => addSlices(all, slices[index] ?? null), null),
    ),
  };
}
