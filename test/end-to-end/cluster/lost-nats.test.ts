// NATS goes away while a test runs and comes back: the load goes on, and nothing that was measured is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import { ClusterLab, keptRuns, metricsOf, numberedScript, OVER_EIGHT } from './cluster-lab.ts';
import { assertUnharmed, samplesTo } from './folded-twice.ts';

const options = { skip: NO_NATS };
const ITERATIONS = 4000;
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(8);
});
after(() => lab?.close());

/** Begins a run over all agents, and waits for so many iterations. */
async function begin(name: string, made: number, flags: readonly string[] = []): Promise<Command> {
  const run = lab.run(numberedScript(name, { pause: 0.1 }), [...OVER_EIGHT, ...samplesTo(lab, name), ...flags]);
  await until(() => lab.asked(`/${name}/iteration/`).size > made, 'load');
  return run;
}

test('NATS is killed for 4 s in the middle: each of 4,000 numbers once, and each is counted', options, async () => {
  const run = await begin('restart', 800);
  await lab.nats.kill();
  const before = lab.asked('/restart/iteration/').size;
  await wait(4000);
  assert.ok(lab.asked('/restart/iteration/').size > before, 'the load goes on');
  await lab.nats.restart();
  const { firstLog } = await assertUnharmed(lab, 'restart', run);
  assert.match(firstLog, /NATS is gone/);
  assert.match(firstLog, /NATS is back/);
});

test('NATS is gone when the load ends: what was measured comes once it is back', options, async () => {
  const run = await begin('late', 2000);
  await lab.nats.kill();
  await until(() => lab.asked('/late/iteration/').size === ITERATIONS, 'the end of the load');
  await lab.nats.restart();
  await assertUnharmed(lab, 'late', run);
});

test(
  'NATS stays away: the test is given up with what was measured, and led to its end once it is back',
  options,
  async () => {
    const run = await begin('away', 800, ['--nats-timeout', '3s']);
    await lab.nats.kill();
    const outcome = await run.ended;
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, /NATS has taken nothing for 3 s .*what was measured until it went stands/);
    const counted = metricsOf(outcome)['iterations']!['count']!;
    assert.ok(counted > 0 && counted <= ITERATIONS, `${counted}`);
    await lab.nats.restart();
    const [id] = keptRuns(lab);
    await assertUnharmed(lab, 'away', lab.command(['cluster', 'attach', id!]));
  },
);
