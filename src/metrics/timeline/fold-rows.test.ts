import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import { foldRows } from './fold-rows.ts';
import type { RowDescription } from './live-row.ts';
import { mapColumns, mergeSlices, type SliceCounts, type TimelineData, type TimelineRow } from './timeline-data.ts';

const describeRow = (kind: RowDescription['kind'], name = ''): RowDescription => ({
  kind,
  protocol: 'http',
  method: '',
  name,
});

function timelineOf(cells: number, rows: TimelineRow[]): TimelineData {
  return { startMs: 1, cellMs: 1000, cells, sliceCells: 1, columns: mapColumns(() => []), codes: [], rows };
}

/** A row with so many requests in its first cell. */
function busyRow(count: number, { failed = 0, step = 100, cells = 1 } = {}): TimelineRow {
  const at = (value: number): number[] => [value, ...new Array<number>(cells - 1).fill(0)];
  const slices: (SliceCounts | null)[] = [count > 0 ? { low: step >> 2, counts: [count] } : null];
  return { count: at(count), failed: at(failed), p50: at(step), p95: at(step + 1), p99: at(step + 2), slices };
}

test('few endpoints stay as they are', () => {
  const descriptions = [describeRow('protocol'), describeRow('endpoint', '/a'), describeRow('other')];
  const data = timelineOf(
    1,
    descriptions.map((_, place) => busyRow(place)),
  );
  assert.deepEqual(foldRows(data, descriptions), { data, kept: [0, 1, 2], folded: [] });
  assert.deepEqual(foldRows(timelineOf(0, []), []), { data: timelineOf(0, []), kept: [], folded: [] });
});

test('the busiest endpoints stay, the rows of the run always; what was together before stays so', () => {
  const random = seeded(3);
  const counts = Array.from({ length: 260 }, () => Math.floor(random() * 1e6));
  const descriptions = [
    describeRow('protocol'),
    describeRow('iteration'),
    ...counts.map((_, place) => describeRow('endpoint', `/${place}`)),
    describeRow('other'),
    describeRow('start-delay'),
  ];
  // The row of the others is the busiest of all, and yet no endpoint that could be shown.
  const rows = [busyRow(1), busyRow(0), ...counts.map((count) => busyRow(count)), busyRow(9e6), busyRow(0)];
  const { data, kept, folded } = foldRows(timelineOf(1, rows), descriptions);
  const least = counts.toSorted((a, b) => b - a)[199];
  const expected = descriptions.flatMap((row, place) =>
    row.kind === 'other' || (row.kind === 'endpoint' && counts[place - 2] < least) ? [] : [place],
  );
  assert.deepEqual(kept, expected);
  assert.deepEqual(
    [...kept, ...folded].sort((a, b) => a - b),
    descriptions.map((_, place) => place),
  );
  assert.deepEqual(
    data.rows.slice(0, -1),
    kept.map((place) => rows[place]),
  );
  const rest = data.rows.at(-1)!;
  const total = folded.reduce((sum, place) => sum + rows[place].count[0], 0);
  assert.equal(rest.count[0], total);
  assert.equal(mergeSlices(rest.slices, 0, 1)[25], total);
});

test('in a long run fewer endpoints stay', () => {
  for (const [cells, stay] of [
    [900, 200],
    [1800, 100],
    [3600, 50],
  ] as const) {
    const descriptions = Array.from({ length: 201 }, (_, place) => describeRow('endpoint', `/${place}`));
    const rows = descriptions.map((_, place) => busyRow(1 + place));
    const { kept } = foldRows(timelineOf(cells, rows), descriptions);
    assert.deepEqual(
      kept,
      Array.from({ length: stay }, (_, index) => 201 - stay + index),
      `${cells} cells`,
    );
  }
});

test('an endpoint that only fails counts among the busy ones; folded counts add up and the worst quantiles stay', () => {
  const descriptions = Array.from({ length: 203 }, (_, place) => describeRow('endpoint', `/${place}`));
  const rows = descriptions.map(() => busyRow(10, { failed: 1 }));
  rows[0] = busyRow(0, { failed: 1000 });
  rows[50] = busyRow(2, { failed: 2, step: 300 });
  rows[60] = busyRow(3, { step: 200 });
  rows[70] = busyRow(0);
  const { data, kept, folded } = foldRows(timelineOf(1, rows), descriptions);
  assert.ok(kept.includes(0));
  assert.deepEqual(folded, [50, 60, 70]);
  const rest = data.rows.at(-1)!;
  assert.deepEqual(
    [rest.count, rest.failed, rest.p50, rest.p95, rest.p99].map((column) => Array.from(column)),
    [[5], [2], [300], [301], [302]],
  );
  assert.deepEqual(
    [...mergeSlices(rest.slices, 0, 1)].flatMap((count, step) => (count > 0 ? [[step, count]] : [])),
    [
      [50, 3],
      [75, 2],
    ],
  );
});
