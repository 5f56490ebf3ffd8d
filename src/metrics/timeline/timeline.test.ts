import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import { msOfStep, STEP_COUNT, stepOf } from './latency-scale.ts';
import { type ClosedCell, Timeline } from './timeline.ts';
import { mergeSlices, quantileOf } from './timeline-data.ts';

const START = 1_700_000_000_000;
const tagsOf = (name: string): [string, string][] => [
  ['method', 'GET'],
  ['name', name],
  ['status', '200'],
];

function begin(plannedMs: number | null): Timeline {
  const timeline = new Timeline(plannedMs);
  timeline.begin(START);
  return timeline;
}

function receive(timeline: Timeline, metric: string, tags: [string, string][]): (value: number, atMs: number) => void {
  const receivers = timeline.receiversFor(metric, tags);
  assert.ok(receivers.length > 0);
  return (value, atMs) => {
    for (const receiver of receivers) receiver.add(value, START + atMs);
  };
}

test('a step stands for what lies within 1.3 % of its middle', () => {
  for (let ms = 0.001; ms < 4e6; ms *= 1.0137) {
    const error = Math.abs(msOfStep(stepOf(ms)) / ms - 1);
    assert.ok(error < 0.013, `${ms} ms: ${error}`);
  }
  assert.deepEqual([0, -1, 1e-9, 1e12, Number.POSITIVE_INFINITY].map(stepOf), [
    0,
    0,
    0,
    STEP_COUNT - 1,
    STEP_COUNT - 1,
  ]);
});

test('samples count in the cell of their time, late ones in the oldest that is open', () => {
  const timeline = begin(10_000);
  const add = receive(timeline, 'http_req_duration', tagsOf('/a'));
  for (const at of [0, 249, 250, 499, 510, 240, 760, 100]) add(10, at);
  timeline.finish(START + 800);
  const [endpoint, all] = timeline.read().rows;
  // 240 came when the second cell was still open; 100 when the first two were closed.
  assert.deepEqual(Array.from(endpoint.count), [2, 3, 2, 1]);
  assert.deepEqual(Array.from(all.count), [2, 3, 2, 1]);
});

test('a selection of slices equals a recount of the samples', () => {
  const timeline = begin(20_000);
  const add = receive(timeline, 'http_req_duration', tagsOf('/a'));
  const values: number[] = [];
  for (let at = 0; at < 20_000; at += 7) {
    const value = 5 + ((at * 7919) % 1000) / 3;
    values.push(value);
    add(value, at);
  }
  timeline.finish(START + 20_000);
  const { rows, sliceCells, cellMs } = timeline.read();
  const sliceMs = sliceCells * cellMs;
  const [from, to] = [5, 17];
  const chosen = values
    .filter((_, index) => index * 7 >= from * sliceMs && index * 7 < to * sliceMs)
    .sort((a, b) => a - b);
  const merged = mergeSlices(rows[0].slices, from, to);
  assert.equal(
    merged.reduce((a, b) => a + b),
    chosen.length,
  );
  for (const share of [0.5, 0.95, 0.99]) {
    const exact = chosen[Math.ceil(share * chosen.length) - 1];
    assert.ok(Math.abs(quantileOf(merged, share)! / exact - 1) < 0.05, `p${share * 100}`);
  }
});

test('a run longer than planned has wider cells and loses no sample', () => {
  const timeline = begin(null);
  const add = receive(timeline, 'http_req_duration', tagsOf('/a'));
  const fail = receive(timeline, 'http_req_failed', tagsOf('/a'));
  let cells = 0;
  let rescaled = 0;
  timeline.listen({ onCell: () => void cells++, onSlice: () => {}, onRescale: () => void rescaled++ });
  for (let at = 0; at < 500_000; at += 100) {
    add(20, at);
    fail(at % 1000 === 0 ? 1 : 0, at);
  }
  timeline.finish(START + 500_000);
  const { rows, ...shape } = timeline.read();
  const total = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  assert.equal(total(rows[0].count), 5000);
  assert.equal(total(rows[0].failed), 500);
  assert.equal(
    mergeSlices(rows[0].slices, 0, 1000).reduce((a, b) => a + b),
    5000,
  );
  assert.ok(timeline.hasMerged && rescaled > 2);
  assert.ok(shape.cells * shape.cellMs >= 500_000 && shape.cells <= 480 && shape.sliceCells * 120 >= shape.cells);
});

test('failures are counted by code and endpoint, of protocols with a share of failures only once', () => {
  const timeline = begin(10_000);
  const failed: [string, string][] = [...tagsOf('/a'), ['error_code', '1503']];
  receive(timeline, 'http_reqs', failed)(1, 100);
  receive(timeline, 'http_req_failed', failed)(1, 100);
  receive(timeline, 'ws_failures', [
    ['url', 'ws://x'],
    ['error_code', '1212'],
  ])(1, 400);
  const cells: ClosedCell[] = [];
  timeline.listen({ onCell: (cell) => void cells.push(cell), onSlice: () => {}, onRescale: () => {} });
  timeline.finish(START + 500);
  assert.deepEqual(
    timeline.codes.map(({ protocol, code }) => [protocol, code]),
    [
      ['http', 1503],
      ['websocket', 1212],
    ],
  );
  assert.deepEqual(
    cells.map(({ codes }) => codes),
    [[{ code: 0, count: 1 }], [{ code: 1, count: 1 }]],
  );
  const failedOf = (protocol: string) =>
    timeline
      .read()
      .rows.filter((_, index) => timeline.rows[index].description.protocol === protocol)
      .map((row) => Array.from(row.failed));
  assert.deepEqual(failedOf('http'), [
    [1, 0],
    [1, 0],
  ]);
  assert.deepEqual(failedOf('websocket'), [
    [0, 1],
    [0, 1],
  ]);
});

test('endpoints past the limit are one row', () => {
  const timeline = begin(10_000);
  for (let index = 0; index < 1500; index++) receive(timeline, 'http_req_duration', tagsOf(`/item/${index}`))(1, 10);
  timeline.finish(START + 250);
  const kinds = timeline.rows.map(({ description }) => description.kind);
  assert.ok(kinds.length <= 1002);
  assert.equal(kinds.filter((kind) => kind === 'other').length, 1);
  const counts = timeline.read().rows.map((row) => row.count[0]);
  assert.equal(
    counts.reduce((a, b) => a + b),
    3000,
  );
});

/** What the cells must hold: each sample in the cell of its time. */
function recount(
  samples: readonly (readonly [atMs: number, value: number])[],
  cellMs: number,
  cells: number,
): number[][] {
  const byCell = Array.from({ length: cells }, (): number[] => []);
  for (const [atMs, value] of samples) byCell[Math.floor(atMs / cellMs)].push(value);
  return byCell;
}

const count = (values: readonly number[]): number => values.length;
const most = (values: readonly number[]): number => Math.max(0, ...values);
const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test('runs of any length, busy or with long silences, have each sample in its cell, be it merged however often', () => {
  const random = seeded(29);
  for (const plannedMs of [null, 1000, 120_000, 120_001, 600_000, 3_600_000])
    for (const longest of [300, 9000, 200_000]) {
      const timeline = begin(plannedMs);
      const duration = receive(timeline, 'http_req_duration', tagsOf('/a'));
      const failed = receive(timeline, 'http_req_failed', tagsOf('/a'));
      const iterations = receive(timeline, 'iterations', []);
      const all: [number, number][] = [];
      const failures: [number, number][] = [];
      const peaks: [number, number][] = [];
      let at = 0;
      for (let index = 0; index < 400; index++) {
        at += random() ** 6 * longest;
        const value = Math.ceil(random() * 100);
        all.push([at, value]);
        duration(value, at);
        iterations(1, at);
        if (random() < 0.1) {
          failures.push([at, 1]);
          failed(1, at);
        } else failed(0, at);
        if (random() < 0.2) {
          peaks.push([at, value]);
          timeline.note('vus', value, START + at);
        }
      }
      timeline.finish(START + at);
      const { rows, columns, cellMs, cells, sliceCells } = timeline.read();
      const name = `planned ${plannedMs}, silences of ${longest} ms, cells of ${cellMs}`;
      assert.ok(cells * cellMs >= at && Math.ceil(cells / sliceCells) <= 120, name);
      for (const row of rows) {
        assert.deepEqual(Array.from(row.count), recount(all, cellMs, cells).map(count), name);
        assert.deepEqual(Array.from(row.failed), recount(failures, cellMs, cells).map(count), name);
        assert.deepEqual(
          row.slices.map((slice) => (slice === null ? 0 : add(Array.from(slice.counts)))),
          recount(all, cellMs * sliceCells, Math.ceil(cells / sliceCells)).map(count),
          name,
        );
      }
      assert.deepEqual(Array.from(columns.iterations), recount(all, cellMs, cells).map(count), name);
      assert.deepEqual(Array.from(columns.vus), recount(peaks, cellMs, cells).map(most), name);
    }
});

test('what a listener hears adds up to what is read', () => {
  const timeline = begin(60_000);
  const duration = receive(timeline, 'http_req_duration', tagsOf('/a'));
  const cells: ClosedCell[] = [];
  const slices: number[] = [];
  const stop = timeline.listen({
    onCell: (cell) => void cells.push(cell),
    onSlice: (slice, rows) => void slices.push(slice, rows.length),
    onRescale: () => assert.fail('the run is no longer than planned'),
  });
  for (let at = 0; at < 30_000; at += 100) duration(1 + (at % 700), at);
  timeline.closeUntil(START + 20_000);
  stop();
  timeline.finish(START + 30_000);
  const { rows, sliceCells } = timeline.read();
  assert.deepEqual(
    cells.map(({ cell }) => cell),
    Array.from({ length: cells.length }, (_, index) => index),
  );
  // Two cells stay open until their time is over or a later one begins.
  assert.equal(cells.length, 29_900 / 250 - 1 - ((29_900 / 250) % 1));
  for (const { cell, rows: heard } of cells)
    for (const { row, count: told, p50, p95, p99 } of heard)
      assert.deepEqual(
        [told, p50, p95, p99],
        [rows[row].count[cell], rows[row].p50[cell], rows[row].p95[cell], rows[row].p99[cell]],
      );
  assert.deepEqual(
    slices,
    Array.from({ length: Math.floor(cells.length / sliceCells) }, (_, slice) => [slice, 2]).flat(),
  );
});

test('before the run has begun nothing is closed, and what comes too early is in its first cell', () => {
  const timeline = new Timeline(10_000);
  timeline.note('vus', 9, START);
  timeline.finish(START + 10_000);
  assert.equal(timeline.read().cells, 0);
  timeline.begin(START);
  const iterations = receive(timeline, 'iterations', []);
  // The clock of another thread may be a little behind.
  iterations(1, -40);
  iterations(1, 10);
  timeline.finish(START + 250);
  const { columns } = timeline.read();
  assert.deepEqual([Array.from(columns.iterations), Array.from(columns.vus)], [[2], [0]]);
});

test('a clock that jumps a day ahead loses nothing and takes no memory', () => {
  const timeline = begin(10_000);
  const iterations = receive(timeline, 'iterations', []);
  const day = 24 * 3600 * 1000;
  for (const at of [0, 600, day, day + 1, 5]) iterations(1, at);
  timeline.finish(START + day + 250);
  const { columns, cells } = timeline.read();
  assert.ok(cells <= 480);
  assert.equal(add(Array.from(columns.iterations)), 5);
});
