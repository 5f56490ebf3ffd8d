// Scripts that throw, return or ask for what cannot be handled: they get an error, and what was measured is reported.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { Command, Scratch } from './command.ts';
import { watchMemory } from './peak-memory.ts';

const scratch = new Scratch();
after(() => scratch.remove());

let scripts = 0;
async function run(source: string, ...flags: string[]) {
  const file = scratch.write(`script-${scripts++}.js`, source);
  const command = new Command(['run', '-q', '--log-format', 'raw', ...flags, file], { cwd: scratch.folder });
  const peakMb = watchMemory(command.child.pid as number);
  return { ...(await command.ended), peakMb: peakMb() };
}

/** Thrown values that throw in turn when they are looked at. */
const THROWN = [
  `{ get message() { throw new Error('no'); }, toString() { throw new Error('no'); }, stack: '', toJSON() { throw 1; } }`,
  `{ get stack() { throw this; }, get name() { throw this; }, [Symbol.toPrimitive]() { throw this; } }`,
  `new Proxy({}, { get() { throw new Error('no'); }, getPrototypeOf() { throw new Error('no'); }, ownKeys() { throw 1; } })`,
  `(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()`,
  `Object.create(null)`,
  `Symbol('odd')`,
  `Object.assign(new Error('own'), { stack: { toString() { throw 1; } }, message: { toString() { throw 2; } } })`,
];

test('a thrown value that throws when it is looked at fails its iteration, wherever it is thrown', async () => {
  const { exit, stdout, stderr } = await run(
    `const THROWN = [${THROWN.map((value) => `() => (${value})`).join(',\n')}];
     export const options = { vus: 1, iterations: ${THROWN.length * 4} };
     export default async function () {
       const make = THROWN[__ITER % THROWN.length];
       switch (Math.floor(__ITER / THROWN.length)) {
         case 0: throw make();
         case 1: setTimeout(() => { throw make(); }, 1); return;
         case 2: Promise.reject(make()); return;
         default: console.log(make()); console.error('%s', 'x', make()); throw new Error('cause', { cause: make() });
       }
     }`,
  );
  assert.equal(exit, 0, stderr);
  assert.match(stdout, new RegExp(`iterations\\.*: ${THROWN.length * 4} `));
});

for (const [where, code] of [
  ['setup', 107],
  ['teardown', 107],
  ['the init code', 107],
] as const)
  test(`the same in ${where} ends the test with its code`, async () => {
    const body = `throw ${THROWN[0]};`;
    const { exit, stderr } = await run(
      `export const options = { iterations: 1 };
       ${where === 'the init code' ? body : `export function ${where}() { ${body} }`}
       export default function () {}`,
    );
    assert.equal(exit, code, stderr);
  });

test('values that are very deep or refer to themselves are logged, in little memory', async () => {
  const { exit, stderr, peakMb } = await run(
    `export const options = { iterations: 1 };
     const nest = (make, levels) => { let value = 1; for (let i = 0; i < levels; i++) value = make(value); return value; };
     export default function () {
       console.log(nest((inner) => [inner], 50000));
       console.log(nest((inner) => ({ inner }), 50000));
       console.log(nest((inner) => new Map([[inner, inner]]), 30));
       console.log(nest((inner) => [inner, inner], 40));
       const round = {}; round.self = [round]; console.log(round);
       console.log('done');
     }`,
  );
  assert.equal(exit, 0, stderr.slice(0, 2000));
  assert.match(stderr, /^done$/m);
  assert.ok(peakMb < 900, `${peakMb} MB`);
});

test('what setup and handleSummary return is awaited only where it is a promise', async () => {
  const inherited = await run(
    `class Result { constructor(fields) { Object.assign(this, fields); } then() {} }
     export const options = { iterations: 1 };
     export function setup() { return new Result({ a: 1 }); }
     export default function (data) { console.log(JSON.stringify(data)); }
     export function handleSummary() { return new Result({ stdout: 'the summary' }); }`,
  );
  assert.equal(inherited.exit, 0, inherited.stderr);
  assert.match(inherited.stderr, /^\{"a":1\}$/m);
  assert.match(inherited.stdout, /the summary/);
  const own = await run(
    `export const options = { iterations: 1 };
     export function setup() { return { a: 1, then() {} }; }
     export default function () {}`,
  );
  assert.equal(own.exit, 107, own.stderr);
  assert.match(own.stderr, /a function \("then"\)/);
});

test('a rate that no machine keeps ends in its time, and the rest counts as dropped', async () => {
  const { exit, stdout, stderr } = await run(
    `export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 1e9, duration: '1s', preAllocatedVUs: 2 } } };
     export default function () {}`,
  );
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /dropped_iterations\.*: \d{8,} /);
});

test('the script may be gone when the test ends', async () => {
  const file = scratch.write(
    'gone.js',
    `import { sleep } from 'k6';
     export const options = { iterations: 1 };
     export default function () { console.log('running'); sleep(1); }`,
  );
  const words = ['run', '--new-machine-readable-summary', '--summary-export', 'export.json', file];
  const command = new Command(words, { cwd: scratch.folder });
  await command.printed(/running/);
  rmSync(file);
  const { exit, stdout, stderr } = await command.ended;
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /iterations/);
});

test('no way that is known leads a script to the process', async () => {
  const { exit, stdout, stderr } = await run(
    `import http from 'k6/http';
     const reach = (value) => { try { const p = value.constructor.constructor('return process')(); if (p && p.pid) console.log('ESCAPED'); } catch {} };
     export const options = { iterations: 1 };
     export default async function () {
       let n = 0;
       try { await Function({ toString: () => (n++ ? "return import('node:fs')" : '1') })(); } catch (e) { reach(e); }
       for (const f of [function* () {}, async function () {}, async function* () {}])
         for (const maker of [Object.getPrototypeOf(f).constructor, Object.getPrototypeOf(Object.getPrototypeOf(f).constructor)])
           try { await maker.call(null, "return import('node:fs')")(); } catch (e) { reach(e); }
       const trap = Function('reach', 'real', 'return function (...args) { args.forEach(reach); reach(args); reach(this); return Reflect.apply(real, this, args); }');
       Object.keys = trap(reach, Object.keys);
       RegExp.prototype.exec = trap(reach, RegExp.prototype.exec);
       Array.prototype.push = trap(reach, Array.prototype.push);
       const { timings } = http.get('http://127.0.0.1:1/');
       reach(timings);
       console.log({ toJSON: new Proxy(function () {}, { apply: Function('reach', 'return (t, self, args) => { reach(args); return "logged"; }')(reach) }) });
       console.log('done');
     }`,
  );
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /^done$/m);
  assert.doesNotMatch(stdout + stderr, /ESCAPED/);
});
