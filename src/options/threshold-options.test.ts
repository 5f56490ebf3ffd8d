import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonReader } from './json-reader.ts';
import { THRESHOLDS } from './threshold-options.ts';

const read = (value: unknown, ineffective: string[] = []) =>
  THRESHOLDS.fromJson(new JsonReader(value, ['thresholds'], ineffective));
const plain = (threshold: string) => ({ threshold, abortOnFail: false, delayAbortEvalMs: 0 });

test('a threshold is a text, or an object of which only the threshold must be there', () => {
  const cases: [given: unknown, read: object][] = [
    ['p(95)<200', plain('p(95)<200')],
    [{ threshold: 'a' }, plain('a')],
    [
      { THRESHOLD: 'a', abortonfail: true },
      { ...plain('a'), abortOnFail: true },
    ],
    [{ threshold: 'a', abortOnFail: null, delayAbortEval: null }, plain('a')],
    [
      { threshold: 'a', delayAbortEval: '1m30s' },
      { ...plain('a'), delayAbortEvalMs: 90_000 },
    ],
    [
      { threshold: 'a', delayAbortEval: 250 },
      { ...plain('a'), delayAbortEvalMs: 250 },
    ],
  ];
  for (const [given, expected] of cases)
    assert.deepEqual(read({ m: [given] }), { m: [expected] }, JSON.stringify(given));
  assert.deepEqual(read({ m: [], n: null, 'o{a:b}': undefined }), { m: [], n: [], 'o{a:b}': [] });
  assert.deepEqual(read({}), {});
});

test('keys stay as they are written, whatever they are', () => {
  const keys = ['http_reqs{name:http://x/{id}}', ' spaces ', '', 'größe', 'constructor'];
  assert.deepEqual(Object.keys(read(Object.fromEntries(keys.map((key) => [key, ['a']])))), keys);
  assert.deepEqual(Object.keys(read(JSON.parse('{"__proto__":["a"]}'))), ['__proto__']);
});

test('what is wrong is named with its place', () => {
  const cases: [given: unknown, reason: RegExp][] = [
    [[], /"thresholds" must be an object/],
    [{ m: 'a' }, /"thresholds\.m" must be a list, but it is "a"/],
    [{ m: {} }, /"thresholds\.m" must be a list/],
    [{ m: ['a', 5] }, /"thresholds\.m\[1\]" must be text such as "p\(95\)<200" or an object with "threshold"/],
    [{ m: [null] }, /"thresholds\.m\[0\]" must be text/],
    [{ m: [[]] }, /"thresholds\.m\[0\]" must be an object/],
    [{ m: [{}] }, /"thresholds\.m\[0\]\.threshold" must be text/],
    [{ m: [{ threshold: 5 }] }, /threshold" must be text, but it is 5/],
    [{ m: [{ threshold: 'a', abortOnFail: 'yes' }] }, /abortOnFail" must be true or false/],
    [{ m: [{ threshold: 'a', delayAbortEval: 'soon' }] }, /delayAbortEval" must be a duration/],
  ];
  for (const [given, reason] of cases) assert.throws(() => read(given), reason, JSON.stringify(given));
  const ineffective: string[] = [];
  read({ m: [{ threshold: 'a', abortOnFial: true }] }, ineffective);
  assert.match(
    ineffective.join(),
    /"thresholds\.m\[0\]" has an unknown field "abortOnFial" \(did you mean "abortOnFail"\?\)/,
  );
});

test('they show in a form that brings the same, the short one where it says all', () => {
  const given = {
    m: ['a', { threshold: 'b', abortOnFail: true }, { threshold: 'c', delayAbortEval: '10s' }],
    n: [{ threshold: 'd', abortOnFail: true, delayAbortEval: '1m' }],
  };
  const shown = THRESHOLDS.show(read(given));
  assert.deepEqual(shown, {
    m: [
      'a',
      { threshold: 'b', abortOnFail: true, delayAbortEval: null },
      { threshold: 'c', abortOnFail: false, delayAbortEval: '10s' },
    ],
    n: [{ threshold: 'd', abortOnFail: true, delayAbortEval: '1m0s' }],
  });
  assert.deepEqual(read(shown), read(given));
  assert.deepEqual(THRESHOLDS.fromText(JSON.stringify(shown)), read(given));
});
