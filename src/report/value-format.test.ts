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

test('every number of nanoseconds, microseconds and cents shows as it is: a double that lies a little below costs no digit', () => {
  for (let n = 1; n < 1000; n++) assert.equal(formatMeasuredTime(n / 1e6), `${n}ns`);
  const plain = (cents: number): string => String(cents / 100);
  for (let cents = 100; cents < 100_000; cents += 7) {
    assert.equal(formatMeasuredTime(cents / 100), `${plain(cents)}ms`);
    assert.equal(formatMeasuredTime(cents / 100_000), `${plain(cents)}µs`);
  }
  for (let hundredths = 0; hundredths <= 10_000; hundredths++) {
    const expected = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
    assert.equal(formatPercent(hundredths / 10_000, 1), expected);
    assert.equal(formatPercent(hundredths, 10_000), expected);
  }
});

test('a share that is not whole never shows as whole, and one that is not nothing may', () => {
  for (const total of [3, 7, 1e6, 1e15]) assert.notEqual(formatPercent(total - 1, total), '100.00%', String(total));
  assert.equal(formatPercent(1 - 1e-12, 1), '99.99%');
  assert.equal(formatPercent(1, 1e9), '0.00%');
});

test('numbers that are too large for digits, too small, or none, show as what they are', () => {
  const cases: [number, string][] = [
    [1.2e30, '1.2e+30'],
    [1e21, '1e+21'],
    [-1.5e100, '-1.5e+100'],
    [123_456_789_012, '123456789012'],
    [1e20, '100000000000000000000'],
    [-1e-9, '0'],
    [-0, '0'],
    [0.000_001, '0.000001'],
    [-2.5, '-2.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text, String(value));
});

test('a duration without end, or that is none, is no row of broken numbers', () => {
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    for (const unit of [null, 's', 'ms', 'us'] as const) {
      const text = formatMeasuredTime(value, unit);
      assert.ok(!/\d|NaN.*NaN|Infinity.*N/.test(text), text);
    }
  assert.equal(formatMeasuredTime(1e12), '277777h46m40s');
});

test('units of bytes change where the rounded number would have four digits, up to the last one there is', () => {
  const cases: [number, string][] = [
    [9.5, '9.5 B'],
    [999.94, '1000 B'],
    [999.96, '1.0 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [999_949, '1000 kB'],
    [1e18, '1.0 EB'],
    [5e21, '5000 EB'],
  ];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text, String(bytes));
});
