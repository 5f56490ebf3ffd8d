// Agents that take over the share of lost ones, while somebody else takes over who leads.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { assertStartedTogether, ClusterLab, keptRuns, metricsOf } from './cluster-lab.ts';
import { SpareGroup, TAKEN_OVER } from './spare-lab.ts';

const options = { skip: NO_NATS };
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
});
after(() => lab?.close());

test('whoever leads dies after that: who leads on has the same agents, and the same sums', options, async () => {
  const group = await SpareGroup.start(lab, 'handed', 5);
  const run = group.run(20, ['--agents', '3', '--spares', '2']);
  await until(() => group.isUnderWay, 'load');
  // One of the spare ones, and the first of all: it has made setup, and whoever reads the script stands beside it.
  group.kill(4);
  group.kill(1);
  await run.printed(/then it was taken over/);
  run.child.kill('SIGKILL');
  await run.ended;
  const outcome = await lab.command(['cluster', 'attach', keptRuns(lab)[0]!]).ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  group.assertReplaced(5, outcome.stderr);
  group.assertCounted(metricsOf(outcome)['iterations']!['count']!);
});

/** As if whoever leads on did so on a machine whose clock is an hour ahead. */
const HOUR_AHEAD = {
  NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'skewed-clock.fixture.ts')}`,
  CLOCK_AHEAD_MS: '3600000',
};

test(
  'a spare agent that whoever leads on appoints goes on in the middle of the plan, whatever its clock says',
  options,
  async () => {
    const group = await SpareGroup.start(lab, 'late', 4);
    // Long enough for any machine: it is stopped.
    const run = group.run(600, ['--agents', '3', '--spares', '1']);
    await until(() => group.isUnderWay, 'load');
    run.child.kill('SIGKILL');
    await run.ended;
    const second = lab.command(['cluster', 'attach', keptRuns(lab)[0]!], HOUR_AHEAD);
    group.kill(2);
    await second.printed(/then it was taken over/);
    await until(() => group.numbers.some((number) => number >= TAKEN_OVER), 'load of the spare agent');
    // By the moment at which its scenario began for it, its plan ends with that of the others.
    assertStartedTogether(lab, 'late');
    second.child.kill('SIGINT');
    const outcome = await second.ended;
    assert.equal(outcome.exit, 105, outcome.stderr);
    // By its own time the test has lasted for less than a minute or two, and not for an hour.
    const { count, rate } = metricsOf(outcome)['iterations'] as { count: number; rate: number };
    assert.ok(count / rate < 600, `${count / rate} s`);
    group.assertReplaced(4, outcome.stderr);
  },
);
