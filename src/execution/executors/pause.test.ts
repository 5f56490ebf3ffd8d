// A pause needs no change of any executor: their clock stands still.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioSettings } from '../../options/scenario-settings.ts';
import { runLab, startLab } from './lab-host.fixture.ts';

const PAUSE_FROM = 1033;
const PAUSE_MS = 5000;

const SCENARIOS: readonly ScenarioSettings[] = [
  { executor: 'constant-vus', vus: 4, duration: 3000 },
  { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: 3000, target: 5 }] },
  { executor: 'shared-iterations', vus: 3, iterations: 30 },
  { executor: 'per-vu-iterations', vus: 3, iterations: 10 },
  { executor: 'constant-arrival-rate', rate: 7, duration: 3000, preAllocatedVUs: 10 },
  {
    executor: 'ramping-arrival-rate',
    startRate: 3,
    stages: [{ duration: 3000, target: 20 }],
    preAllocatedVUs: 2,
    maxVUs: 10,
  },
  { executor: 'externally-controlled', vus: 3, maxVUs: 5, duration: 3000 },
];

for (const settings of SCENARIOS) {
  test(`${settings.executor}: nothing starts during a pause, all that follows shifts by it, nothing is lost`, async () => {
    const plain = await runLab(settings, { iterationMs: 130 });
    const run = startLab(settings, { iterationMs: 130 });
    const { host } = run;
    await host.world.advanceTo(PAUSE_FROM);
    host.clock.pause();
    const before = host.record.length;
    await host.world.advanceTo(PAUSE_FROM + PAUSE_MS);
    assert.equal(host.record.length, before, 'nothing starts');
    assert.ok(
      host.record.every(({ endMs }) => endMs <= PAUSE_FROM + 130),
      'what was in progress goes on',
    );
    host.clock.resume();
    await host.world.runAll();
    assert.equal(host.dropped, plain.host.dropped);
    // What was in progress may end within the pause: loops go on a little earlier after it, by less than an iteration.
    const [starts, plainStarts] = [host.record, plain.host.record].map((record) =>
      record.map(({ startMs }) => startMs),
    );
    assert.ok(Math.abs(starts!.length - plainStarts!.length) <= 5, `${starts!.length} and ${plainStarts!.length}`);
    for (const start of starts!.slice(before)) assert.ok(start >= PAUSE_FROM + PAUSE_MS);
    if (settings.executor.endsWith('arrival-rate')) {
      const shifted = plainStarts!.map((ms) => (ms > PAUSE_FROM ? ms + PAUSE_MS : ms));
      assert.equal(starts!.length, shifted.length);
      for (const [i, ms] of starts!.entries()) assert.ok(Math.abs(ms - shifted[i]!) < 1e-6, `${ms} for ${shifted[i]}`);
    }
    assert.ok(run.doneMs >= plain.doneMs + PAUSE_MS - 131 && run.doneMs <= plain.doneMs + PAUSE_MS + 131);
    assert.equal(host.lent, 0);
  });
}

test('a scenario that is stopped while it is paused ends', async () => {
  const run = startLab({ executor: 'constant-vus', vus: 2, duration: 3000 }, { iterationMs: 130 });
  await run.host.world.advanceTo(1000);
  run.host.clock.pause();
  await run.host.world.advanceTo(2000);
  run.executor.stop();
  run.host.clock.resume();
  await run.host.world.runAll();
  assert.equal(run.doneMs, 2000);
});
