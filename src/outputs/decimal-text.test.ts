import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal } from './decimal-text.ts';

test('numbers are written without an exponent, and read as the same number', () => {
  const values = [0, -3, 2.5, 1e-7, -1.5e-9, 1234567.891, 1e21, -1.25e22, 5e-324, Number.MAX_VALUE, 0.1 + 0.2];
  for (const value of values) {
    const text = formatDecimal(value);
    assert.match(text, /^-?\d+(?:\.\d+)?$/);
    assert.equal(Number(text), value);
  }
  assert.equal(formatDecimal(1e-7), '0.0000001');
  assert.equal(formatDecimal(1.5e21), '1500000000000000000000');
});
