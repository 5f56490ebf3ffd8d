// What every kind of load host has to do, as tests. A kind passes by `testLoadHosts('its name', open)` in a test file of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { consolidateOptions } from '../options/consolidate-options.ts';
import { loadProgram } from '../script/load/load-program.ts';
import type { ScriptLocation } from '../vu/environment.ts';
import type { RunEnding } from './control-plane/run-ending.ts';
import { TestRun } from './control-plane/test-run.ts';
import type { LoadHost, LoadHosts, LoadListener } from './load-host.ts';
import { SecretStore } from './secrets/secret-store.ts';
import type { LoadEvent, Reply, ReplyTo, Step } from './worker-protocol.ts';

export interface PlaceSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly script: ScriptLocation;
  readonly patienceMs: number;
  /** How many hosts there will be. */
  readonly count: number;
}

/** Load of one kind, and a way to lose some of it. */
export interface LoadPlace {
  readonly hosts: LoadHosts;
  /** Ends a host from outside, as a crash would. */
  lose(index: number): void;
  /** Lets go of what the hosts had in common, once they have ended. */
  close?(): Promise<unknown>;
}

const BINARY = [Uint8Array, Int32Array, Uint32Array, Float64Array] as const;

/** @throws AssertionError unless a message is what JSON can say, and binary columns over memory of its own */
function assertPlain(message: unknown, where: string): void {
  switch (typeof message) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return;
    case 'number':
      assert.ok(Number.isFinite(message), `${where} is ${message}, which JSON cannot say`);
      return;
    case 'object':
      break;
    default:
      assert.fail(`${where} is a ${typeof message}`);
  }
  if (message === null) return;
  if (ArrayBuffer.isView(message)) {
    assert.ok(
      BINARY.some((kind) => message instanceof kind),
      `${where} is a ${message.constructor.name}`,
    );
    assert.ok(message.buffer instanceof ArrayBuffer, `${where} is shared memory`);
    return;
  }
  if (Array.isArray(message)) {
    for (const [i, item] of message.entries()) assertPlain(item, `${where}[${i}]`);
    return;
  }
  assert.ok([Object.prototype, null].includes(Object.getPrototypeOf(message)), `${where} is an object of a class`);
  for (const [key, value] of Object.entries(message)) assertPlain(value, `${where}.${key}`);
}

/** A host whose messages are looked at on both sides. */
class WatchedHost implements LoadHost {
  readonly #host: LoadHost;

  constructor(host: LoadHost) {
    this.#host = host;
  }

  get alive(): boolean {
    return this.#host.alive;
  }

  async ask<S extends Step>(
    step: S,
    limit?: Parameters<LoadHost['ask']>[1],
  ): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    assertPlain(step, step.type);
    const reply = await this.#host.ask(step, limit);
    if (reply !== null) assertPlain(reply, `reply to ${step.type}`);
    return reply;
  }

  tell(command: Parameters<LoadHost['tell']>[0]): void {
    assertPlain(command, command.type);
    this.#host.tell(command);
  }

  exit(): Promise<void> {
    return this.#host.exit();
  }
}

function watched(hosts: LoadHosts): LoadHosts {
  // What else they say of themselves is theirs.
  return Object.create(hosts, {
    start: {
      value: (index: number, listener: LoadListener) =>
        new WatchedHost(
          hosts.start(index, (event) => {
            // A report has been decoded on its way.
            if (event.type !== 'report') assertPlain(event, event.type);
            listener(event);
          }),
        ),
    },
  }) as LoadHosts;
}

/** Adds up the counters of a name, whether samples come one by one or as sums. */
class CounterSum {
  readonly #name: string;
  readonly #ids = new Set<number>();
  sum = 0;

  constructor(name: string) {
    this.#name = name;
  }

  take(event: LoadEvent): void {
    if (event.type === 'samples') {
      const { batch } = event;
      this.#learn(batch.series);
      for (let i = 0; i < batch.count; i++) if (this.#ids.has(batch.ids[i]!)) this.sum += batch.values[i]!;
    } else if (event.type === 'report') {
      this.#learn(event.report.series);
      for (const { id, delta } of event.report.deltas)
        if (this.#ids.has(id) && delta.type === 'counter') this.sum += delta.sum;
    }
  }

  #learn(series: SampleBatch['series']): void {
    for (const { id, metric } of series) if (metric.name === this.#name) this.#ids.add(id);
  }
}

const PATIENCE_MS = 60_000;
/** Less than a test may take: a test that waits on after its end keeps its file, and all that runs it, from ending. */
const LONGEST_WAIT_MS = 60_000;

/** Waits for a condition: what is told across a border arrives when it arrives. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `what was waited for has not come: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Tests what the contract of load-host.ts and worker-protocol.ts promises. @param open starts load of the kind */
export function testLoadHosts(kind: string, open: (settings: PlaceSettings) => LoadPlace | Promise<LoadPlace>): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'load-host-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let scripts = 0;

  interface Lab {
    readonly place: LoadPlace;
    /** Starts one more host, whose events are recorded. */
    start(listener?: LoadListener): LoadHost;
    readonly events: LoadEvent[];
    /** Texts that the script logged. */
    logs(): string[];
    load(host: LoadHost): ReturnType<typeof host.ask<Extract<Step, { type: 'load' }>>>;
    /** Has a host load the script and make its virtual users. */
    prepare(hosts: readonly LoadHost[], script?: unknown): Promise<void>;
    readonly scriptPath: string;
  }

  /** Gives a test hosts for a script, and ends them after it. */
  async function withLab(source: string, use: (lab: Lab) => Promise<void>, count = 1): Promise<void> {
    const file = path.join(folder, `script-${scripts++}.js`);
    writeFileSync(file, source);
    const place = await open({ env: { WHO: 'me' }, script: { file, folder }, patienceMs: PATIENCE_MS, count });
    const hosts = watched(place.hosts);
    const started: LoadHost[] = [];
    const events: LoadEvent[] = [];
    const program = await loadProgram({ path: file, cwd: folder });
    const lab: Lab = {
      place,
      events,
      scriptPath: file,
      start: (listener = () => {}) => {
        const host = hosts.start(started.length, (event) => {
          events.push(event);
          listener(event);
        });
        started.push(host);
        return host;
      },
      logs: () => events.flatMap((event) => (event.type === 'log' ? [event.message] : [])),
      load: (host) => host.ask({ type: 'load', program }),
      prepare: async (all, script = {}) => {
        for (const host of all) assert.equal((await lab.load(host))?.type, 'loaded');
        const { options, scenarios } = consolidateOptions({ cli: {}, env: {}, configFile: undefined, script });
        const configure = { type: 'configure', options, scenarios, count: all.length } as const;
        for (const reply of await Promise.all(all.map((host) => host.ask(configure))))
          assert.equal(reply?.type, 'ready');
      },
    };
    try {
      await use(lab);
    } finally {
      await Promise.all(started.map((host) => host.exit()));
      await place.close?.();
    }
  }

  const startAt = (atMs: number, setupData?: string): Extract<Step, { type: 'start' }> => ({
    type: 'start',
    setupData,
    atMs,
  });
  const inMs = (ms: number): number => performance.timeOrigin + performance.now() + ms;

  describe(`load on ${kind}`, () => {
    test('the init code tells what the script exports, and sees its environment', () =>
      withLab(
        `import { Counter } from 'k6/metrics';
         new Counter('mine');
         export const options = { vus: 2, tags: { who: __ENV.WHO } };
         export const other = [1];
         export default function () {}
         export function setup() {}`,
        async ({ start, load }) => {
          const reply = await load(start());
          assert.ok(reply?.type === 'loaded');
          const { options, functions, others, metrics } = reply.exports;
          assert.deepEqual(
            [options, functions.toSorted(), others],
            [{ vus: 2, tags: { who: 'me' } }, ['default', 'setup'], { other: 'object' }],
          );
          assert.ok(metrics.some(({ name, type }) => name === 'mine' && type === 'counter'));
        },
      ));

    test('init code that throws is a failure with its place', () =>
      withLab(`\nthrow new Error('not today');`, async ({ start, load, scriptPath }) => {
        const reply = await load(start());
        assert.ok(reply?.type === 'failed');
        assert.match(reply.failure.text, /not today/);
        assert.ok(reply.failure.text.includes(`${path.basename(scriptPath)}:2:`), reply.failure.text);
      }));

    test('the data of setup goes to iterations and to teardown, as it went', () =>
      withLab(
        `export function setup() { return { n: 1, text: 'ä' }; }
         export default function (data) { console.log('iteration ' + JSON.stringify(data)); }
         export function teardown(data) { console.log('teardown ' + JSON.stringify(data)); }`,
        async ({ start, prepare, logs }) => {
          const host = start();
          await prepare([host]);
          const reply = await host.ask({ type: 'setup' });
          assert.ok(reply?.type === 'setup-done');
          assert.deepEqual(JSON.parse(reply.setupData!), { n: 1, text: 'ä' });
          assert.equal((await host.ask(startAt(inMs(0), reply.setupData)))?.type, 'finished');
          assert.equal((await host.ask({ type: 'teardown', setupData: reply.setupData }))?.type, 'teardown-done');
          assert.deepEqual(logs(), ['iteration {"n":1,"text":"ä"}', 'teardown {"n":1,"text":"ä"}']);
        },
      ));

    test('steps beside the scenarios get their own replies', () =>
      withLab(
        `import { sleep } from 'k6';
         export default function () { sleep(3600); }
         export function handleSummary() { return { 'a.txt': 'text', 'b.bin': new Uint8Array([1, 2]).buffer }; }`,
        async ({ start, prepare }) => {
          const host = start();
          await prepare([host]);
          let finished = false;
          const running = host.ask(startAt(inMs(0))).finally(() => {
            finished = true;
          });
          const [flushed, summary] = await Promise.all([
            host.ask({ type: 'flush' }),
            host.ask({ type: 'summary', data: { metrics: {} } }),
          ]);
          assert.equal(flushed?.type, 'flushed');
          assert.ok(summary?.type === 'summary-done');
          const { 'a.txt': text, 'b.bin': bytes } = summary.files ?? {};
          assert.equal(text, 'text');
          assert.ok(bytes instanceof Uint8Array);
          assert.deepEqual([...bytes], [1, 2]);
          assert.equal(finished, false);
          host.tell({ type: 'stop' });
          assert.equal((await running)?.type, 'finished');
        },
      ));

    test('the scenarios of all hosts start at the moment that was agreed, not before', () =>
      withLab(
        `export default function () { console.log(String(Date.now())); }`,
        async ({ start, prepare, logs }) => {
          const hosts = [start(), start()];
          await prepare(hosts, { scenarios: { one: { executor: 'per-vu-iterations', vus: 2 } } });
          const atMs = inMs(600);
          await Promise.all(hosts.map((host) => host.ask(startAt(atMs))));
          const begun = logs().map(Number);
          assert.equal(begun.length, 2);
          // A clock in whole ms may show the ms that is just over.
          for (const time of begun) assert.ok(time >= atMs - 1, `${time} is before ${atMs}`);
        },
        2,
      ));

    test('hosts divide virtual users and shared iterations so that the parts add up, each number once', () =>
      withLab(
        `import exec from 'k6/execution';
         export function shared() { console.log('shared ' + exec.scenario.iterationInTest); }
         export function own() { console.log('own ' + exec.vu.idInTest + ' ' + exec.vu.iterationInScenario); }`,
        async ({ start, prepare, logs, place }) => {
          const hosts = [start(), start(), start()];
          await prepare(hosts, {
            scenarios: {
              a: { executor: 'shared-iterations', vus: 4, iterations: 25, exec: 'shared' },
              b: { executor: 'per-vu-iterations', vus: 5, iterations: 3, exec: 'own' },
            },
          });
          await Promise.all(hosts.map((host) => host.ask(startAt(inMs(0)))));
          const of = (name: string): string[] => logs().filter((line) => line.startsWith(name));
          assert.deepEqual(
            of('shared')
              .map((line) => Number(line.slice(7)))
              .sort((a, b) => a - b),
            Array.from({ length: 25 }, (_, i) => i),
          );
          assert.equal(new Set(of('own')).size, 15);
          const { counts } = place.hosts;
          await until(() => counts.iterationsCompleted === 40 && counts.vusInitialised === 9 && counts.vusActive === 0);
        },
        3,
      ));

    test('samples are handed over before the reply of the step that took them', () =>
      withLab(
        `import { Counter } from 'k6/metrics';
         const mine = new Counter('mine');
         export default function () { mine.add(2); }`,
        async ({ start, prepare, events }) => {
          const host = start();
          await prepare([host], { iterations: 10, vus: 2 });
          await host.ask(startAt(inMs(0)));
          const counter = new CounterSum('mine');
          for (const event of events) counter.take(event);
          assert.equal(counter.sum, 20);
        },
      ));

    test('progress is told while the scenarios run, and at their end', () =>
      withLab(
        `import { sleep } from 'k6'; export default function () { sleep(0.8); }`,
        async ({ start, prepare, events }) => {
          const host = start();
          await prepare([host], { iterations: 2 });
          await host.ask(startAt(inMs(0)));
          const told = () => events.flatMap((event) => (event.type === 'progress' ? [event.scenarios[0]!] : []));
          await until(() => told().at(-1)?.progress.phase === 'done');
          const running = told().filter(({ progress }) => progress.phase === 'running');
          assert.ok(running.length >= 2, `it was told ${running.length} times`);
          assert.equal(running[0]!.name, 'default');
          assert.deepEqual(told().at(-1)!.progress.iterations, { done: 2, total: 2, shared: true });
        },
      ));

    test('a pause lets nothing new start, and its time does not count', () =>
      withLab(
        `import { sleep } from 'k6'; export default function () { console.log('begun'); sleep(0.02); }`,
        async ({ place, start, prepare, logs, events }) => {
          const { counts } = place.hosts;
          const host = start();
          await prepare([host], { duration: '1h' });
          counts.start(performance.timeOrigin + performance.now());
          const begunAt = performance.now();
          const running = host.ask(startAt(inMs(0)));
          await until(() => logs().length > 0);
          counts.pause();
          host.tell({ type: 'pause' });
          // What had begun may end and say so; then there is silence.
          const silenceMs = 200;
          let seen = -1;
          for (const deadline = performance.now() + LONGEST_WAIT_MS; seen !== logs().length; ) {
            assert.ok(performance.now() < deadline, 'it does not stand still');
            seen = logs().length;
            await host.ask({ type: 'flush' });
            await new Promise((resolve) => setTimeout(resolve, silenceMs));
          }
          counts.resume();
          host.tell({ type: 'resume' });
          const told = () =>
            events.flatMap((event) => (event.type === 'progress' ? [event.scenarios[0]!.progress] : []));
          const before = told().length;
          // The first one may have been on its way.
          await until(() => logs().length > seen && told().length > before + 1);
          const { elapsedMs } = told().at(-1)!;
          assert.ok(elapsedMs > 0 && elapsedMs <= performance.now() - begunAt - silenceMs, `${elapsedMs} ms`);
          host.tell({ type: 'stop' });
          assert.equal((await running)?.type, 'finished');
        },
      ));

    test('virtual users are changed from outside, until a stop', () =>
      withLab(
        `import { sleep } from 'k6'; export default function () { sleep(0.01); }`,
        async ({ start, prepare }) => {
          const activeOn = new Map<number, number>();
          const startNext = (index: number): LoadHost =>
            start((event) => {
              if (event.type === 'progress') activeOn.set(index, event.scenarios[0]!.progress.activeVus);
            });
          const active = (): number => [...activeOn.values()].reduce((sum, vus) => sum + vus, 0);
          const hosts = [startNext(0), startNext(1)];
          await prepare(hosts, { scenarios: { open: { executor: 'externally-controlled', vus: 1, maxVUs: 4 } } });
          const running = Promise.all(hosts.map((host) => host.ask(startAt(inMs(0)))));
          await until(() => active() === 1);
          for (const host of hosts) host.tell({ type: 'scale', scenario: 'open', vus: 6, maxVus: 8 });
          await until(() => active() === 6);
          for (const host of hosts) host.tell({ type: 'scale', scenario: 'open', vus: 0, maxVus: 8 });
          await until(() => active() === 0);
          for (const host of hosts) host.tell({ type: 'stop' });
          for (const reply of await running) assert.equal(reply?.type, 'finished');
        },
        2,
      ));

    test('a secret is asked for by an event, and what became of it is told by a command', () =>
      withLab(
        `import secrets from 'k6/secrets';
         export default async function () {
           console.log(await secrets.get('here'));
           await secrets.get('missing').catch((error) => console.log('no: ' + error));
         }`,
        async ({ start, prepare, logs }) => {
          const host = start((event) => {
            if (event.type !== 'secret') return;
            const { id, key } = event;
            const outcome = key === 'here' ? { value: 'the value' } : { problem: `nobody knows ${key}` };
            host.tell({ type: 'secret', id, outcome });
          });
          await prepare([host]);
          await host.ask(startAt(inMs(0)));
          assert.equal(logs()[0], 'the value');
          assert.match(logs()[1] ?? '', /nobody knows missing/);
        },
      ));

    test('test.abort() and test.fail() are events, with their words', () =>
      withLab(
        `import exec from 'k6/execution';
         export default function () { exec.test.fail('bad'); exec.test.abort('enough'); }`,
        async ({ start, prepare, events }) => {
          const host = start((event) => {
            if (event.type === 'abort') host.tell({ type: 'stop' });
          });
          await prepare([host]);
          assert.equal((await host.ask(startAt(inMs(0))))?.type, 'finished');
          const of = (type: LoadEvent['type']): LoadEvent[] => events.filter((event) => event.type === type);
          assert.deepEqual(of('mark-failed'), [{ type: 'mark-failed', message: 'bad' }]);
          assert.deepEqual(of('abort'), [{ type: 'abort', message: 'enough' }]);
        },
      ));

    test('a stop ends init code and setup without a reply, scenarios with their usual one; teardown still comes', () =>
      withLab(
        `import { sleep } from 'k6';
         export function setup() { console.log('setup'); sleep(3600); }
         export default function () { console.log('iteration'); sleep(3600); }
         export function teardown() { console.log('teardown'); }`,
        async ({ start, prepare, logs }) => {
          const host = start();
          await prepare([host]);
          const setup = host.ask({ type: 'setup' });
          await until(() => logs().includes('setup'));
          host.tell({ type: 'stop' });
          assert.equal(await setup, null);
          assert.equal((await host.ask(startAt(inMs(0))))?.type, 'finished');
          assert.equal((await host.ask({ type: 'teardown', setupData: undefined }))?.type, 'teardown-done');
          assert.deepEqual(logs(), ['setup', 'teardown']);
        },
      ));

    test('a stop interrupts iterations, which are counted as that', () =>
      withLab(
        `import { sleep } from 'k6'; export default function () { console.log('begun'); sleep(3600); }`,
        async ({ start, prepare, logs, place }) => {
          const host = start();
          await prepare([host], { vus: 3, duration: '1h' });
          const running = host.ask(startAt(inMs(0)));
          await until(() => logs().length === 3);
          host.tell({ type: 'stop' });
          assert.equal((await running)?.type, 'finished');
          await until(() => place.hosts.counts.iterationsInterrupted === 3);
          assert.equal(place.hosts.counts.iterationsCompleted, 0);
        },
      ));

    test('a step that takes too long is late, and the host stopped', () =>
      withLab(
        `import { sleep } from 'k6'; export function setup() { sleep(3600); } export default function () {}`,
        async ({ start, prepare }) => {
          const host = start();
          await prepare([host]);
          const late = (): ExitError => new ExitError(EXIT.setupTimeout, 'too late');
          await assert.rejects(host.ask({ type: 'setup' }, { timeoutMs: 30, late }), { message: 'too late' });
          assert.equal(host.alive, true);
          assert.equal((await host.ask({ type: 'flush' }))?.type, 'flushed');
        },
      ));

    test('a lost host fails what was asked of it and all that is asked later; the others go on', () =>
      withLab(
        `import { sleep } from 'k6'; export default function () { console.log('begun'); sleep(0.05); }`,
        async ({ start, prepare, place, logs }) => {
          const [lost, other] = [start(), start()];
          await prepare([lost, other], { vus: 2, duration: '1s' });
          const running = [lost, other].map((host) => host.ask(startAt(inMs(0))));
          await until(() => logs().length >= 2);
          place.lose(0);
          await assert.rejects(
            running[0]!,
            (error) => error instanceof ExitError && error.exitCode === EXIT.internalError,
          );
          assert.equal(lost.alive, false);
          await assert.rejects(lost.ask({ type: 'flush' }), ExitError);
          lost.tell({ type: 'stop' });
          assert.equal((await running[1])?.type, 'finished');
          await lost.exit();
        },
        2,
      ));

    test('what a host has said is heard before it ends, and nothing after', () =>
      withLab(
        // Fewer than anybody leaves out in a second.
        `export default function () { for (let i = 0; i < 90; i++) console.log('line ' + i); }`,
        async ({ start, prepare, events, logs }) => {
          const host = start();
          await prepare([host]);
          void host.ask(startAt(inMs(0)));
          await until(() => logs().length > 0);
          await host.exit();
          assert.equal(logs().length, 90);
          assert.equal(host.alive, false);
          const heard = events.length;
          await host.exit();
          await new Promise((resolve) => setTimeout(resolve, 20));
          assert.equal(events.length, heard);
        },
      ));

    /** A whole test over hosts of the kind. */
    async function perform(
      source: string,
      hosts: number,
    ): Promise<{ ending: RunEnding; logs: string[]; run: TestRun }> {
      const file = path.join(folder, `script-${scripts++}.js`);
      writeFileSync(file, source);
      const logs: string[] = [];
      const place = await open({ env: {}, script: { file, folder }, patienceMs: PATIENCE_MS, count: hosts });
      const run = new TestRun(
        watched(place.hosts),
        { onSamples: () => {}, onLog: (_, message) => logs.push(message) },
        { hosts, secrets: new SecretStore() },
      );
      try {
        const { options: script } = await run.load(await loadProgram({ path: file, cwd: folder }));
        const { options, scenarios } = consolidateOptions({ cli: {}, env: {}, configFile: undefined, script });
        return { ending: await run.run(options, scenarios), logs, run };
      } finally {
        await run.dispose();
        await place.close?.();
      }
    }

    test('a whole test runs over several: data once made is there in all, what is done once is done once', async () => {
      const { ending, logs, run } = await perform(
        `import { SharedArray } from 'k6/data';
         const data = new SharedArray('d', () => [{ name: 'first' }, { name: 'zweiter ü' }]);
         export const options = { scenarios: { one: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };
         export function setup() { console.log('setup'); return data.length; }
         export default function (length) { console.log(data[length - 1].name); }
         export function teardown() { console.log('teardown'); }`,
        2,
      );
      assert.deepEqual([ending.stop, ending.error, ending.setupData], [null, null, '2']);
      assert.equal(ending.health.length, 2);
      assert.deepEqual([logs[0], logs.at(-1), logs.length], ['setup', 'teardown', 8]);
      assert.ok(logs.slice(1, -1).every((line) => line === 'zweiter ü'));
      await until(() => run.counts.iterationsCompleted === 6);
    });
  });
}
