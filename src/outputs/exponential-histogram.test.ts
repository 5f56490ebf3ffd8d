import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketIndex, ExponentialHistogram } from './exponential-histogram.ts';
import { DEFAULT_BOUNDS, ExplicitHistogram } from './opentelemetry/explicit-histogram.ts';

test('a bucket of the exponential histogram holds what lies over its lower and not over its upper bound', () => {
  let magnitude = 1e-6;
  while (magnitude < 1e9) {
    const index = bucketIndex(magnitude);
    assert.ok(2 ** (index / 8) < magnitude && magnitude <= 2 ** ((index + 1) / 8), `${magnitude} in ${index}`);
    magnitude *= 1.0137;
  }
  for (let exponent = -20; exponent < 40; exponent++) assert.equal(bucketIndex(2 ** exponent), exponent * 8 - 1);
});

test('histograms know count, sum, least and greatest, and where each value lies', () => {
  const explicit = new ExplicitHistogram();
  const exponential = new ExponentialHistogram();
  for (const value of [0, 5, 5.1, 20_000, -3]) {
    explicit.add(value);
    exponential.add(value);
  }
  for (const { count, sum, min, max } of [explicit, exponential])
    assert.deepEqual([count, sum, min, max], [5, 20_007.1, -3, 20_000]);
  assert.deepEqual(explicit.counts.slice(0, 3), [2, 1, 1]);
  assert.equal(explicit.counts.length, DEFAULT_BOUNDS.length + 1);
  assert.equal(explicit.counts.at(-1), 1);
  assert.deepEqual([exponential.zeros, exponential.positive.size, exponential.negative.size], [1, 2, 1]);
});
