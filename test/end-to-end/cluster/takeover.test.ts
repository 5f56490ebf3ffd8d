// Whoever leads a run may die: another one leads it on, and nothing is done twice or lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import { assertEachOnce, ClusterLab, keptRuns, metricsOf, numberedScript, OVER_EIGHT } from './cluster-lab.ts';
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

/** Begins a run and waits until the load is on. */
async function begin(name: string): Promise<Command> {
  const run = lab.run(numberedScript(name, { pause: 0.1 }), [...OVER_EIGHT, ...samplesTo(lab, name)]);
  await until(() => lab.asked(`/${name}/iteration/`).size > ITERATIONS / 5, 'load');
  return run;
}

function attach(): Command {
  const [run] = keptRuns(lab);
  assert.ok(run !== undefined);
  return lab.command(['cluster', 'attach', run]);
}

test(
  'whoever leads is killed and another one leads on: each number once, setup and teardown once, all of it counted',
  options,
  async () => {
    const first = await begin('killed');
    first.child.kill('SIGKILL');
    await first.ended;
    await assertUnharmed(lab, 'killed', attach());
  },
);

test('NATS and whoever leads are killed at once: the same', options, async () => {
  const first = await begin('both');
  first.child.kill('SIGKILL');
  await lab.nats.kill();
  await first.ended;
  await lab.nats.restart();
  await assertUnharmed(lab, 'both', attach());
});

test('of two that lead the older one ends, and says why', options, async () => {
  const first = await begin('two');
  const second = attach();
  const older = await first.ended;
  assert.equal(older.exit, 255, older.stderr);
  assert.match(older.stderr, /somebody else leads the run/);
  // Both make a summary, in any order: here nobody is asked twice.
  const newer = await second.ended;
  assert.equal(newer.exit, 0, newer.stderr);
  assertEachOnce(lab, 'two');
  const metrics = metricsOf(newer);
  assert.equal(metrics['iterations']!['count'], ITERATIONS);
  assert.deepEqual(metrics['numbers'], { ...metrics['numbers'], count: ITERATIONS, min: 0, max: ITERATIONS - 1 });
});
