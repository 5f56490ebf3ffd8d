// Tests started from Node: what they tell, how they are steered, and that nothing of them stays.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { after, test } from 'node:test';
import { Scratch } from '../../test/end-to-end/command.ts';
import type * as api from './api.ts';
import { type RunEvent, run } from './index.ts';

// The types that are published are those of what runs.
run satisfies typeof api.run;

const scratch = new Scratch();
after(() => scratch.remove());

const counting = scratch.write(
  'counting.js',
  `import { check } from 'k6';
   import http from 'k6/http';
   import { Counter } from 'k6/metrics';
   const orders = new Counter('orders');
   export const options = { thresholds: { orders: ['count>=2'], checks: ['rate>0.9'] } };
   export function setup() { return { name: __ENV.NAME }; }
   export default function (data) {
     orders.add(1);
     check(data, { 'has a name': ({ name }) => name === 'one', never: () => false });
     http.get('http://127.0.0.1:1/');
     console.log('hello ' + data.name);
   }`,
);

test('the result has metrics by name, checks, thresholds and failures by code', async () => {
  const result = await run({ script: counting, options: { iterations: 3 }, env: { NAME: 'one' } });
  assert.deepEqual([result.passed, result.exitCode], [false, 99]);
  assert.match(result.reason!, /checks/);
  assert.deepEqual(result.setupData, { name: 'one' });
  assert.equal(result.metrics['orders']!.values['count'], 3);
  assert.equal(result.metrics['iteration_duration']!.values['count'], 3);
  assert.deepEqual(result.checks, [
    { name: 'has a name', passes: 3, fails: 0 },
    { name: 'never', passes: 0, fails: 3 },
  ]);
  assert.deepEqual(
    result.thresholds.map(({ metric, source, ok }) => [metric, source, ok]),
    [
      ['checks', 'rate>0.9', false],
      ['orders', 'count>=2', true],
    ],
  );
  const [refused] = result.failures;
  assert.deepEqual([refused!.code, refused!.name, refused!.count], [1212, 'connection_refused', 3]);
});

test('its events can be read one after the other', async () => {
  const events: RunEvent[] = [];
  for await (const event of run({ script: counting, options: { iterations: 1 }, env: { NAME: 'one' } }))
    events.push(event);
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'state' ? [event.state] : [])),
    ['initialising', 'setup', 'running', 'teardown', 'ended'],
  );
  assert.ok(events.some((event) => event.type === 'log' && event.message === 'hello one'));
  assert.equal(events.at(-1)?.type, 'end');
});

test('a signal cuts it short; steering is there', async () => {
  const control = new AbortController();
  const source = `import { sleep } from 'k6';
    export const options = { scenarios: { a: { executor: 'externally-controlled', vus: 1, maxVUs: 3 } } };
    export default function () { sleep(0.01); }`;
  const running = run({
    source,
    signal: control.signal,
    onEvent: (event) => {
      if (event.type !== 'progress' || event.progress.state !== 'running') return;
      running.scale({ vus: 3 });
      running.pause();
      assert.equal(running.progress.isPaused, true);
      running.resume();
      control.abort();
    },
  });
  const result = await running;
  assert.deepEqual([result.exitCode, result.passed], [105, false]);
  assert.ok(result.iterations.completed > 0);
});

test('what is wrong before any load is thrown, with its exit code', async () => {
  await assert.rejects(async () => run({ script: 'no-such-file.js' }), { exitCode: 255 });
  await assert.rejects(async () => run({ source: 'export default function () { ' }), { exitCode: 107 });
  assert.throws(() => run({ source: '', options: { vus: 'many' as never } }), { exitCode: 104 });
  assert.throws(() => run({}), /needs a script/);
});

test('three runs after each other leave no thread, handle or file open', async () => {
  const openFiles = (): string[] =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`).replace(/\[\d+\]$/, '')];
      } catch {
        return [];
      }
    });
  const threads = (): number => readdirSync('/proc/self/task').length;
  const look = (): object => ({
    threads: threads(),
    // What the process itself reads from is not ours.
    handles: process.getActiveResourcesInfo().filter((kind) => !/Pipe|TTY|Immediate/.test(kind)),
    files: openFiles().length,
  });
  const one = () => run({ script: counting, options: { iterations: 4, vus: 2 }, env: { NAME: 'one' }, workers: 2 });
  await one();
  const before = look();
  for (let i = 0; i < 3; i++) assert.equal((await one()).iterations.completed, 4);
  assert.deepEqual(look(), before);
});
