import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normal, seeded } from '../comparison/simulated-run.fixture.ts';
import { TrendSink } from '../sinks/trend-sink.ts';
import { COARSE_COUNT, COARSE_SHIFT, STEP_COUNT, stepOf } from './latency-scale.ts';
import { WindowHistogram, type WindowQuantiles } from './window-histogram.ts';

const nothing = (): WindowQuantiles => ({ count: 0, p50: 0, p95: 0, p99: 0 });

/** The step of the value that a share of all are not above, + 1. */
function stepAt(sorted: readonly number[], share: number): number {
  return stepOf(sorted[Math.ceil(sorted.length * share) - 1]) + 1;
}

function close(window: WindowHistogram, coarse = new Uint32Array(COARSE_COUNT)): WindowQuantiles {
  const into = nothing();
  window.close(coarse, into);
  return into;
}

test('an empty window has no quantiles, and forgets those of the one before', () => {
  const into = { count: 7, p50: 7, p95: 7, p99: 7 };
  new WindowHistogram().close(new Uint32Array(COARSE_COUNT), into);
  assert.deepEqual(into, nothing());
});

test('quantiles are the steps of the sorted values at their ranks, for any number of values', () => {
  const random = seeded(17);
  const window = new WindowHistogram();
  for (const size of [1, 2, 3, 19, 20, 21, 99, 100, 101, 1000, 4096]) {
    const values = Array.from({ length: size }, () => 20 * Math.exp(normal(random) * 2));
    const coarse = new Uint32Array(COARSE_COUNT);
    for (const value of values) window.add(value);
    const sorted = values.toSorted((a, b) => a - b);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => stepAt(sorted, share));
    assert.deepEqual(close(window, coarse), { count: size, p50, p95, p99 }, `${size} values`);
    const expected = new Uint32Array(COARSE_COUNT);
    for (const value of values) expected[stepOf(value) >> COARSE_SHIFT]++;
    assert.deepEqual(coarse, expected);
    assert.deepEqual(close(window), nothing(), 'and the window is empty again');
  }
});

test('durations outside of the scale count as its first and last step', () => {
  const window = new WindowHistogram();
  for (const value of [-5, 0, -0, 5e-324]) window.add(value);
  assert.deepEqual(close(window), { count: 4, p50: 1, p95: 1, p99: 1 });
  for (const value of [1e12, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN]) window.add(value);
  assert.deepEqual(close(window), { count: 4, p50: STEP_COUNT, p95: STEP_COUNT, p99: STEP_COUNT });
});

test('a trend that comes in one piece, by values or by buckets, counts as its values would one by one', () => {
  const random = seeded(23);
  for (const size of [1, 40, 512, 513, 3000]) {
    const [single, whole, buckets] = [new WindowHistogram(), new WindowHistogram(), new WindowHistogram()];
    const sink = new TrendSink();
    for (let index = 0; index < size; index++) {
      // In the middle of a step, so that no bucket lies across two steps.
      const value = index % 50 === 0 ? 0 : index % 77 === 0 ? -random() : 2 ** Math.floor(random() * 9) * 1.38;
      sink.add(value);
      single.add(value);
    }
    whole.merge(sink.state());
    buckets.merge(sink.bucketState());
    const parts = [single, whole, buckets].map((window) => {
      const coarse = new Uint32Array(COARSE_COUNT);
      return [close(window, coarse), coarse];
    });
    assert.deepEqual(parts[1], parts[0], `${size} values`);
    assert.deepEqual(parts[2], parts[0], `${size} in buckets`);
  }
});
