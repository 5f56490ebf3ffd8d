import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consolidateOptions } from '../options/consolidate-options.ts';
import { fingerprintOf, wholeFingerprintOf } from './fingerprint.ts';
import { makeRunId } from './run-id.ts';
import { checkWorkers, chooseWorkers } from './worker-count.ts';

const plan = (script: object) => consolidateOptions({ cli: {}, env: {}, configFile: undefined, script });
const workers = (script: object, cores = 8): number => chooseWorkers(plan(script), cores);

test('a test gets a thread per core, but none that has fewer than eight virtual users', () => {
  for (const [vus, expected] of [
    [1, 1],
    [15, 1],
    [16, 2],
    [63, 7],
    [64, 8],
    [1000, 8],
  ] as const)
    assert.equal(workers({ vus, duration: '1m' }), expected, `${vus} virtual users`);
  assert.equal(workers({ vus: 1000, duration: '1m' }, 1), 1);
});

test('a test that is over before a second thread is ready gets one', () => {
  assert.equal(workers({ vus: 100, duration: '2s' }), 1);
  assert.equal(workers({ vus: 100, duration: '2001ms' }), 8);
  assert.equal(workers({ vus: 100, iterations: 999 }), 1);
  assert.equal(workers({ vus: 100, iterations: 1000 }), 8);
  const each = (iterations: number) => ({ scenarios: { a: { executor: 'per-vu-iterations', vus: 100, iterations } } });
  assert.deepEqual([workers(each(9)), workers(each(10))], [1, 8]);
});

test('one scenario that lasts makes the test worth it', () => {
  const scenarios = {
    short: { executor: 'shared-iterations', vus: 1, iterations: 1 },
    long: { executor: 'constant-vus', vus: 32, duration: '1h' },
  };
  assert.equal(workers({ scenarios }), 4);
});

test('only the virtual users of its own segment count', () => {
  const script = { vus: 64, duration: '1m', executionSegment: '0:1/4' };
  assert.equal(workers(script), 2);
});

test('a number of workers is whole, and one that a machine could start', () => {
  for (const count of [1, 1024]) assert.equal(checkWorkers(count), count);
  for (const count of [0, -1, 1.5, 1025, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => checkWorkers(count), /whole number from 1 to 1024/, String(count));
});

test('runs can be compared where script and options are the same; tags only name them', () => {
  const of = (code: string, script: object) => fingerprintOf(code, plan(script).options);
  const one = of('code', { vus: 1, tags: { build: '1' } });
  assert.equal(of('code', { vus: 1, tags: { build: '2' } }), one);
  assert.notEqual(of('code', { vus: 2 }), one);
  assert.notEqual(of('code ', { vus: 1 }), one);
  assert.match(one, /^[0-9a-f]{28}$/);
  // Where code ends and options begin is no matter of luck.
  assert.notEqual(fingerprintOf('a', { shown: { b: 1 } }), fingerprintOf('a\n{"b":1}', { shown: {} }));
});

test('small differences of a long script are seen, wherever they are', () => {
  const code = 'abcdefghij'.repeat(10_000);
  const seen = new Set([fingerprintOf(code, { shown: {} })]);
  for (let at = 0; at < code.length; at += 997)
    seen.add(fingerprintOf(`${code.slice(0, at)}X${code.slice(at + 1)}`, { shown: {} }));
  assert.equal(seen.size, 1 + Math.ceil(code.length / 997));
});

test('runs of segments belong to one whole, and a run of none is that itself', () => {
  const whole = (script: object) => {
    const { options } = plan({ vus: 8, ...script });
    return wholeFingerprintOf('code', options, fingerprintOf('code', options));
  };
  assert.equal(whole({ executionSegment: '0:1/2' }), whole({ executionSegment: '1/2:1' }));
  const plain = fingerprintOf('code', plan({ vus: 8 }).options);
  assert.deepEqual([whole({}), whole({ executionSegment: '0:1/2' })], [plain, plain]);
});

test('names of runs sort by time, and two of one second differ', () => {
  const at = new Date('2026-11-28T09:12:04.999Z');
  assert.match(makeRunId(at), /^20261128-091204-[0-9a-f]{6}$/);
  assert.ok(makeRunId(at) < makeRunId(new Date('2026-11-28T09:12:05Z')));
  assert.ok(new Set(Array.from({ length: 20 }, () => makeRunId(at))).size > 15);
});
