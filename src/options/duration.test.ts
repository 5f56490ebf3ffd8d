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

/** A generator of whole numbers, the same at every run. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const NS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

test('sums of parts are those of whole nanoseconds, in any order of units', () => {
  const random = createRandom(3);
  for (let round = 0; round < 500; round++) {
    const parts = Array.from({ length: 1 + random(4) }, () => {
      const unit = Object.keys(NS)[random(6)]!;
      return { text: `${random(1000)}${unit}`, unit };
    });
    const text = parts.map((part) => part.text).join('');
    const ns = parts.reduce((sum, part) => sum + BigInt(Number.parseInt(part.text, 10)) * NS[part.unit]!, 0n);
    assert.equal(parseGoDuration(text), Number(ns) / 1e6, text);
    assert.equal(parseGoDuration(`-${text}`) + 0, -Number(ns) / 1e6 + 0, text);
  }
});

/** As Go's Duration.String writes it, worked out in whole numbers. */
function writeNanoseconds(ns: bigint): string {
  if (ns === 0n) return '0s';
  const fraction = (unit: bigint): string => {
    const digits = String(unit).length - 1;
    const rest = String(ns % unit)
      .padStart(digits, '0')
      .replace(/0+$/, '');
    return `${ns / unit}${rest === '' ? '' : `.${rest}`}`;
  };
  if (ns < 1000n) return `${ns}ns`;
  if (ns < 1_000_000n) return `${fraction(1000n)}µs`;
  if (ns < 1_000_000_000n) return `${fraction(1_000_000n)}ms`;
  const [hours, minutes] = [ns / NS['h']!, (ns / NS['m']!) % 60n];
  const rest = ns % NS['m']!;
  const digits = String(rest % NS['s']!)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = `${rest / NS['s']!}${digits === '' ? '' : `.${digits}`}s`;
  return hours > 0n ? `${hours}h${minutes}m${seconds}` : minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

test('what is written is what Go writes, and comes back as the same duration', () => {
  const random = createRandom(4);
  const all = [1n, 999n, 1000n, 999_999n, 1_000_000n, 999_999_999n, 1_000_000_000n, 59_999_999_999n, 60_000_000_000n];
  // Up to a hundred days the nanoseconds of a duration are whole numbers that a double can hold.
  for (let round = 0; round < 500; round++) all.push(BigInt(random(2 ** 31)) * BigInt(1 + random(4_000_000)));
  for (const ns of all) {
    const ms = Number(ns) / 1e6;
    assert.equal(formatDuration(ms), writeNanoseconds(ns), String(ns));
    assert.equal(parseGoDuration(formatDuration(ms)), ms, String(ns));
    assert.equal(formatDuration(-ms), `-${formatDuration(ms)}`);
  }
  assert.equal(formatDuration(-0), '0s');
  assert.equal(formatDuration(1e-7), '0s', 'less than half a nanosecond');
});

test('what is longer than a duration of Go can be is refused, not taken for something else', () => {
  for (const text of ['2562048h', '9223372036855s', `${'9'.repeat(400)}s`, '106752d', '9223372036855'])
    assert.throws(() => parseDuration(text), /longer than/, text);
  assert.equal(parseDuration('2562047h'), 2562047 * 3_600_000);
  assert.equal(parseDuration('106751d'), 106751 * 86_400_000);
});

test('a number of a million digits is refused, or taken, at once', () => {
  const digits = '9'.repeat(1_000_000);
  for (const text of [`${digits}x`, `${digits}.${digits}x`, `${digits}s1`]) assert.throws(() => parseDuration(text));
});
