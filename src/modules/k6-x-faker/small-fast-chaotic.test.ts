import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSmallFastChaotic } from './small-fast-chaotic.ts';

test('the same seed gives the same numbers', () => {
  const take = (seed: number): number[] => Array.from({ length: 5 }, createSmallFastChaotic(seed));
  assert.deepEqual(take(42), take(42));
  assert.notDeepEqual(take(42), take(43));
  assert.ok(take(-1).every((n) => n >= 0 && n < 1));
});
