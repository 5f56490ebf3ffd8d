import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IterationEnd } from '../../script/realm-interface.ts';
import type { ScenarioState, VirtualUser } from '../../vu/virtual-user.ts';
import type { ExecutorVu } from '../executor.ts';
import { PooledVu } from './pooled-vu.ts';

/** A virtual user whose iterations end when the test says so. */
function labUser(minIterationDurationMs = 0, exports: Record<string, unknown> = { default() {} }) {
  const samples: [metric: string, value: number][] = [];
  const running: { resolve(sinceMs?: number): void; reject(error: unknown): void }[] = [];
  const names = [
    'iteration_duration',
    'iterations',
    'iteration_start_delay',
    'generator_iteration_duration',
    'data_sent',
    'data_received',
  ];
  let now = 1000;
  /** Whom the loop tells; an interrupted iteration is nobody's. */
  let told: { listener: IterationEnd } | null = null;
  let cuts = 0;
  const environment = {
    options: { minIterationDurationMs },
    metrics: Object.fromEntries(names.map((name) => [name, name])),
    samples: { add: (metric: string, _: unknown, value: number) => samples.push([metric, value]) },
    realm: { parseJson: (text: string): unknown => JSON.parse(text) },
    now: () => now,
    timeOrigin: 500,
  };
  const seen: unknown[] = [];
  const functions: unknown[] = [];
  const vu = {
    idInInstance: 1,
    environment,
    tags: null,
    meter: { sent: 0, received: 0 },
    iteration: { inVu: -1, inScenario: -1, scenarioInInstance: -1, scenarioInTest: -1 },
    scenario: null,
    trace: null,
    enterScenario() {},
    startIteration() {},
    endIteration() {},
    hasAborted: false,
    cutShort() {
      cuts++;
    },
    interrupt() {
      told = null;
    },
    loop: {
      begin: (fn: unknown, _this: unknown, [data]: unknown[], listener: IterationEnd) => {
        functions.push(fn);
        seen.push(data);
        const turn = { listener };
        told = turn;
        const end = (sinceMs = Number.NaN) => told === turn && listener.onIdle(sinceMs);
        running.push({
          resolve: end,
          reject: (error) => {
            if (told === turn) listener.onFailed(error);
            end();
          },
        });
      },
    },
  };
  const counts = { complete: 0, interrupted: 0, failed: 0 };
  const errors: unknown[] = [];
  const pooled = new PooledVu(vu as unknown as VirtualUser, exports, {
    setupData: '{"a":1}',
    counters: {
      completeIteration: () => counts.complete++,
      interruptIteration: () => counts.interrupted++,
      failIteration: () => counts.failed++,
    },
    clock: { now: () => vu.environment.now(), isPaused: false, defer: (run) => run() },
    reportError: (_, error) => errors.push(error),
  });
  pooled.join({ name: 's', exec: 'default' } as ScenarioState);
  return {
    functions,
    pooled,
    vu,
    samples,
    running,
    counts,
    errors,
    seen,
    cuts: () => cuts,
    advance: (ms: number) => (now += ms),
  };
}

/** Begins an iteration. @returns resolves with its end */
const begin = (vu: ExecutorVu, dueMs = Number.NaN): Promise<void> =>
  new Promise((resolve) => vu.begin(0, 0, dueMs, { onIterationEnd: () => resolve() }));

test('a completed iteration is measured: its time, its bytes, itself', async () => {
  const lab = labUser();
  const end = begin(lab.pooled);
  lab.advance(25);
  lab.vu.meter.sent += 10;
  lab.running[0]!.resolve();
  await end;
  assert.deepEqual(Object.fromEntries(lab.samples), {
    iteration_duration: 25,
    iterations: 1,
    data_sent: 10,
    data_received: 0,
  });
  assert.deepEqual(lab.counts, { complete: 1, interrupted: 0, failed: 0 });
});

test('one that throws is reported and counts all the same', async () => {
  const lab = labUser();
  const end = begin(lab.pooled);
  lab.running[0]!.reject('no');
  await end;
  assert.deepEqual([lab.errors, lab.counts], [['no'], { complete: 1, interrupted: 0, failed: 1 }]);
  assert.equal(lab.cuts(), 1, 'what it planned for later has to go');
});

test('the one that ends the test is complete', async () => {
  const lab = labUser();
  const end = begin(lab.pooled);
  lab.vu.hasAborted = true;
  lab.pooled.interrupt();
  await end;
  assert.deepEqual(lab.counts, { complete: 1, interrupted: 0, failed: 0 });
  assert.deepEqual(
    lab.samples.map(([name]) => name),
    ['iteration_duration', 'iterations', 'data_sent', 'data_received'],
  );
});

test('an interrupted one counts its bytes and nothing else; its own late end is nobody’s', async () => {
  const lab = labUser();
  const end = begin(lab.pooled);
  lab.vu.meter.received += 7;
  lab.pooled.interrupt();
  lab.pooled.interrupt();
  await end;
  let ends = 0;
  lab.pooled.begin(1, 1, Number.NaN, { onIterationEnd: () => ends++ });
  lab.running[0]!.reject('late');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([ends, lab.errors.length, lab.counts], [0, 0, { complete: 0, interrupted: 1, failed: 0 }]);
  assert.deepEqual(lab.samples, [
    ['data_sent', 0],
    ['data_received', 7],
  ]);
});

test('how late an iteration starts is measured where it was due', async () => {
  const lab = labUser();
  const end = begin(lab.pooled, 960);
  lab.running[0]!.resolve();
  await end;
  assert.deepEqual(lab.samples[0], ['iteration_start_delay', 40]);
});

test('what it takes from when it was due is the delay and the duration together, and is measured where it was due only', async () => {
  const lab = labUser();
  const [due, free] = [begin(lab.pooled, 960), () => begin(lab.pooled)];
  lab.running[0]!.resolve();
  await due;
  const valuesOf = (name: string) => lab.samples.filter(([metric]) => metric === name).map(([, value]) => value);
  const [duration] = valuesOf('iteration_duration');
  assert.deepEqual(valuesOf('generator_iteration_duration'), [40 + duration!]);
  const end = free();
  lab.running[1]!.resolve();
  await end;
  assert.equal(valuesOf('generator_iteration_duration').length, 1);
});

test('all iterations of a virtual user share one copy of the data of setup', async () => {
  const lab = labUser();
  for (let i = 0; i < 2; i++) {
    const end = begin(lab.pooled);
    lab.running[i]!.resolve();
    await end;
  }
  assert.deepEqual(lab.seen[0], { a: 1 });
  assert.equal(lab.seen[0], lab.seen[1]);
  assert.equal(lab.vu.iteration.inVu, 1);
});

test('an iteration interrupted while it waits for its least duration is complete and is counted once', async () => {
  const lab = labUser(60_000);
  const end = begin(lab.pooled);
  lab.running[0]!.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(lab.counts.complete, 1);
  lab.pooled.interrupt();
  await end;
  assert.deepEqual(lab.counts, { complete: 1, interrupted: 0, failed: 0 });
});

test('a least duration that is longer than timers know is long, not none', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lab = labUser(900 * 3_600_000);
  let hasEnded = false;
  void begin(lab.pooled).then(() => (hasEnded = true));
  lab.running[0]!.resolve();
  t.mock.timers.tick(20 * 86_400_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(hasEnded, false);
});

test('one whose function had ended before its turn came is as long as the function took', async () => {
  const lab = labUser();
  const end = begin(lab.pooled);
  lab.advance(40);
  lab.running[0]!.resolve(525);
  await end;
  assert.equal(Object.fromEntries(lab.samples)['iteration_duration'], 25);
});

for (const [what, makeExports] of [
  [
    'a live binding',
    (next: () => unknown) => ({
      get default() {
        return next();
      },
    }),
  ],
  [
    'a getter of the script that needs its object',
    (next: () => unknown) => ({
      next,
      get default() {
        return this.next();
      },
    }),
  ],
  [
    'a property',
    (next: () => unknown) => {
      const exports = { default: next() };
      return {
        get exports() {
          return exports;
        },
        change: () => {
          exports.default = next();
        },
      };
    },
  ],
  [
    'whatever a proxy shows',
    (next: () => unknown) =>
      new Proxy(
        {},
        {
          get: (_, name) => (name === 'default' ? next() : undefined),
          getOwnPropertyDescriptor: () => {
            throw new Error('looked into');
          },
        },
      ),
  ],
] as const)
  test(`each iteration calls what the script exports by then: ${what}`, async () => {
    let made = 0;
    const given = makeExports(() => ++made) as Record<string, unknown> & {
      change?: () => void;
      exports?: Record<string, unknown>;
    };
    const lab = labUser(0, given.change === undefined ? given : given.exports);
    for (let at = 0; at < 2; at++) {
      const end = begin(lab.pooled);
      lab.running[at]!.resolve();
      await end;
      given.change?.();
    }
    assert.deepEqual(lab.functions, [1, 2]);
  });
