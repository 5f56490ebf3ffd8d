import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDuration, readTimeLimit } from './script-duration.ts';

test('a duration of a script is a number of milliseconds, or text as Go has it, with days', () => {
  for (const [given, ms] of [
    [250, 250],
    [0, 0],
    [-1.5, -1.5],
    ['250', 250],
    ['+1.5', 1.5],
    ['250ms', 250],
    ['1.5s', 1500],
    ['.5s', 500],
    ['1m30s', 90_000],
    ['2d12h', 216_000_000],
    ['1h1m1s1ms', 3_661_001],
    ['-2s', -2000],
  ] as const)
    assert.equal(readDuration(given), ms, String(given));
  for (const [given, ms] of [
    ['5us', 0.005],
    ['5µs', 0.005],
    ['7ns', 7e-6],
  ] as const)
    assert.ok(Math.abs(readDuration(given) - ms) < 1e-12, given);
});

test('what is none is NaN', () => {
  for (const given of ['', 's', '5 s', '5x', '1s2', 'ten', '1.2.3s', null, undefined, true, {}, [1], 5n])
    assert.ok(Number.isNaN(readDuration(given)), String(given));
});

test('how long something may take is such a time from 0 on, within what timers can wait for', () => {
  for (const [given, ms] of [
    [0, 0],
    ['0s', 0],
    ['1.5s', 1500],
    ['24d', 2_073_600_000],
    ['30d', 2_147_483_647],
    [Number.POSITIVE_INFINITY, 2_147_483_647],
  ] as const)
    assert.equal(readTimeLimit(given, 'timeout'), ms, String(given));
  for (const [given, shown] of [
    ['soon', '"soon"'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    ['-1s', '"-1s"'],
    [true, 'boolean'],
    [{}, 'object'],
  ] as const)
    assert.throws(() => readTimeLimit(given, 'timeout'), {
      name: 'TypeError',
      message: `timeout must be a time, in milliseconds or as in "5s", not ${shown}`,
    });
});
