import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatTimeout } from './timeout-header.ts';

it('grpc-timeout has at most eight digits, in the smallest unit that fits, rounded up', () => {
  const cases: [number, string][] = [
    [0, '0n'],
    [-5, '0n'],
    [0.5, '500000n'],
    [50, '50000000n'],
    [100, '100000u'],
    [60_000, '60000000u'],
    [120_000, '120000m'],
    [100_000_000, '100000S'],
    [99_999.999_5, '100000m'],
    [1e12, '16666667M'],
    [1e18, '99999999H'],
  ];
  for (const [ms, text] of cases) assert.equal(formatTimeout(ms), text);
});
