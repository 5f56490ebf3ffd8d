import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { RunPlan, RunSnapshot } from './run-observer.ts';
import { RunTimeline } from './run-timeline.ts';

const BASE = { name: 'a', startTimeMs: 0, gracefulStopMs: 30_000, env: {}, exec: 'default', tags: {}, browser: null };
const timed = (durationMs: number, startTimeMs = 0): ScenarioConfig => ({
  ...BASE,
  startTimeMs,
  executor: 'constant-vus',
  vus: 1,
  durationMs,
});
const counted: ScenarioConfig = {
  ...BASE,
  executor: 'shared-iterations',
  vus: 1,
  iterations: 1,
  maxDurationMs: 600_000,
};
const endless: ScenarioConfig = { ...BASE, executor: 'externally-controlled', vus: 1, maxVUs: 1, durationMs: null };

function planned(scenarios: readonly ScenarioConfig[], snapshot: () => RunSnapshot = () => assert.fail()): RunTimeline {
  const timeline = new RunTimeline(snapshot);
  timeline.onReady({ scenarios } as RunPlan);
  return timeline;
}

test('a run takes as long as its last scenario, unless some scenario ends by its work or by nobody', () => {
  const cases: [scenarios: ScenarioConfig[], plannedMs: number | null][] = [
    [[timed(5000)], 5000],
    [[timed(5000), timed(1000, 9000)], 10_000],
    [[timed(9000), timed(1000, 1000)], 9000],
    [[counted], null],
    [[timed(5000), counted], null],
    [[endless], null],
    [[timed(5000), endless], null],
  ];
  for (const [scenarios, plannedMs] of cases) assert.equal(planned(scenarios).plannedMs, plannedMs);
});

test('cells are short where the plan is, and never too many', () => {
  for (const [durationMs, cellMs] of [
    [1000, 250],
    [120_000, 250],
    [120_001, 1000],
    [3_600_000, 1000],
    [3_600_001, 2000],
    [7 * 86_400_000, 256_000],
  ] as const)
    assert.equal(planned([timed(durationMs)]).timeline.cellMs, cellMs, `${durationMs} ms`);
  assert.equal(planned([endless]).timeline.cellMs, 250);
});

test('what no sample says is noted from the first state that does work to the end, failures once each', async () => {
  let failed = 0;
  const snapshot = (): RunSnapshot =>
    ({ activeVus: 7, failed: ++failed === 1 ? 2 : 3, busyShare: 0.1234 }) as unknown as RunSnapshot;
  const timeline = planned([timed(1000)], snapshot);
  timeline.onState('initialising');
  assert.ok(!timeline.timeline.hasBegun);
  timeline.onState('setup');
  timeline.onState('running');
  assert.ok(timeline.timeline.hasBegun);
  const { startMs } = timeline.timeline;
  timeline.onState('running');
  assert.equal(timeline.timeline.startMs, startMs, 'a run begins once');
  timeline.onState('ended');
  timeline.onState('ended');
  await timeline.onDrain();
  const { columns, cells } = timeline.timeline.read();
  assert.ok(cells >= 1);
  const total = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  assert.equal(Math.max(...Array.from(columns.vus)), 7);
  assert.equal(Math.max(...Array.from(columns.busy)), 123);
  assert.equal(total(columns.failedIterations), 3);
});
