// What a task may ask of a run: files of its own, and no more than its project allows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioConfig } from '../../options/scenario-config.ts';
import type { RunPlan } from '../../run/run-observer.ts';
import { ownLibraries } from '../../script/own-libraries.ts';
import type { ChildTask } from './child-protocol.ts';
import { LimitGuard, requestOf } from './task-request.ts';

const TASK: ChildTask = {
  purpose: 'run',
  id: 'r',
  script: '/data/script.js',
  type: 'js',
  name: 'a.js',
  variables: { A: '1' },
  options: {},
  secrets: {},
  workers: 2,
  limits: { maxVus: 10, maxDurationMs: 60_000 },
  targets: { allowed: ['shop.example'], blocked: [] },
  baseline: { name: '', records: [] },
  cluster: null,
};

const scenario = (given: object): ScenarioConfig =>
  ({
    name: 'default',
    startTimeMs: 0,
    gracefulStopMs: 0,
    env: {},
    exec: 'default',
    tags: {},
    browser: null,
    executor: 'constant-vus',
    vus: 1,
    durationMs: 1000,
    ...given,
  }) as ScenarioConfig;
const ready = (...scenarios: ScenarioConfig[]): void =>
  new LimitGuard(TASK).onReady({ scenarios } as Partial<RunPlan> as RunPlan);

test('a run has the script, variables, threads and targets of its task, and the options that go before the script’s', () => {
  const { script, type, variables, workers, targets, isControlled, settings } = requestOf({
    ...TASK,
    options: { vus: 3 },
  });
  assert.deepEqual(
    { script, type, variables, workers, targets, isControlled, vus: settings?.vus },
    {
      script: '/data/script.js',
      type: 'js',
      variables: { A: '1' },
      workers: 2,
      targets: TASK.targets,
      isControlled: true,
      vus: 3,
    },
  );
});

test('options that cannot be read are refused, and say whose they are', () => {
  assert.throws(() => requestOf({ ...TASK, options: { vus: 'many' } }), {
    exitCode: 104,
    message: /the options of the run/,
  });
});

test('as many virtual users as the project allows are allowed, and one more is not', () => {
  ready(scenario({ vus: 10 }));
  assert.throws(() => ready(scenario({ vus: 11 })), {
    exitCode: 104,
    message: 'the test has up to 11 virtual users, and its project allows 10: ask its administrator',
  });
});

test('virtual users of scenarios at the same time count together, those of one after the other do not', () => {
  const later = scenario({ name: 'later', vus: 6, startTimeMs: 2000 });
  ready(scenario({ vus: 6 }), later);
  assert.throws(() => ready(scenario({ vus: 6, durationMs: 5000 }), later), /up to 12 virtual users/);
});

test('what a scenario may make on the way counts, whether it will or not', () => {
  const rate = {
    executor: 'constant-arrival-rate',
    rate: 1,
    timeUnitMs: 1000,
    preAllocatedVUs: 1,
    maxVUs: 11,
  };
  assert.throws(() => ready(scenario(rate)), /up to 11 virtual users/);
  assert.throws(() => ready(scenario({ executor: 'externally-controlled', maxVUs: 11 })), /up to 11 virtual users/);
});

test('a test may take as long as its project allows, with the time in which iterations may end', () => {
  ready(scenario({ durationMs: 60_000 }));
  assert.throws(() => ready(scenario({ durationMs: 50_000, gracefulStopMs: 10_001 })), {
    exitCode: 104,
    message: /^the test takes up to 1m0.*s, and its project allows 1m0s: ask its administrator$/,
  });
  // Of one that ends when somebody stops it nobody knows; it is ended when its time is over.
  ready(scenario({ executor: 'externally-controlled', maxVUs: 1, durationMs: 0 }));
});

test('a script may be made of its own files and libraries of ours alone', () => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/data/work/r';
  try {
    const guard = new LimitGuard(TASK);
    guard.onFiles(['/data/work/r/script.js', '/data/work/r/lib/a.js', 'https://x.example/lib.js']);
    guard.onFiles(['/data/work/r/script.js', ...Object.values(ownLibraries())]);
    for (const file of ['/etc/passwd', '/data/work/r-other/a.js', '/data/work/secret.js'])
      assert.throws(() => guard.onFiles(['/data/work/r/script.js', file]), {
        exitCode: 107,
        message: /^the script imports [\w.]+, which is not in its archive: pack it with "sixfold archive"$/,
      });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});
