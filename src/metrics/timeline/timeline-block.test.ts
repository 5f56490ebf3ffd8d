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
