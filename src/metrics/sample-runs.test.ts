import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SampleBatch } from './sample-batch.ts';
import { SampleRuns } from './sample-runs.ts';

type Sample = readonly [id: number, value: number, time: number];

function batchOf(samples: readonly Sample[]): SampleBatch {
  return {
    series: [],
    ids: Uint32Array.from(samples, ([id]) => id),
    values: Float64Array.from(samples, ([, value]) => value),
    times: Float64Array.from(samples, ([, , time]) => time),
    count: samples.length,
  };
}

/** All samples as they are taken: piece by piece, series by series. */
function takeAll(runs: SampleRuns, batch: SampleBatch): Sample[][] {
  const pieces: Sample[][] = [];
  for (let next = 0; next < batch.count; ) {
    next = runs.take(batch, next);
    const piece: Sample[] = [];
    let from = 0;
    for (let run = 0; run < runs.count; run++) {
      assert.ok(runs.ends[run]! > from, 'a series without a sample');
      for (; from < runs.ends[run]!; from++) piece.push([runs.ids[run]!, runs.values[from]!, runs.times[from]!]);
    }
    pieces.push(piece);
  }
  return pieces;
}

const bySeries = (samples: readonly Sample[]): Map<number, Sample[]> => Map.groupBy(samples, ([id]) => id);

describe('the samples of a batch by series', () => {
  test('are together, each series in the order in which they came', () => {
    const samples: Sample[] = [
      [7, 1, 10],
      [2, 2, 10],
      [7, 3, 11],
      [0, 4, 12],
      [2, 5, 9],
      [7, 6, 12],
    ];
    assert.deepEqual(takeAll(new SampleRuns(), batchOf(samples)), [
      [
        [7, 1, 10],
        [7, 3, 11],
        [7, 6, 12],
        [2, 2, 10],
        [2, 5, 9],
        [0, 4, 12],
      ],
    ]);
  });

  test('come in pieces that span little time, so that what is kept by time gets them about in order', () => {
    const samples = Array.from({ length: 40 }, (_, index): Sample => [index % 2, index, 1000 + index * 10]);
    const pieces = takeAll(new SampleRuns(), batchOf(samples));
    assert.ok(pieces.length > 1);
    let latest = Number.NEGATIVE_INFINITY;
    for (const piece of pieces) {
      const times = piece.map(([, , time]) => time);
      assert.ok(Math.min(...times) > latest);
      latest = Math.max(...times);
      assert.ok(latest - Math.min(...times) <= 50);
    }
    assert.deepEqual(
      pieces.flat().sort((a, b) => a[2] - b[2]),
      samples,
    );
  });

  test('are all there, whatever the numbers and however many, in one batch after the other', () => {
    const runs = new SampleRuns();
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (const [count, series] of [
      [1, 1],
      [5000, 3],
      [5000, 5000],
      [2048, 200_000],
      [2049, 1],
      [10_000, 70],
    ] as const) {
      const samples = Array.from({ length: count }, (_, index): Sample => [random(series), random(1000), index / 100]);
      const taken = takeAll(runs, batchOf(samples)).flat();
      assert.equal(taken.length, count);
      const wanted = bySeries(samples);
      for (const [id, own] of bySeries(taken)) assert.deepEqual(own, wanted.get(id));
    }
  });

  test('an earlier batch leaves nothing behind', () => {
    const runs = new SampleRuns();
    takeAll(
      runs,
      batchOf([
        [5, 1, 0],
        [900_000, 2, 0],
      ]),
    );
    assert.deepEqual(takeAll(runs, batchOf([[5, 3, 1]])), [[[5, 3, 1]]]);
  });
});
