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

/** Two short iterations that say something. */
const SHORT = `import { sleep } from 'k6';
  export const options = { iterations: 2 };
  export default function () { console.log('here'); sleep(0.05); }`;

test('what its listener throws ends the run and rejects the result, and nothing else', async () => {
  for (const type of ['state', 'log', 'end'] as const) {
    const heard: string[] = [];
    const running = run({
      source: SHORT,
      onEvent: (event) => {
        heard.push(event.type);
        if (event.type === type) throw new Error(`of the listener, at ${type}`);
      },
    });
    await assert.rejects(running.result, { message: `of the listener, at ${type}` });
    assert.ok(heard.includes(type));
    assert.equal(running.progress.state, 'ended');
  }
});

test('so does a listener whose promise is rejected', async () => {
  const onEvent = async (event: RunEvent): Promise<void> => {
    if (event.type === 'log') throw new Error('later');
  };
  await assert.rejects(run({ source: SHORT, onEvent }).result, { message: 'later' });
});

test('a failure that nobody waits for is no unhandled one, and iterating tells it', async () => {
  const running = run({ script: '/no/such/script.js' });
  await assert.rejects(
    async () => {
      for await (const event of running) assert.notEqual(event.type, 'end');
    },
    { exitCode: 255 },
  );
});

test('a signal that has been given already ends it before any load', async () => {
  const events: string[] = [];
  const running = run({
    source: `export default function () { throw new Error('load'); }`,
    signal: AbortSignal.abort(),
    onEvent: ({ type }) => events.push(type),
  });
  await assert.rejects(running.result, { exitCode: 105, message: /aborted by its signal/ });
  assert.deepEqual(
    events.filter((type) => type === 'log'),
    [],
  );
});

test('a signal leaves nothing behind: one may end many tests, and hold none', async () => {
  const control = new AbortController();
  let listeners = 0;
  const { signal } = control;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, given);
  };
  await run({ source: SHORT, signal });
  await assert.rejects(run({ source: 'export default function () {', signal }).result);
  assert.equal(listeners, 0);
});

test('several may read its events at once, or afterwards, and all come to their end', async () => {
  const running = run({ source: SHORT });
  const read = async (): Promise<number> => {
    let count = 0;
    for await (const _ of running) count++;
    return count;
  };
  const counts = await Promise.all([read(), read()]);
  assert.ok(counts[0]! + counts[1]! >= 7, String(counts));
  assert.equal(await read(), 0, 'what was read is gone');
  const unread = run({ source: SHORT });
  await unread;
  let last: RunEvent | undefined;
  for await (const event of unread) last = event;
  assert.equal(last?.type, 'end');
  for await (const event of run({ source: SHORT })) {
    // Whoever stops reading does not stop the run.
    assert.equal(event.type, 'state');
    break;
  }
});

test('numbers of workers that make no sense are refused', async () => {
  for (const workers of [0, -1, 1.5, Number.NaN, 1025, Number.POSITIVE_INFINITY])
    assert.throws(() => run({ source: SHORT, workers }), /workers must be a whole number from 1 to 1024/);
});

test('what can no longer be done says so, once it has ended', async () => {
  const running = run({ source: SHORT });
  assert.equal((await running).iterations.completed, 2);
  assert.throws(() => running.pause(), /only a test whose scenarios run can be paused/);
  assert.throws(() => running.resume(), /not paused/);
  assert.throws(() => running.scale({ vus: 1 }), /can only be changed while/);
  running.stop();
  assert.deepEqual([(await running).exitCode, running.progress.state], [0, 'ended']);
});

test('options that have no effect are said, and fail a strict test', async () => {
  const messages: string[] = [];
  const options = { iterations: 1, vusMax: 5 } as never;
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'log') messages.push(event.message);
  };
  assert.equal((await run({ source: SHORT, options, onEvent })).exitCode, 0);
  assert.match(messages.join('\n'), /the options of run\(\) have an unknown field "vusMax"/);
  assert.equal((await run({ source: SHORT, options, strict: true })).exitCode, 120);
});
