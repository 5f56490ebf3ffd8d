import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioSettings } from '../options/scenario-settings.ts';
import { type LabSettings, startLab } from './executors/lab-host.fixture.ts';
import { createTurnClaims, type SummedClaims, sumClaims, TurnClaims } from './turn-claims.ts';

/** What is claimed when code of an iteration runs, in order. */
async function claimsAtBegin(settings: ScenarioSettings, lab: Omit<LabSettings, 'iterationMs'>, iterationMs: number) {
  const claims: SummedClaims[] = [];
  const run = startLab(settings, {
    ...lab,
    iterationMs: () => {
      claims.push(sumClaims(run.host.claimed));
      return iterationMs;
    },
  });
  const before = sumClaims(run.host.claimed);
  await run.host.world.runAll();
  return { before, claims, after: sumClaims(run.host.claimed) };
}

const NOBODY: SummedClaims = { users: 0, nextMs: Infinity, endMs: Infinity };
const alone = (endMs: number, nextMs = Infinity): SummedClaims => ({ users: 1, nextMs, endMs });

test('what nobody claims is nobody’s, and the scenarios of a thread add up', () => {
  const buffer = createTurnClaims(3);
  assert.deepEqual(sumClaims(buffer), NOBODY);
  const first = new TurnClaims(buffer, 0);
  first.users = 1;
  first.endMs = 5;
  const last = new TurnClaims(buffer, 2);
  last.nextMs = 7;
  last.endMs = 9;
  assert.deepEqual(sumClaims(buffer), { users: 1, nextMs: 7, endMs: 5 });
  last.users = 2;
  assert.deepEqual(sumClaims(buffer), { users: 3, nextMs: 7, endMs: 9 });
});

test('a scenario that is still to come claims its start, one that is over nothing', async () => {
  const { before, after } = await claimsAtBegin(
    { executor: 'constant-vus', vus: 2, duration: 1000, startTime: 300 },
    {},
    50,
  );
  assert.deepEqual(before, { ...NOBODY, nextMs: 300 });
  assert.deepEqual(after, NOBODY);
});

/** Each with one virtual user, and the claim of its first iteration. */
const ALONE: [ScenarioSettings, SummedClaims][] = [
  [{ executor: 'constant-vus', vus: 1, duration: 1000, gracefulStop: 500 }, alone(1500)],
  [{ executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: 1000, gracefulStop: 500 }, alone(1500)],
  [{ executor: 'shared-iterations', vus: 1, iterations: 2, maxDuration: 1000, gracefulStop: 500 }, alone(1500)],
  [{ executor: 'externally-controlled', vus: 1, maxVUs: 9, duration: 1000 }, alone(1000)],
  [{ executor: 'constant-arrival-rate', rate: 2, duration: 1000, preAllocatedVUs: 1, gracefulStop: 500 }, alone(1500)],
  [
    { executor: 'constant-arrival-rate', rate: 2, duration: 1000, preAllocatedVUs: 9, gracefulStop: 500 },
    alone(1500, 500),
  ],
  [
    { executor: 'constant-arrival-rate', rate: 2, duration: 1000, preAllocatedVUs: 1, maxVUs: 2, gracefulStop: 500 },
    alone(1500, 500),
  ],
  [
    {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [{ target: 3, duration: 1000 }],
      gracefulStop: 500,
      gracefulRampDown: 100,
    },
    alone(1500, 500),
  ],
  [
    {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { target: 1, duration: 1000 },
        { target: 0, duration: 0 },
        { target: 0, duration: 9000 },
      ],
      gracefulStop: 500,
      gracefulRampDown: 200,
    },
    alone(1200),
  ],
  [
    {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { target: 0, duration: 100 },
        { target: 1, duration: 100 },
        { target: 1, duration: 1000 },
      ],
      gracefulStop: 500,
      gracefulRampDown: 200,
    },
    // It is back before it would be cut off.
    alone(1700),
  ],
];

test('whoever is alone claims its end, and when it is to get company', async () => {
  for (const [settings, expected] of ALONE) {
    const { claims, after } = await claimsAtBegin(settings, {}, 10);
    assert.deepEqual(claims[0], expected, JSON.stringify(settings));
    assert.deepEqual(after, NOBODY, JSON.stringify(settings));
  }
});

/** Each with three that begin together. */
const TOGETHER: ScenarioSettings[] = [
  { executor: 'constant-vus', vus: 3, duration: 1000 },
  { executor: 'per-vu-iterations', vus: 3, iterations: 1 },
  { executor: 'shared-iterations', vus: 3, iterations: 3 },
  { executor: 'ramping-vus', startVUs: 3, stages: [{ target: 3, duration: 1000 }] },
  { executor: 'externally-controlled', vus: 3, maxVUs: 9, duration: 1000 },
];

test('the first of several claims for all who are to begin with it', async () => {
  for (const settings of TOGETHER) {
    const { claims, after } = await claimsAtBegin(settings, {}, 2000);
    assert.deepEqual(
      claims.map(({ users }) => users),
      [3, 3, 3],
      JSON.stringify(settings),
    );
    assert.deepEqual(after, NOBODY);
  }
});

test('whoever is left when the others have no more to do is alone', async () => {
  const claims: number[] = [];
  const run = startLab(
    { executor: 'shared-iterations', vus: 2, iterations: 3 },
    {
      iterationMs: ({ inTest }) => {
        claims.push(sumClaims(run.host.claimed).users);
        return inTest === 0 ? 100 : 20;
      },
    },
  );
  await run.host.world.advanceTo(50);
  assert.deepEqual([claims, sumClaims(run.host.claimed).users], [[2, 2, 2], 1]);
  await run.host.world.runAll();
});
