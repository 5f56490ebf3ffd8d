import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioSettings } from '../options/scenario-settings.ts';
import { findShare } from '../options/segment.ts';
import { labScenario } from './executors/lab-host.fixture.ts';
import { describeProgress, describeScenario, mergeProgress } from './scenario-progress.ts';

test('describes scenarios as k6 lists them', () => {
  for (const [settings, text] of [
    [{ executor: 'constant-vus', vus: 10, duration: 30_000 }, '10 looping VUs for 30s (gracefulStop: 30s)'],
    [
      { executor: 'ramping-vus', stages: [{ duration: 60_000, target: 20 }] },
      'Up to 20 looping VUs for 1m0s over 1 stages (gracefulRampDown: 30s, gracefulStop: 30s)',
    ],
    [
      { executor: 'shared-iterations', vus: 2, iterations: 5, exec: 'buy', startTime: 5000 },
      '5 iterations shared among 2 VUs (maxDuration: 10m0s, exec: buy, startTime: 5s, gracefulStop: 30s)',
    ],
    [{ executor: 'per-vu-iterations', gracefulStop: 0 }, '1 iterations for each of 1 VUs (maxDuration: 10m0s)'],
    [
      {
        executor: 'constant-arrival-rate',
        rate: 90,
        timeUnit: 60_000,
        duration: 60_000,
        preAllocatedVUs: 5,
        maxVUs: 10,
      },
      '1.50 iterations/s for 1m0s (maxVUs: 5-10, gracefulStop: 30s)',
    ],
    [
      { executor: 'ramping-arrival-rate', startRate: 3, stages: [{ duration: 1000, target: 2 }], preAllocatedVUs: 5 },
      'Up to 3.00 iterations/s for 1s over 1 stages (maxVUs: 5, gracefulStop: 30s)',
    ],
  ] satisfies [ScenarioSettings, string][]) {
    assert.equal(describeScenario(labScenario(settings)), text);
  }
  assert.match(
    describeScenario(
      labScenario({ executor: 'shared-iterations', vus: 4, iterations: 10 }),
      findShare('0:1/3', '0,1/3,2/3,1'),
    ),
    /^5 iterations shared among 2 VUs/,
  );
});

test('adds up what workers are doing', () => {
  const base = {
    phase: 'running',
    share: 0.5,
    activeVus: 2,
    maxVus: 3,
    elapsedMs: 500,
    durationMs: 1000,
    iterations: null,
    rate: 5,
  } as const;
  const merged = mergeProgress([base, { ...base, phase: 'done', share: 1, activeVus: 0 }]);
  assert.deepEqual(merged, { ...base, activeVus: 2, maxVus: 6, rate: 10 });
  const iterations = (done: number, shared: boolean) => ({
    ...base,
    rate: null,
    iterations: { done, total: 10, shared },
  });
  assert.deepEqual(mergeProgress([iterations(3, true), iterations(4, true)]).iterations, {
    done: 4,
    total: 10,
    shared: true,
  });
  assert.deepEqual(mergeProgress([iterations(3, false), iterations(4, false)]).share, 7 / 20);
  // Instances have each a part of their own of the shared iterations.
  assert.deepEqual(mergeProgress([iterations(3, true), iterations(4, true)], true).iterations, {
    done: 7,
    total: 20,
    shared: true,
  });
  assert.deepEqual(
    describeProgress(
      labScenario({ executor: 'shared-iterations', vus: 6, iterations: 10 }),
      mergeProgress([iterations(3, true)]),
    ),
    ['2/3 VUs', '500ms/1s', '3/10 shared iters'],
  );
});
