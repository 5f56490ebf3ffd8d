// NATS goes away while a test runs and comes back: the load goes on, and nothing that was measured is lost.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { assertEachOnce, ClusterLab, metricsOf, numberedScript } from './cluster-lab.ts';

const options = { skip: NO_NATS };
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(3);
});
after(() => lab?.close());

test('NATS is killed for 4 s in the middle: each of 4,000 numbers once, and each is counted', options, async () => {
  const run = lab.run(numberedScript('restart', { pause: 0.1 }), ['--agents', '3', '--agents-wait', '20s']);
  await until(() => lab.asked('/restart/iteration/').size > 800, 'load');
  await lab.nats.kill();
  const before = lab.asked('/restart/iteration/').size;
  await wait(4000);
  assert.ok(lab.asked('/restart/iteration/').size > before, 'the load goes on');
  await lab.nats.restart();
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assert.match(outcome.stderr, /NATS is gone/);
  assert.match(outcome.stderr, /NATS is back/);
  assertEachOnce(lab, 'restart');
  const metrics = metricsOf(outcome);
  assert.equal(metrics['iterations']!['count'], 4000);
  assert.deepEqual(metrics['numbers'], { ...metrics['numbers'], count: 4000, min: 0, max: 3999 });
});

test('NATS is gone when the load ends: what was measured comes once it is back', options, async () => {
  const run = lab.run(numberedScript('late', { pause: 0.1, iterations: 2000 }), [
    '--agents',
    '3',
    '--agents-wait',
    '20s',
  ]);
  await until(() => lab.asked('/late/iteration/').size > 1000, 'load');
  await lab.nats.kill();
  await until(() => lab.asked('/late/iteration/').size === 2000, 'the end of the load');
  await lab.nats.restart();
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assertEachOnce(lab, 'late', 2000);
  assert.equal(metricsOf(outcome)['iterations']!['count'], 2000);
});

test(
  'NATS stays away: the test is given up with what was measured, and led to its end once NATS is back',
  options,
  async () => {
    const flags = ['--agents', '3', '--agents-wait', '20s', '--nats-timeout', '3s'];
    const run = lab.run(numberedScript('away', { pause: 0.1, iterations: 2000 }), flags);
    await until(() => lab.asked('/away/iteration/').size > 800, 'load');
    await lab.nats.kill();
    const outcome = await run.ended;
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, /NATS has taken nothing for 3 s .*what was measured until it went stands/);
    const counted = metricsOf(outcome)['iterations']!['count']!;
    assert.ok(counted > 0 && counted <= 2000, `${counted}`);
    await lab.nats.restart();
    const [id] = readdirSync(path.join(lab.stateFolder, 'sixfold/runs')).map((file) => path.basename(file, '.json'));
    const led = await lab.command(['cluster', 'attach', id!]).ended;
    assert.equal(led.exit, 0, led.stderr);
    assertEachOnce(lab, 'away', 2000);
    assert.equal(metricsOf(led)['iterations']!['count'], 2000);
  },
);
