import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upperQuantile, upperTail } from './student-t.ts';

test('quantiles are those of the tables', () => {
  // W. S. Gosset's table, as in every textbook: two-sided 5 %, 1 %, one-sided 0.05 %.
  const table: [probability: number, freedom: number, t: number][] = [
    [0.025, 1, 12.7062],
    [0.025, 2, 4.3027],
    [0.025, 4, 2.7764],
    [0.025, 11, 2.201],
    [0.025, 22, 2.0739],
    [0.005, 5, 4.0321],
    [0.0005, 10, 4.5869],
    [0.025, 1e6, 1.96],
  ];
  for (const [probability, freedom, t] of table)
    assert.ok(Math.abs(upperQuantile(probability, freedom) - t) < 1e-4 * t, `${probability} with ${freedom}`);
});

test('a tail is the inverse of a quantile, and symmetric', () => {
  for (const freedom of [1, 2.5, 7, 21.3, 400])
    for (const probability of [0.4, 0.1, 0.01, 1e-4, 1e-7]) {
      const t = upperQuantile(probability, freedom);
      assert.ok(Math.abs(upperTail(t, freedom) / probability - 1) < 1e-6);
      assert.ok(Math.abs(upperTail(-t, freedom) - (1 - probability)) < 1e-9);
    }
});
