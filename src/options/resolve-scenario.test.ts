// Scenarios one executor at a time: what they become, and what is refused at the edges.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JsonReader } from './json-reader.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { ScenarioConfig } from './scenario-config.ts';
import { EXECUTORS, fieldsOf, SCENARIOS } from './scenario-settings.ts';

/** @returns the scenario that a script has under a name, and what is wrong with it */
function resolve(given: object, name = 'one'): { config: ScenarioConfig; problems: string[] } {
  const problems: string[] = [];
  const settings = SCENARIOS.fromJson(new JsonReader({ [name]: given }, ['scenarios']))[name]!;
  return { config: resolveScenario(name, settings, problems), problems };
}

const problemsOf = (given: object, name?: string): string[] => resolve(given, name).problems;

/** The least that each executor needs. */
const LEAST: Readonly<Record<string, object>> = {
  'constant-vus': { executor: 'constant-vus', duration: '1s' },
  'ramping-vus': { executor: 'ramping-vus', stages: [{ duration: '1s', target: 1 }] },
  'shared-iterations': { executor: 'shared-iterations' },
  'per-vu-iterations': { executor: 'per-vu-iterations' },
  'constant-arrival-rate': { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 },
  'ramping-arrival-rate': {
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 1,
    stages: [{ duration: '1s', target: 1 }],
  },
  'externally-controlled': { executor: 'externally-controlled', maxVUs: 1 },
};

describe('every executor', () => {
  for (const executor of EXECUTORS) {
    const least = LEAST[executor]!;

    test(`${executor} can run with the least that it needs, as k6's page of it has the defaults`, () => {
      const { config, problems } = resolve(least);
      assert.deepEqual(problems, []);
      const { name, startTimeMs, env, exec, tags, browser, gracefulStopMs } = config;
      assert.deepEqual(
        { name, startTimeMs, env, exec, tags, browser },
        { name: 'one', startTimeMs: 0, env: {}, exec: 'default', tags: {}, browser: null },
      );
      assert.equal(gracefulStopMs, executor === 'externally-controlled' ? 0 : 30_000);
    });

    test(`${executor} shows itself in a form that brings the same scenario`, () => {
      const read = (given: object) => SCENARIOS.fromJson(new JsonReader({ one: given }, ['scenarios']));
      const settings = read({ ...least, exec: 'other', env: { A: 'b' }, tags: { c: 'd' } });
      const { one } = SCENARIOS.show(settings) as { one: object };
      assert.deepEqual(read(one), settings);
      // What was not set is there as null, but for the options of browsers.
      assert.deepEqual(
        Object.keys(one).sort(),
        ['executor', ...fieldsOf(executor)].filter((field) => field !== 'options').sort(),
      );
    });

    test(`${executor} refuses the fields of others, and values of another type, with their place`, () => {
      for (const other of EXECUTORS.flatMap(fieldsOf).filter((field) => !fieldsOf(executor).includes(field)))
        assert.throws(
          () => resolve({ ...least, [other]: 1 }),
          new RegExp(`scenario "one" has an unknown field "${other}".*: ${executor} takes `),
          other,
        );
      for (const field of fieldsOf(executor))
        assert.throws(
          () => resolve({ ...least, [field]: [true] }),
          (error: Error) => error.message.includes(`scenarios.one.${field}`),
          field,
        );
    });
  }

  test('names and functions cannot be empty, and names are plain', () => {
    const least = LEAST['constant-vus']!;
    assert.deepEqual(problemsOf(least, ''), ["the scenario's name cannot be empty"]);
    for (const name of ['a b', 'ä', 'a.b', 'a/b', '<a>'])
      assert.match(problemsOf(least, name).join(), /may only have letters, digits, "_" and "-"/, name);
    for (const name of ['a', 'A-b_9', '-', '0']) assert.deepEqual(problemsOf(least, name), [], name);
    assert.deepEqual(problemsOf({ ...least, exec: '' }), ['exec value cannot be empty']);
  });

  test('times cannot be negative', () => {
    const least = LEAST['constant-vus']!;
    assert.deepEqual(problemsOf({ ...least, startTime: '-1s' }), ["the startTime can't be negative"]);
    assert.deepEqual(problemsOf({ ...least, gracefulStop: -1 }), ["the gracefulStop timeout can't be negative"]);
    assert.deepEqual(problemsOf({ ...least, startTime: 0, gracefulStop: '0s' }), []);
  });

  test('an executor that there is not is said with those that there are', () => {
    for (const executor of [undefined, null, ''])
      assert.throws(() => resolve({ executor }), /doesn't have a specified executor type: set "executor" to one of/);
    assert.throws(() => resolve({ executor: 'constant-vu' }), /"constant-vu" \(did you mean "constant-vus"\?\)/);
    for (const executor of [7, {}, 'toString', '__proto__'])
      assert.throws(() => resolve({ executor }), /has the unknown executor type/);
  });
});

describe('looping executors', () => {
  test('need virtual users: at least one, and no more than there could be', () => {
    for (const executor of ['constant-vus', 'shared-iterations', 'per-vu-iterations']) {
      const given = (vus: number): object => ({
        ...LEAST[executor],
        vus,
        ...(executor.startsWith('sh') && { iterations: 2e8 }),
      });
      for (const vus of [0, -1])
        assert.match(problemsOf(given(vus)).join(), /the number of VUs must be more than 0/, `${executor} ${vus}`);
      assert.deepEqual(problemsOf(given(100_000_000)), [], executor);
      assert.deepEqual(
        problemsOf(given(100_000_001)),
        ["there can't be more than 100000000 VUs, but vus is 100000001"],
        executor,
      );
    }
  });

  test('last at least a second', () => {
    for (const [duration, wrong] of [
      ['999ms', true],
      ['999.999999ms', true],
      ['1s', false],
      [1000, false],
      ['0s', true],
      ['-1s', true],
    ] as const) {
      const problems = problemsOf({ executor: 'constant-vus', duration });
      assert.equal(problems.length > 0, wrong, String(duration));
      if (wrong) assert.match(problems[0]!, /the duration must be at least 1s, but is /);
      assert.equal(problemsOf({ executor: 'per-vu-iterations', maxDuration: duration }).length > 0, wrong);
    }
    assert.deepEqual(problemsOf({ executor: 'constant-vus' }), ['the duration is unspecified']);
  });

  test('iterations are at least one, and shared ones at least one for each virtual user', () => {
    const shared = (iterations: number, vus: number) => problemsOf({ executor: 'shared-iterations', iterations, vus });
    assert.deepEqual(shared(3, 3), []);
    assert.deepEqual(shared(2, 3), ["the number of iterations (2) can't be less than the number of VUs (3)"]);
    assert.deepEqual(problemsOf({ executor: 'per-vu-iterations', iterations: 0 }), [
      'the number of iterations must be more than 0',
    ]);
    assert.equal('maxDurationMs' in resolve(LEAST['per-vu-iterations']!).config, true);
    const { config } = resolve(LEAST['shared-iterations']!);
    assert.ok(config.executor === 'shared-iterations');
    assert.deepEqual([config.vus, config.iterations, config.maxDurationMs], [1, 1, 600_000]);
  });
});

describe('ramps', () => {
  const ramp = (stages: unknown, more: object = {}) => problemsOf({ executor: 'ramping-vus', stages, ...more });

  test('need stages, each with a duration and a target that are not negative', () => {
    assert.deepEqual(ramp([]), ['at least one stage has to be specified']);
    assert.deepEqual(ramp([{ duration: '1s', target: 1 }, { target: 2 }, { duration: '1s' }]), [
      "stage 2 doesn't have a duration",
      "stage 3 doesn't have a target",
    ]);
    assert.deepEqual(ramp([{ duration: '-1s', target: -1 }]), [
      "the duration for stage 1 can't be negative",
      "the target for stage 1 can't be negative",
    ]);
    assert.throws(() => ramp([{ duration: '1s', target: 1, targt: 2 }]), /unknown field "targt" in stage 1 .*"target"/);
  });

  test('may stand still at nothing, but not always', () => {
    const idle = ['either startVUs or one of the stage targets must be more than 0'];
    assert.deepEqual(ramp([{ duration: '1s', target: 0 }], { startVUs: 0 }), idle);
    assert.deepEqual(ramp([{ duration: '1s', target: 0 }]), [], 'one to begin with is the default');
    assert.deepEqual(ramp([{ duration: 0, target: 5 }], { startVUs: 0 }), [], 'a stage may take no time');
    assert.match(ramp([{ duration: '1s', target: 1 }], { startVUs: -1 }).join(), /startVUs can't be negative/);
  });

  test('go no higher than there could be virtual users', () => {
    assert.deepEqual(ramp([{ duration: '1s', target: 1e9 }]), [
      "there can't be more than 100000000 VUs, but a target is 1000000000",
    ]);
    assert.deepEqual(ramp([{ duration: '1s', target: 1 }], { startVUs: 1e9 }), [
      "there can't be more than 100000000 VUs, but startVUs is 1000000000",
    ]);
  });
});

describe('arrival rates', () => {
  const rate = (more: object) => problemsOf({ ...LEAST['constant-arrival-rate'], ...more });

  test('are more than nothing, in a unit that is', () => {
    assert.deepEqual(rate({ rate: null }), ["the iteration rate isn't specified"]);
    assert.deepEqual(rate({ rate: 0 }), ['the iteration rate must be more than 0']);
    assert.deepEqual(rate({ timeUnit: 0 }), ['the timeUnit must be more than 0']);
    assert.deepEqual(problemsOf({ ...LEAST['ramping-arrival-rate'], startRate: -1 }), [
      "the startRate value can't be negative",
    ]);
  });

  test('come to a number of iterations that can be counted', () => {
    assert.deepEqual(rate({ rate: 1, timeUnit: '1ns', duration: '1h' }), []);
    const [problem, ...others] = rate({ rate: 1000, timeUnit: '1ns', duration: '24h' });
    assert.deepEqual(others, []);
    assert.match(problem!, /comes to about 8\.6e\+16 iterations, more than can be counted .*is the timeUnit \(1ns\)/);
    const stages = [
      { duration: '1s', target: 0 },
      { duration: '24h', target: 1000 },
      { duration: 0, target: 0 },
    ];
    assert.match(
      problemsOf({ ...LEAST['ramping-arrival-rate'], stages, timeUnit: '1ns' }).join(),
      /more than can be counted/,
    );
  });

  test('name how many virtual users wait for them, and the most there may be', () => {
    assert.deepEqual(rate({ preAllocatedVUs: null }), ["the number of preAllocatedVUs isn't specified"]);
    assert.match(rate({ preAllocatedVUs: -1 }).join(), /preAllocatedVUs can't be negative/);
    assert.deepEqual(rate({ preAllocatedVUs: 3, maxVUs: 2 }), ["maxVUs (2) can't be less than preAllocatedVUs (3)"]);
    assert.deepEqual(rate({ maxVUs: 1e9 }), ["there can't be more than 100000000 VUs, but maxVUs is 1000000000"]);
    const { config } = resolve({ ...LEAST['constant-arrival-rate'], preAllocatedVUs: 7 });
    assert.ok(config.executor === 'constant-arrival-rate');
    assert.deepEqual([config.preAllocatedVUs, config.maxVUs, config.timeUnitMs], [7, 7, 1000]);
  });
});

test('an externally controlled scenario has no start and no graceful stop, and may last for ever', () => {
  const controlled = (more: object) => resolve({ executor: 'externally-controlled', ...more });
  assert.match(controlled({ maxVUs: 1, startTime: '1s' }).problems.join(), /takes no startTime/);
  assert.match(controlled({ maxVUs: 1, gracefulStop: '1s' }).problems.join(), /takes no gracefulStop/);
  assert.match(controlled({}).problems.join(), /maxVUs must be more than 0/);
  assert.match(
    controlled({ vus: 3, maxVUs: 2 }).problems.join(),
    /maxVUs \(2\) can't be less than the number of VUs \(3\)/,
  );
  for (const [duration, expected] of [
    [undefined, null],
    ['0s', null],
    ['1s', 1000],
  ] as const) {
    const { config, problems } = controlled({ vus: 2, ...(duration && { duration }) });
    assert.deepEqual(problems, []);
    assert.ok(config.executor === 'externally-controlled');
    assert.deepEqual([config.vus, config.maxVUs, config.durationMs], [2, 2, expected]);
  }
});
