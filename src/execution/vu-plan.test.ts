import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Share } from '../options/segment.ts';
import { labScenario } from './executors/lab-host.fixture.ts';
import { listReservedSteps, listVuSteps } from './executors/vu-ramp.ts';
import { longestDuration, planVus } from './vu-plan.ts';

test('scenarios that do not overlap share their virtual users', () => {
  const first = labScenario({ executor: 'constant-vus', vus: 5, duration: 1000, gracefulStop: 0 });
  const second = labScenario({ executor: 'per-vu-iterations', vus: 3, startTime: 1000 });
  assert.deepEqual(planVus([first, second]), { planned: 5, max: 5 });
  const overlapping = labScenario({ executor: 'per-vu-iterations', vus: 3, startTime: 999 });
  assert.deepEqual(planVus([first, overlapping]), { planned: 8, max: 8 });
  assert.equal(longestDuration([first, second]), 631_000);
});

test('gracefulStop holds virtual users on', () => {
  const first = labScenario({ executor: 'constant-vus', vus: 5, duration: 1000, gracefulStop: 10 });
  const second = labScenario({ executor: 'per-vu-iterations', vus: 3, startTime: 1000 });
  assert.deepEqual(planVus([first, second]), { planned: 8, max: 8 });
});

test('arrival rates plan what they allocate beforehand, and may have more', () => {
  const flow = labScenario({
    executor: 'constant-arrival-rate',
    rate: 1,
    duration: 1000,
    preAllocatedVUs: 4,
    maxVUs: 10,
  });
  assert.deepEqual(planVus([flow]), { planned: 4, max: 10 });
  const parts = [0, 1, 2].map((i) => planVus([flow], Share.WHOLE.forWorker(i, 3)));
  assert.equal(
    parts.reduce((sum, { planned }) => sum + planned, 0),
    4,
  );
  assert.equal(
    parts.reduce((sum, { max }) => sum + max, 0),
    10,
  );
});

test('a ramp keeps what is ramped down for gracefulRampDown, and at its end for gracefulStop', () => {
  const config = labScenario({
    executor: 'ramping-vus',
    startVUs: 0,
    stages: [
      { duration: 1000, target: 2 },
      { duration: 1000, target: 0 },
      { duration: 1000, target: 1 },
    ],
  });
  assert.ok(config.executor === 'ramping-vus');
  const steps = listVuSteps(config, Share.WHOLE);
  assert.deepEqual(
    steps.map(({ atMs, vus }) => [atMs, vus]),
    [
      [0, 0],
      [500, 1],
      [1000, 2],
      [1500, 1],
      [2000, 0],
      [3000, 1],
    ],
  );
  assert.deepEqual(listReservedSteps(steps, 3000, 0, 0), [...steps.slice(0, 5), { atMs: 3000, vus: 0 }]);
  assert.deepEqual(
    listReservedSteps(steps, 3000, 700, 100).map(({ atMs, vus }) => [atMs, vus]),
    [
      [0, 0],
      [500, 1],
      [1000, 2],
      [2200, 1],
      [2700, 0],
      [3000, 1],
      [3100, 0],
    ],
  );
  assert.deepEqual(
    listReservedSteps(steps, 3000, 30_000, 500).map(({ atMs, vus }) => [atMs, vus]),
    [
      [0, 0],
      [500, 1],
      [1000, 2],
      [3500, 0],
    ],
  );
  assert.deepEqual(planVus([config]), { planned: 2, max: 2 });
});
