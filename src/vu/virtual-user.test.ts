// What is a virtual user's own, from one iteration to the next and from one scenario to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateInScript, expectedOf, runFiles, type ScriptCase } from './script-lab.fixture.ts';

const run = (main: string, ...rest: [request?: Parameters<typeof runFiles>[1]]) =>
  runFiles({ 'main.js': main }, ...rest);

test('a scenario lays its variables over those of the test, and takes them away with it', async () => {
  const { said } = await run(
    `export const options = { scenarios: {
       a: { executor: 'per-vu-iterations', vus: 1, exec: 'a', env: { WHO: 'a', EXTRA: 'only a' } },
       b: { executor: 'per-vu-iterations', vus: 1, exec: 'b', startTime: '100ms' },
     } };
     const say = (name) => console.log(name + ' ' + __ENV.WHO + ' ' + __ENV.EXTRA);
     export function a() { say('a'); __ENV.LEFT = 'behind'; }
     export function b() { say('b'); }`,
    { variables: { WHO: 'test' } },
  );
  assert.deepEqual(said, ['a a only a', 'b test undefined']);
});

test('what a script froze of its variables stays as it is, and nothing breaks', async () => {
  const { said, failed } = await run(
    `Object.freeze(__ENV);
     export const options = { scenarios: { a: { executor: 'per-vu-iterations', env: { WHO: 'a' } } } };
     export default function () { console.log(String(__ENV.WHO)); }`,
    { variables: { WHO: 'test' } },
  );
  assert.deepEqual([said, failed], [['test'], 0]);
});

test('tags and groups that an iteration leaves open do not reach the next one', async () => {
  const { said, failed } = await run(
    `import exec from 'k6/execution';
     import { group } from 'k6';
     export const options = { scenarios: { a: { executor: 'per-vu-iterations', iterations: 3, tags: { of: 'scenario' } } } };
     export default function () {
       const { tags } = exec.vu.metrics;
       console.log(JSON.stringify([tags.group, tags.of, tags.mine ?? null, tags.scenario]));
       tags.mine = 'iteration ' + __ITER;
       tags.of = 'script';
       group('outer', () => group('inner', () => {
         console.log(tags.group);
         throw new Error('within groups');
       }));
     }`,
  );
  assert.equal(failed, 3);
  assert.deepEqual(
    said.filter((line) => line.startsWith('::')),
    Array(3).fill('::outer::inner'),
  );
  const tags = said.filter((line) => line.startsWith('[')).map((line) => JSON.parse(line) as unknown[]);
  assert.deepEqual(tags[0], ['', 'scenario', null, 'a']);
  // What a script sets on its virtual user stays with that, group and scenario aside.
  assert.deepEqual(tags.slice(1), [
    ['', 'script', 'iteration 0', 'a'],
    ['', 'script', 'iteration 1', 'a'],
  ]);
});

test('state of modules is a virtual user’s, and lives as long as that', async () => {
  const { said } = await run(
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 3 } } };
     let count = 0;
     export default function () { count++; if (__ITER === 2) console.log(String(count)); }`,
  );
  assert.deepEqual(said, ['3', '3', '3']);
});

test('numbers of virtual users and iterations are each there once', async () => {
  const { said } = await run(
    `import exec from 'k6/execution';
     export const options = { scenarios: {
       a: { executor: 'per-vu-iterations', vus: 2, iterations: 2 },
       b: { executor: 'shared-iterations', vus: 2, iterations: 4 },
     } };
     export default function () {
       const { vu, scenario } = exec;
       console.log(JSON.stringify({ vu: vu.idInTest, inVu: vu.iterationInInstance, name: scenario.name, inTest: scenario.iterationInTest }));
     }`,
  );
  const all = said.map((line) => JSON.parse(line) as { vu: number; inVu: number; name: string; inTest: number });
  assert.equal(all.length, 8);
  assert.equal(new Set(all.map(({ vu, inVu }) => `${vu} ${inVu}`)).size, 8);
  for (const name of ['a', 'b'])
    assert.deepEqual(
      all
        .filter((one) => one.name === name)
        .map(({ inTest }) => inTest)
        .sort(),
      [0, 1, 2, 3],
      name,
    );
  assert.ok(all.every(({ vu }) => vu >= 1 && vu <= 4));
});

test('what belongs to init code or to iterations alone says so where it is called elsewhere', async () => {
  const { said } = await run(
    `import http from 'k6/http';
     import { sleep, group, check } from 'k6';
     import { Counter } from 'k6/metrics';
     import { SharedArray } from 'k6/data';
     const attempt = (name, work) => { try { work(); console.log(name + ': fine'); } catch (error) { console.log(name + ': ' + error.message); } };
     attempt('http in init', () => http.get('http://127.0.0.1:1/'));
     attempt('group in init', () => group('a', () => {}));
     attempt('check in init', () => check(1, {}));
     attempt('sleep in init', () => sleep(0.001));
     const counter = new Counter('mine');
     attempt('add in init', () => counter.add(1));
     export default function () {
       attempt('metric in an iteration', () => new Counter('late'));
       attempt('data in an iteration', () => new SharedArray('late', () => []));
     }`,
  );
  const about = Object.fromEntries(said.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  for (const name of ['http in init', 'group in init', 'check in init', 'add in init'])
    assert.match(about[name]!, /init context|init stage/, name);
  for (const name of ['metric in an iteration', 'data in an iteration'])
    assert.match(about[name]!, /init context/, name);
});

test('an interrupted iteration is given up: neither catch nor finally runs, and the next one begins anew', async () => {
  const { said, completed } = await run(
    `import { sleep } from 'k6';
     export const options = { scenarios: {
       a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' },
     } };
     export default function () {
       console.log('begun');
       try { sleep(60); } catch { console.log('caught'); } finally { console.log('finally'); }
     }
     export function teardown() { console.log('teardown'); }`,
  );
  assert.deepEqual([said, completed], [['begun', 'teardown'], 0]);
});

test('an exception fails its iteration alone, whatever it is', async () => {
  const { said, failed, completed, complaints } = await run(
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', iterations: 7 } } };
     const thrown = [new Error('error'), 'text', null, undefined, { a: 1 }, Symbol('s')];
     export default async function () {
       if (__ITER < thrown.length) throw thrown[__ITER];
       console.log('and on');
     }`,
  );
  assert.deepEqual([said, failed, completed], [['and on'], 6, 7]);
  const all = complaints.join('\n');
  for (const part of ['Error: error', 'text', 'null', 'undefined', 'Symbol(s)']) assert.ok(all.includes(part), part);
});

test('what a promise does that nobody waits for is done within its iteration', async () => {
  const { said, completed } = await run(
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', iterations: 2 } } };
     export default function () {
       const own = __ITER;
       Promise.resolve().then(() => null).then(() => console.log(own + ' within ' + __ITER));
     }`,
  );
  assert.deepEqual([said, completed], [['0 within 0', '1 within 1'], 2]);
});

test('the global crypto is that of the Web Cryptography API', async () => {
  const cases: Readonly<Record<string, ScriptCase>> = {
    'fills the array that it is given': [
      'const a = new Uint8Array(16); return [crypto.getRandomValues(a) === a, a.some((x) => x !== 0)]',
      [true, true],
    ],
    'fills a part alone': [
      'const a = new Uint8Array(64); crypto.getRandomValues(a.subarray(32)); return a.subarray(0, 32).every((x) => x === 0)',
      true,
    ],
    'all kinds of integers': [
      '[Int8Array, Uint16Array, Int32Array, BigUint64Array, Uint8ClampedArray].every((K) => crypto.getRandomValues(new K(4)).length === 4)',
      true,
    ],
    'no fractions': [
      'crypto.getRandomValues(new Float64Array(1))',
      'TypeError: getRandomValues() requires a typed array of integers',
    ],
    'no lists': ['crypto.getRandomValues([1])', 'TypeError: getRandomValues() requires a typed array of integers'],
    'no views': [
      'crypto.getRandomValues(new DataView(new ArrayBuffer(1)))',
      'TypeError: getRandomValues() requires a typed array of integers',
    ],
    'as much as it says': ['crypto.getRandomValues(new Uint8Array(65536)).length', 65_536],
    'and no more': [
      'crypto.getRandomValues(new Uint8Array(65537))',
      'QuotaExceededError: getRandomValues() fills at most 65536 bytes, got 65537',
    ],
    'nothing of nothing': ['crypto.getRandomValues(new Uint8Array(0)).length', 0],
    uuids: [
      'const [a, b] = [crypto.randomUUID(), crypto.randomUUID()]; return [a !== b, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(a)]',
      [true, true],
    ],
    'subtle is one object': ['crypto.subtle === crypto.subtle', true],
    'a digest': [
      'return [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("")))].slice(0, 4)',
      [227, 176, 196, 66],
    ],
  };
  assert.deepEqual(await evaluateInScript(cases), expectedOf(cases));
});
