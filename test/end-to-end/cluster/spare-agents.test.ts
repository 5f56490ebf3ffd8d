// Agents that wait to take over the share of those that are lost, in the middle of a test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { assertSetupOnce, ClusterLab, metricsOf, numberedScript } from './cluster-lab.ts';
import { REPLACE, SpareGroup } from './spare-lab.ts';

const options = { skip: NO_NATS };
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
});
after(() => lab?.close());

test('a spare agent takes over the share of one that is killed, and the test passes', options, async () => {
  const group = await SpareGroup.start(lab, 'spare', 4);
  const run = group.run(16, ['--agents', '3', '--spares', '1']);
  await until(() => group.isUnderWay, 'load');
  group.kill(2);
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  group.assertReplaced(4, outcome.stderr);
  group.assertCounted(metricsOf(outcome)['iterations']!['count']!);
});

test(
  'a number of iterations cannot be taken over: what is missing is named, and the exit code is 109',
  options,
  async () => {
    const group = await SpareGroup.start(lab, 'counted', 3);
    const run = lab.run(numberedScript('counted', { iterations: 240, vus: 6, pause: 0.1 }), [
      ...['--agents', '2', ...REPLACE, '--agent-group', 'counted'],
    ]);
    await until(() => group.isUnderWay, 'load');
    group.kill(2);
    const outcome = await run.ended;
    assert.equal(outcome.exit, 109, outcome.stderr);
    assert.match(outcome.stderr, /1\/2 of the load is missing from second \d+/);
    assert.ok(group.numbers.every((number) => number < 240));
    assertSetupOnce(lab, 'counted');
  },
);

test('spare agents are for those that are to be replaced, and are found before any load', options, async () => {
  const cases: [readonly string[], RegExp][] = [
    [['--spares', '1'], /--spares needs --on-agent-loss replace/],
    [['--spares', '0', '--on-agent-loss', 'replace'], /--on-agent-loss replace needs an agent that is spare/],
    [['--spares', 'x', '--on-agent-loss', 'replace'], /--spares x: it must be a whole number from 0/],
    [
      ['--on-agent-loss', 'replace', '--agent-group', 'nobody', '--agents-wait', '1s'],
      /the test needs 3 agents \(2, and 1 that is spare\) of the group .*nobody/,
    ],
  ];
  for (const [flags, message] of cases) {
    const outcome = await lab.run(numberedScript('refused'), ['--agents', '2', ...flags]).ended;
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
});
