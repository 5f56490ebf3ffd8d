import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COARSE_COUNT, COARSE_SHIFT, msOfCoarse, stepOf } from '../timeline/latency-scale.ts';
import { mapColumns, type TimelineData, type TimelineRow } from '../timeline/timeline-data.ts';
import { durationBatches, failureBatches, mean, quantileBatches, rateIn, variance } from './batches.ts';
import { normal, seeded } from './simulated-run.fixture.ts';
import { commonPart, findSteadyPart } from './steady-part.ts';

function rowOf({ count, failed }: { count: number[]; failed?: number[] }): TimelineRow {
  const none = count.map(() => 0);
  return { count, failed: failed ?? none, p50: none, p95: none, p99: none, slices: count.map(() => null) };
}

function dataOf(cells: number, sliceCells = 1, cellMs = 1000): TimelineData {
  return { startMs: 0, cellMs, cells, sliceCells, columns: mapColumns(() => []), codes: [], rows: [] };
}

function coarseOf(values: readonly number[]): Float64Array {
  const counts = new Float64Array(COARSE_COUNT);
  for (const value of values) counts[stepOf(value) >> COARSE_SHIFT]++;
  return counts;
}

test('a quantile of a batch is that of its values, to less than a step of the histogram', () => {
  const random = seeded(19);
  const step = Math.log(msOfCoarse(1) / msOfCoarse(0));
  for (const size of [40, 200, 5000]) {
    const batches = Array.from({ length: 12 }, () =>
      Array.from({ length: size }, () => 30 * Math.exp(normal(random) * 0.7)).sort((a, b) => a - b),
    );
    for (const share of [0.5, 0.95]) {
      const { values } = quantileBatches(batches.map(coarseOf), share)!;
      for (const [index, sorted] of batches.entries()) {
        const exact = Math.log(sorted[Math.ceil(share * size) - 1]);
        assert.ok(Math.abs(values[index] - exact) < step, `p${share * 100} of ${size}: ${values[index]}, not ${exact}`);
      }
    }
  }
});

test('a quantile needs twice as many requests as one of them alone stands for', () => {
  const batchOf = (size: number): Float64Array => coarseOf(new Array<number>(size).fill(10));
  for (const [share, fewest] of [
    [0.5, 4],
    [0.95, 40],
    [0.99, 200],
  ] as const) {
    assert.equal(quantileBatches([batchOf(fewest), batchOf(fewest - 1)], share), null, `p${share * 100}`);
    assert.equal(quantileBatches([batchOf(fewest), batchOf(fewest)], share)!.values.length, 2);
  }
});

test('the more requests share one step, the less is known of where in it they are', () => {
  const step = Math.log(msOfCoarse(1) / msOfCoarse(0));
  const all = quantileBatches([coarseOf(new Array<number>(100).fill(10))], 0.5)!;
  assert.ok(Math.abs(all.blur - step) < 1e-9, 'all in one: the whole step');
  const half = quantileBatches(
    [coarseOf([...new Array<number>(50).fill(10), ...new Array<number>(50).fill(99)])],
    0.5,
  )!;
  assert.ok(Math.abs(half.blur - step / 2) < 1e-9);
});

test('a stretch is cut into twelve batches that leave out nothing but what is not whole at its ends', () => {
  for (const [cells, sliceCells, fromMs, toMs] of [
    [12, 1, 0, 12_000],
    [100, 1, 500, 99_400],
    [480, 4, 7000, 470_000],
    [97, 2, 1, 96_999],
  ] as const) {
    const data = dataOf(cells, sliceCells);
    const slices = Math.ceil(cells / sliceCells);
    // Each slice has its own number of requests, so that each can be found again.
    const row: TimelineRow = {
      ...rowOf({ count: [] }),
      slices: Array.from({ length: slices }, (_, slice) => ({ low: slice, counts: [1] })),
    };
    const batches = durationBatches(data, row, { fromMs, toMs })!;
    assert.equal(batches.length, 12);
    const seen = batches.flatMap((counts) => [...counts].flatMap((count, slice) => (count > 0 ? [slice] : [])));
    const sliceMs = sliceCells * 1000;
    const expected = Array.from({ length: slices }, (_, slice) => slice).filter(
      (slice) => slice * sliceMs >= fromMs && (slice + 1) * sliceMs <= toMs,
    );
    assert.deepEqual(seen, expected, `${cells} cells`);
  }
  assert.equal(durationBatches(dataOf(11), rowOf({ count: [] }), { fromMs: 0, toMs: 11_000 }), null);
});

test('failures are shares of requests, of batches that have any; what only fails is all of them', () => {
  const data = dataOf(24);
  const count = new Array<number>(24).fill(10);
  const failed = count.map((_, cell) => (cell < 2 ? 5 : 0));
  const { values } = failureBatches(data, rowOf({ count, failed }), { fromMs: 0, toMs: 24_000 })!;
  assert.deepEqual(values, [0.5, ...new Array<number>(11).fill(0)]);
  // A request that never came to a duration is in no count.
  const lost = failureBatches(data, rowOf({ count: count.map(() => 0), failed: count }), { fromMs: 0, toMs: 24_000 })!;
  assert.deepEqual(lost.values, new Array<number>(12).fill(1));
  const silent = count.map((_, cell) => (cell === 4 || cell === 5 ? 0 : 10));
  assert.equal(failureBatches(data, rowOf({ count: silent }), { fromMs: 0, toMs: 24_000 }), null);
});

test('a rate is of the whole cells within a stretch', () => {
  const row = rowOf({ count: [1000, 10, 20, 30, 1000], failed: [0, 0, 0, 50, 0] });
  const data = dataOf(5, 1, 500);
  assert.equal(rateIn(data, row, { fromMs: 1, toMs: 2499 }), (10 + 20 + 50) / 1.5);
  assert.equal(rateIn(data, row, { fromMs: 500, toMs: 1000 }), 20);
  assert.equal(rateIn(data, row, { fromMs: 600, toMs: 900 }), 0);
  assert.equal(rateIn(data, row, { fromMs: 2000, toMs: 90_000 }), 2000, 'not past the end of the run');
});

test('mean and variance are those of a sample', () => {
  assert.equal(mean([2, 4, 4, 4, 5, 5, 7, 9]), 5);
  assert.ok(Math.abs(variance([2, 4, 4, 4, 5, 5, 7, 9]) - 32 / 7) < 1e-12);
  assert.equal(variance([3]), 0);
  assert.equal(variance([]), 0);
});

/** Virtual users and iterations by cell. */
function loadOf(cells: number, vus: (cell: number) => number, rate: (cell: number) => number = () => 0): TimelineData {
  const columns = mapColumns((name) =>
    name === 'vus' || name === 'iterations'
      ? Array.from({ length: cells }, (_, cell) => (name === 'vus' ? vus : rate)(cell))
      : [],
  );
  return { ...dataOf(cells), columns };
}

test('the steady part: of nothing it is empty, of a plateau the plateau, of two the longer one', () => {
  const cases: [data: TimelineData, from: number, to: number][] = [
    [loadOf(0, () => 1), 0, 0],
    [loadOf(1, () => 1), 0, 0],
    // The last slice is hardly ever whole.
    [loadOf(20, () => 5), 0.95, 19],
    [loadOf(20, () => 0), 0.95, 0],
    [loadOf(21, (cell) => (cell < 8 ? 10 : 100)), 8, 20],
    [loadOf(21, (cell) => (cell < 13 ? 10 : 100)), 1, 13],
    // A third more is the same load, half as much again is not.
    [loadOf(21, (cell) => (cell % 2 === 0 ? 100 : 134)), 1, 20],
    [loadOf(21, (cell) => (cell % 2 === 0 ? 100 : 150)), 1, 1],
    // A pause in the middle ends a stretch.
    [loadOf(21, (cell) => (cell === 12 ? 0 : 10)), 1, 12],
    // Of users that change under a constant rate the rate counts.
    [
      loadOf(
        21,
        (cell) => 1 + cell * 10,
        () => 50,
      ),
      1,
      20,
    ],
  ];
  for (const [index, [data, from, to]] of cases.entries()) {
    const { fromMs, toMs } = findSteadyPart(data);
    assert.deepEqual([Math.round(fromMs), toMs], [from * 1000, to * 1000], `case ${index}`);
  }
});

test('what several runs have in common may be nothing', () => {
  const a = { fromMs: 0, toMs: 10 };
  const b = { fromMs: 5, toMs: 20 };
  assert.deepEqual(commonPart([a]), a);
  assert.deepEqual(commonPart([a, b]), { fromMs: 5, toMs: 10 });
  const { fromMs, toMs } = commonPart([a, b, { fromMs: 15, toMs: 30 }]);
  assert.ok(toMs < fromMs);
});
