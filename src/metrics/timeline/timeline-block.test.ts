import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBlock, encodeBlock, sliceCount } from './timeline-block.ts';
import { mapColumns, type Numbers, type SliceCounts, type TimelineData, type TimelineRow } from './timeline-data.ts';

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomTimeline(seed: number): TimelineData {
  const below = numbers(seed);
  const cells = below(200);
  const sliceCells = 1 + below(8);
  const value = (): number => (below(3) === 0 ? 0 : below(4) === 0 ? below(2 ** 20) * below(2 ** 30) : below(1000));
  const cellsOf = (make: () => number): number[] => Array.from({ length: cells }, make);
  const slice = (): SliceCounts | null => {
    if (below(4) === 0) return null;
    const counts = Array.from({ length: 1 + below(40) }, () => below(5000));
    counts[0] = counts[counts.length - 1] = 1 + below(100);
    return { low: below(200), counts };
  };
  const row = (): TimelineRow => {
    const count = cellsOf(() => (below(2) === 0 ? 0 : 1 + below(1e6)));
    const p50 = count.map((n) => (n === 0 ? 0 : 1 + below(500)));
    const p95 = p50.map((step) => (step === 0 ? 0 : step + below(300)));
    const p99 = p95.map((step) => (step === 0 ? 0 : step + below(200)));
    return {
      count,
      failed: cellsOf(() => (below(5) === 0 ? below(1000) : 0)),
      p50,
      p95,
      p99,
      slices: Array.from({ length: sliceCount({ cells, sliceCells }) }, slice),
    };
  };
  return {
    startMs: 1_795_857_120_000 + below(1000),
    cellMs: 250 << below(4),
    cells,
    sliceCells,
    columns: mapColumns(() => cellsOf(value)),
    codes: Array.from({ length: below(5) }, () => cellsOf(() => (below(6) === 0 ? below(1e6) : 0))),
    rows: Array.from({ length: below(6) }, row),
  };
}

test('whatever a timeline holds comes back from its block, to the last number', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const timeline = randomTimeline(seed);
    assert.deepEqual(decodeBlock(encodeBlock(timeline)), timeline, `seed ${seed}`);
  }
});

test('typed arrays and columns that end early are written as the numbers that they mean', () => {
  const columns = mapColumns((): Numbers => Float64Array.of(1, 2 ** 40));
  const timeline = { startMs: 1, cellMs: 250, cells: 3, sliceCells: 1, columns, codes: [Uint32Array.of(7)], rows: [] };
  const back = decodeBlock(encodeBlock(timeline));
  assert.deepEqual(back.columns.received, [1, 2 ** 40, 0]);
  assert.deepEqual(back.codes, [[7, 0, 0]]);
});

test('a block that is cut off, or of a later format, is refused in words', () => {
  const bytes = encodeBlock(randomTimeline(3));
  assert.throws(() => decodeBlock(bytes.subarray(0, bytes.length - 3)), /ends too early/);
  assert.throws(() => decodeBlock(Uint8Array.of(9, 0)), /has the format 9/);
});

/** A timeline of one column, `iterations`. */
function withIterations(iterations: Numbers): TimelineData {
  const columns = mapColumns((name): Numbers => (name === 'iterations' ? iterations : []));
  return { startMs: 1, cellMs: 250, cells: iterations.length, sliceCells: 1, columns, codes: [], rows: [] };
}

test('what a script makes of a metric of ours harms no other cell: fractions are rounded, what is no number is 0', () => {
  // `new Counter('iterations').add(0.5)` is allowed, as in k6.
  const most = 2 ** 51;
  for (const [given, expected] of [
    [
      [5, 0.5, 3, 3],
      [5, 1, 3, 3],
    ],
    [
      [1.4, 1.4, 1.4, 1.4, 7],
      [1, 1, 1, 1, 7],
    ],
    [
      [5, Number.NaN, 3],
      [5, 0, 3],
    ],
    [
      [-2, 3, -0.2],
      [-2, 3, 0],
    ],
    [
      [1, Number.POSITIVE_INFINITY, 2],
      [1, most, 2],
    ],
    [
      [1, Number.NEGATIVE_INFINITY, 2],
      [1, -most, 2],
    ],
    [
      [1e300, 0, 2],
      [most, 0, 2],
    ],
  ] as const)
    assert.deepEqual(decodeBlock(encodeBlock(withIterations(given))).columns.iterations, expected, String(given));
});

test('numbers on both sides of where one octet more is needed come back', () => {
  const borders = [7, 14, 21, 28, 31, 32, 35, 42, 49].flatMap((bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]);
  const codes = [borders];
  const timeline = { ...withIterations(borders), codes };
  assert.deepEqual(decodeBlock(encodeBlock(timeline)).codes, codes);
  assert.deepEqual(decodeBlock(encodeBlock(timeline)).columns.iterations, borders);
});

test('zeros at the ends of a sparse column, or nothing but zeros, stay', () => {
  for (const code of [[], [0], [0, 0, 5], [5, 0, 0], [0, 5, 0, 7, 0]]) {
    const back = decodeBlock(encodeBlock({ ...withIterations(code.map(() => 0)), codes: [code] }));
    assert.deepEqual(back.codes, [code]);
  }
});

test('cut off anywhere a block is refused, never read as another one', () => {
  const bytes = encodeBlock(randomTimeline(11));
  for (let length = 0; length < bytes.length; length += 1 + Math.floor(length / 40))
    assert.throws(() => decodeBlock(bytes.subarray(0, length)), RangeError, `${length} of ${bytes.length}`);
});

test('octets that promise more than they hold are refused, not believed', () => {
  const huge = [255, 255, 255, 255, 255, 255, 255, 15];
  for (const head of [
    // Of format, start, cell, cells, cells of a slice, codes, rows one is out of all proportion.
    [1, 1, 1, ...huge, 1, 0, 0],
    [1, 1, 1, 1, 1, ...huge, 0],
    [1, 1, 1, 1, 1, 0, ...huge],
    [1, 1, 1, 255, 255, 255, 255, 15, 1, 0, 0],
    [1, 1, 1, 1, 0, 0, 0],
  ])
    assert.throws(
      () => decodeBlock(Uint8Array.from([...head, ...new Array<number>(100).fill(0)])),
      RangeError,
      `${head}`,
    );
  // A sparse column that says its value lies beyond the end.
  const before = [1, 1, 1, 2, 1, 1, 0, ...new Array<number>(8 * 2).fill(0)];
  assert.deepEqual(decodeBlock(Uint8Array.from([...before, 1, 9, 0, 0])).codes, [[0, 9]]);
  assert.throws(() => decodeBlock(Uint8Array.from([...before, 2, 9, 0, 0])), RangeError);
});
