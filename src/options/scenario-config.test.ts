import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestEnd, regularDuration, type ScenarioConfig } from './scenario-config.ts';

const BASE = { name: 'a', startTimeMs: 500, gracefulStopMs: 30_000, env: {}, exec: 'default', tags: {}, browser: null };
const STAGES = [
  { durationMs: 1000, target: 5 },
  { durationMs: 0, target: 0 },
  { durationMs: 2500, target: 1 },
];
const ARRIVALS = { timeUnitMs: 1000, preAllocatedVUs: 1, maxVUs: 1 };

test('a scenario ends after its start, what its executor plans, and the time to stop', () => {
  const cases: [config: ScenarioConfig, durationMs: number][] = [
    [{ ...BASE, executor: 'constant-vus', vus: 1, durationMs: 7000 }, 7000],
    [{ ...BASE, executor: 'ramping-vus', startVUs: 0, stages: STAGES, gracefulRampDownMs: 9 }, 3500],
    [{ ...BASE, executor: 'ramping-vus', startVUs: 0, stages: [], gracefulRampDownMs: 9 }, 0],
    [{ ...BASE, executor: 'shared-iterations', vus: 1, iterations: 1, maxDurationMs: 600_000 }, 600_000],
    [{ ...BASE, executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDurationMs: 1000 }, 1000],
    [{ ...BASE, ...ARRIVALS, executor: 'constant-arrival-rate', rate: 5, durationMs: 4000 }, 4000],
    [{ ...BASE, ...ARRIVALS, executor: 'ramping-arrival-rate', startRate: 5, stages: STAGES }, 3500],
    [{ ...BASE, executor: 'externally-controlled', vus: 1, maxVUs: 1, durationMs: 2000 }, 2000],
    [{ ...BASE, executor: 'externally-controlled', vus: 1, maxVUs: 1, durationMs: null }, Number.POSITIVE_INFINITY],
  ];
  for (const [config, durationMs] of cases) {
    assert.equal(regularDuration(config), durationMs, config.executor);
    assert.equal(latestEnd(config), durationMs + 30_500, config.executor);
  }
});
