import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration, parseGoDuration } from './duration.ts';

test('reads Go durations in milliseconds', () => {
  for (const [text, ms] of [
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['.5s', 500],
    ['1us', 0.001],
    ['1µs', 0.001],
    ['100ns', 0.0001],
    ['0', 0],
    ['-1s', -1000],
    ['1h0.1s', 3_600_100],
  ] as const) {
    assert.equal(parseGoDuration(text), ms, text);
  }
});

test('refuses what Go refuses, and says what is missing', () => {
  for (const text of ['', 's', '1', '10', '1d', 'soon', '1s ', '1m-3s', '1 s', 'Infinitys'])
    assert.throws(() => parseGoDuration(text), text);
  assert.throws(() => parseGoDuration('10'), /"10" is not a duration: it has no unit/);
});

test('options may also give days and bare milliseconds', () => {
  assert.equal(parseDuration('1d2h'), 26 * 3_600_000);
  assert.equal(parseDuration('2d'), 2 * 86_400_000);
  assert.equal(parseDuration('-1d'), -86_400_000);
  assert.equal(parseDuration('500'), 500);
  assert.equal(parseDuration('1.5'), 1.5);
  for (const text of ['', '1d-2h', 'd', '1.5d', '2h1d']) assert.throws(() => parseDuration(text), text);
});

test('writes durations as Go does', () => {
  for (const [ms, text] of [
    [0, '0s'],
    [90_000, '1m30s'],
    [93_600_000, '26h0m0s'],
    [1500, '1.5s'],
    [250, '250ms'],
    [0.25, '250µs'],
    [0.0001, '100ns'],
    [60_000, '1m0s'],
    [3_600_050, '1h0m0.05s'],
    [-1000, '-1s'],
    [1.5, '1.5ms'],
  ] as const) {
    assert.equal(formatDuration(ms), text);
    assert.equal(parseGoDuration(text), ms);
  }
});
