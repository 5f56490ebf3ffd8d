import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatMeasuredTime, formatNumber, formatPercent, formatValue } from './value-format.ts';

test('durations take the unit that suits them, cut off after two decimals', () => {
  const cases: [number, string][] = [
    [0, '0s'],
    [0.000_000_5, '0ns'],
    [0.000_123, '123ns'],
    [0.0125, '12.5µs'],
    [0.999_999, '999.99µs'],
    [1, '1ms'],
    [1.15, '1.15ms'],
    [148.219, '148.21ms'],
    [999.999, '999.99ms'],
    [1000, '1s'],
    [2280, '2.28s'],
    [59_999, '59.99s'],
    [60_000, '1m0s'],
    [90_500, '1m30s'],
    [3_723_000, '1h2m3s'],
    [-1500, '-1.5s'],
  ];
  for (const [ms, text] of cases) assert.equal(formatMeasuredTime(ms), text);
});

test('with a time unit all durations have that, and two decimals', () => {
  assert.equal(formatMeasuredTime(1234.567, 's'), '1.23s');
  assert.equal(formatMeasuredTime(1234.567, 'ms'), '1234.57ms');
  assert.equal(formatMeasuredTime(1.5, 'us'), '1500.00µs');
});

test('bytes are counted in thousands', () => {
  const cases: [number, string][] = [
    [0, '0 B'],
    [9, '9 B'],
    [10, '10 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [4690, '4.7 kB'],
    [12_345, '12 kB'],
    [999_999, '1.0 MB'],
    [55_000_000, '55 MB'],
    [1.5e12, '1.5 TB'],
    [687.4, '687 B'],
  ];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text);
});

test('numbers have six decimals at most, percentages two that are cut off', () => {
  assert.equal(formatNumber(13.122179123), '13.122179');
  assert.equal(formatNumber(100), '100');
  assert.equal(formatNumber(1.5), '1.5');
  assert.equal(formatPercent(7, 8), '87.50%');
  assert.equal(formatPercent(99_999, 100_000), '99.99%');
  assert.equal(formatPercent(29, 100), '29.00%');
  assert.equal(formatPercent(0, 0), '0.00%');
  assert.equal(formatValue(1500, 'data'), '1.5 kB');
  assert.equal(formatValue(1500, 'time', 's'), '1.50s');
});
