import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintOf, wholeFingerprintOf } from './fingerprint.ts';
import { makeRunId } from './run-id.ts';

const CODE = 'export default () => {};';
const shown = (options: Record<string, unknown>) => ({ shown: options });

test('the same script with the same options has the same fingerprint, whatever its tags', () => {
  const one = fingerprintOf(CODE, shown({ vus: 1, tags: { build: '1' } }));
  assert.match(one, /^[0-9a-f]{28}$/);
  assert.equal(fingerprintOf(CODE, shown({ vus: 1, tags: { build: '2' } })), one);
  assert.equal(fingerprintOf(CODE, shown({ vus: 1 })), one);
  assert.equal(fingerprintOf(CODE, shown({ vus: 1, tags: null })), one);
});

test('every other script and every other option has another one', () => {
  const codes = [
    CODE,
    `${CODE} `,
    `${CODE}\n`,
    '',
    'é',
    '\u00e9',
    'e\u0301',
    'ab',
    'ba',
    'a\u0000b',
    '\u0100',
    '\u0000',
  ];
  const options = [
    {},
    { vus: 1 },
    { vus: 2 },
    { vus: '1' },
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    { list: [1, 2] },
    { list: [12] },
  ];
  const seen = new Map<string, string>();
  for (const code of new Set(codes))
    for (const one of options) {
      const fingerprint = fingerprintOf(code, shown(one));
      const what = JSON.stringify([code, one]);
      assert.equal(seen.get(fingerprint) ?? what, what);
      seen.set(fingerprint, what);
    }
});

test('texts that differ in one letter are far from each other, and no two of many are alike', () => {
  const seen = new Set<string>();
  const bits = new Array<number>(28).fill(0);
  const before = fingerprintOf('x'.repeat(1000), shown({}));
  for (let place = 0; place < 1000; place++) {
    const text = `${'x'.repeat(place)}y${'x'.repeat(999 - place)}`;
    const fingerprint = fingerprintOf(text, shown({}));
    seen.add(fingerprint);
    for (let digit = 0; digit < 28; digit++) if (fingerprint[digit] !== before[digit]) bits[digit]!++;
  }
  assert.equal(seen.size, 1000);
  // The first digit of each half has one bit of its own.
  for (const [digit, changed] of bits.entries())
    assert.ok(changed > (digit % 14 === 0 ? 300 : 850), `digit ${digit}: ${changed}`);
});

test('all segments of one test have one fingerprint of the whole, which is that of the test without segments', () => {
  const whole = { vus: 6, executionSegment: null, executionSegmentSequence: null };
  const own = fingerprintOf(CODE, shown(whole));
  assert.equal(wholeFingerprintOf(CODE, shown(whole), own), own);
  const parts = ['0:1/3', '1/3:2/3', '2/3:1'].map((executionSegment) => {
    const options = { ...whole, executionSegment, executionSegmentSequence: '0,1/3,2/3,1' };
    const fingerprint = fingerprintOf(CODE, shown(options));
    return { fingerprint, of: wholeFingerprintOf(CODE, shown(options), fingerprint) };
  });
  assert.equal(new Set(parts.map(({ fingerprint }) => fingerprint)).size, 3);
  assert.deepEqual(
    parts.map(({ of }) => of),
    [own, own, own],
  );
  const sequence = { ...whole, executionSegmentSequence: '0,1' };
  assert.equal(wholeFingerprintOf(CODE, shown(sequence), fingerprintOf(CODE, shown(sequence))), own);
});

test('names of runs sort by their time, and two of one second differ', () => {
  assert.match(makeRunId(new Date(Date.UTC(2026, 10, 28, 9, 12, 4, 999))), /^20261128-091204-[0-9a-f]{6}$/);
  const times = [0, 1000, 86_400_000, 1e12, 1.9e12].map((ms) => makeRunId(new Date(ms)));
  assert.deepEqual(times.toSorted(), times);
  assert.ok(new Set(Array.from({ length: 200 }, () => makeRunId(new Date(0)))).size > 195);
});
