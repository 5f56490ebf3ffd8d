import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf, bucketStart, LogLinearHistogram } from './log-linear-histogram.ts';
import { TrendSink } from './trend-sink.ts';
import { trendStat } from './trend-stat.ts';

const PERCENTILES = [0, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

/** Random numbers, the same at every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The definition: interpolation between neighbours of the sorted values. */
function exactPercentile(sorted: readonly number[], percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (rank - lower);
}

const DISTRIBUTIONS: Record<string, (random: () => number) => number> = {
  uniform: (random) => random() * 1000,
  exponential: (random) => -Math.log(1 - random()) * 20,
  'log-normal over ten decades': (random) => Math.exp((random() + random() + random() - 1.5) * 12),
  'few values': (random) => Math.floor(random() * 5),
  'both signs': (random) => (random() - 0.4) * 100,
  'two far peaks': (random) => (random() < 0.97 ? 1.5 : 30_000) * (1 + random() / 100),
  constant: () => 12.345,
};

function assertClose(actual: number, expected: number, message: string): void {
  assert.ok(
    Math.abs(actual - expected) <= Math.abs(expected) * 0.001 + 1e-12,
    `${message}: ${actual} is not ${expected}`,
  );
}

for (const [name, draw] of Object.entries(DISTRIBUTIONS)) {
  test(`percentiles of any number of values are right to 0.1 %: ${name}`, () => {
    const random = createRandom(42);
    for (const size of [1, 2, 3, 17, 512, 513, 2000, 20_000]) {
      const values = Array.from({ length: size }, () => draw(random));
      const sink = new TrendSink();
      for (const value of values) sink.add(value);
      const sorted = values.toSorted((a, b) => a - b);
      for (const percent of PERCENTILES) {
        const exact = exactPercentile(sorted, percent);
        // Between far neighbours of opposite signs the error is that of the greater one.
        const neighbours = Math.max(
          ...[Math.floor, Math.ceil].map((f) => Math.abs(sorted[f((percent / 100) * (size - 1))])),
        );
        const found = sink.percentile(percent);
        if (size <= 512) assert.equal(found, exact);
        else
          assert.ok(
            Math.abs(found - exact) <= neighbours * 0.001 + 1e-12,
            `p(${percent}) of ${size}: ${found}, not ${exact}`,
          );
      }
      assert.equal(sink.min, sorted[0]);
      assert.equal(sink.max, sorted.at(-1));
      assert.equal(sink.count, size);
      assertClose(sink.avg, values.reduce((sum, value) => sum + value, 0) / size, 'average');
    }
  });
}

test('merged sinks are as one that has seen everything', () => {
  for (const sizes of [
    [3, 4],
    [300, 300],
    [512, 0],
    [0, 700],
    [5000, 10],
    [10, 5000],
    [4000, 4000],
  ]) {
    const random = createRandom(7);
    const whole = new TrendSink();
    const parts = sizes.map((size) => {
      const part = new TrendSink();
      for (let index = 0; index < size; index++) {
        const value = random() ** 3 * 500;
        part.add(value);
        whole.add(value);
      }
      return part;
    });
    const merged = new TrendSink();
    for (const part of parts) merged.mergeState(structuredClone(part.state()));
    assert.equal(merged.count, whole.count);
    assert.equal(merged.min, whole.min);
    assert.equal(merged.max, whole.max);
    assertClose(merged.sum, whole.sum, 'sum');
    for (const percent of PERCENTILES)
      assert.equal(merged.percentile(percent), whole.percentile(percent), `${sizes} p(${percent})`);
  }
});

test('a bucket is a thousandth of its values wide, and neighbours touch', () => {
  const random = createRandom(3);
  for (let index = 0; index < 2000; index++) {
    const value = Math.exp((random() - 0.5) * 200);
    const bucket = bucketOf(value);
    const [from, to] = [bucketStart(bucket), bucketStart(bucket + 1)];
    assert.ok(from <= value && value < to);
    assert.ok((to - from) / from <= 1 / 1024);
  }
});

test('a histogram takes memory for what it holds, not for how much there was', () => {
  const histogram = new LogLinearHistogram();
  const random = createRandom(1);
  for (let index = 0; index < 200_000; index++) histogram.add(1 + random() * 99);
  assert.ok(histogram.bytes < 70_000, `${histogram.bytes} bytes`);
  assert.equal(
    [...histogram.buckets()].reduce((sum, { count }) => sum + count, 0),
    200_000,
  );
});

test('values at the ends of what a double holds are counted', () => {
  const sink = new TrendSink();
  for (let round = 0; round < 300; round++) {
    for (const value of [0, 5e-324, 1.7e308, -1.7e308, 1]) sink.add(value);
  }
  assert.equal(sink.percentile(0), -1.7e308);
  assert.equal(sink.percentile(30), 0);
  assert.equal(sink.percentile(100), 1.7e308);
});

test('statistics go by their names', () => {
  const sink = new TrendSink();
  for (const value of [40, 10, 30, 20]) sink.add(value);
  const expected = { avg: 25, min: 10, max: 40, med: 25, count: 4, sum: 100, 'p(75)': 32.5, 'p(0)': 10, 'p(100)': 40 };
  for (const [name, value] of Object.entries(expected)) assert.equal(trendStat(name)?.(sink), value, name);
  for (const name of ['p(101)', 'p()', 'p(x)', 'mean', 'constructor', ''])
    assert.equal(trendStat(name), undefined, name);
});

test('an empty trend is all zeros', () => {
  const sink = new TrendSink();
  assert.deepEqual([sink.min, sink.max, sink.avg, sink.percentile(95)], [0, 0, 0, 0]);
  assert.ok(sink.isEmpty);
});

test('what a division by zero gives spoils no percentile that it has no part in', () => {
  const { POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
  for (const size of [10, 2000]) {
    const sink = new TrendSink();
    const assertNear = (percent: number, expected: number): void =>
      assert.ok(Math.abs(sink.percentile(percent) - expected) <= 0.001, `p(${percent}): ${sink.percentile(percent)}`);
    for (let index = 0; index < size; index++) sink.add(1);
    sink.add(most);
    assertNear(0, 1);
    assertNear(50, 1);
    assert.equal(sink.percentile(100), most);
    for (let index = 0; index < 2 * size; index++) sink.add(most);
    assertNear(10, 1);
    assert.deepEqual([sink.percentile(60), sink.percentile(95.5)], [most, most]);
    for (let index = 0; index < 8 * size; index++) sink.add(least);
    assert.deepEqual([sink.percentile(0), sink.percentile(40), sink.percentile(99)], [least, least, most]);
    assert.ok(sink.buckets().every(({ from, to }) => from <= to));
  }
});

test('the middle of the two greatest numbers there are is 0, not infinite', () => {
  const sink = new TrendSink();
  for (const value of [-Number.MAX_VALUE, Number.MAX_VALUE]) sink.add(value);
  assert.equal(sink.percentile(50), 0);
  assert.equal(sink.percentile(0), -Number.MAX_VALUE);
});

test('percentiles never fall as the percent rises, before and after values become a histogram', () => {
  const random = createRandom(77);
  for (const size of [2, 5, 512, 513, 5000]) {
    const sink = new TrendSink();
    for (let index = 0; index < size; index++) sink.add(random() < 0.3 ? 0 : (random() - 0.5) * 10 ** (random() * 6));
    let before = Number.NEGATIVE_INFINITY;
    for (let percent = 0; percent <= 100; percent += 0.25) {
      const value = sink.percentile(percent);
      assert.ok(value >= before, `p(${percent}) of ${size}: ${value} after ${before}`);
      before = value;
    }
    assert.equal(before, sink.max);
  }
});

test('buckets for histograms elsewhere are ascending, touch no other, and hold all values', () => {
  const random = createRandom(78);
  for (const size of [0, 1, 100, 2000]) {
    const sink = new TrendSink();
    for (let index = 0; index < size; index++) sink.add((random() - 0.5) * 100);
    const buckets = sink.buckets();
    assert.equal(
      buckets.reduce((sum, { count }) => sum + count, 0),
      size,
    );
    for (const [index, { from, to }] of buckets.entries()) {
      assert.ok(from <= to);
      if (index > 0) assert.ok(from >= buckets[index - 1].to);
    }
  }
});
