// Whoever leads a run may die: another one leads it on, and nothing is done twice or lost.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import { assertEachOnce, ClusterLab, metricsOf, numberedScript } from './cluster-lab.ts';

const options = { skip: NO_NATS };
const AGENTS = ['--agents', '2', '--agents-wait', '20s'];
const ITERATIONS = 2000;
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(2);
});
after(() => lab?.close());

/** Begins a run and waits until the load is on. */
async function begin(name: string): Promise<Command> {
  const run = lab.run(numberedScript(name, { pause: 0.1, iterations: ITERATIONS, vus: 20 }), AGENTS);
  await until(() => lab.asked(`/${name}/iteration/`).size > ITERATIONS / 5, 'load');
  return run;
}

/** The runs that this machine could lead on. */
function keptRuns(): string[] {
  return readdirSync(path.join(lab.stateFolder, 'sixfold/runs')).map((file) => path.basename(file, '.json'));
}

function attach(): Command {
  const [run] = keptRuns();
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
    const second = await attach().ended;
    assert.equal(second.exit, 0, second.stderr);
    assertEachOnce(lab, 'killed', ITERATIONS);
    const metrics = metricsOf(second);
    assert.equal(metrics['iterations']!['count'], ITERATIONS);
    assert.equal(metrics['http_reqs']!['count'], ITERATIONS + 2 + 20);
    assert.deepEqual(metrics['numbers'], { ...metrics['numbers'], count: ITERATIONS, min: 0, max: ITERATIONS - 1 });
    assert.deepEqual(keptRuns(), []);
  },
);

test('NATS and whoever leads are killed at once: the same', options, async () => {
  const first = await begin('both');
  first.child.kill('SIGKILL');
  await lab.nats.kill();
  await first.ended;
  await lab.nats.restart();
  const second = await attach().ended;
  assert.equal(second.exit, 0, second.stderr);
  assertEachOnce(lab, 'both', ITERATIONS);
  assert.equal(metricsOf(second)['iterations']!['count'], ITERATIONS);
});

test('of two that lead the older one ends, and says why', options, async () => {
  const first = await begin('two');
  const second = attach();
  const older = await first.ended;
  assert.equal(older.exit, 255, older.stderr);
  assert.match(older.stderr, /somebody else leads the run/);
  const newer = await second.ended;
  assert.equal(newer.exit, 0, newer.stderr);
  assertEachOnce(lab, 'two', ITERATIONS);
  assert.equal(metricsOf(newer)['iterations']!['count'], ITERATIONS);
});

test('a run that nobody leads is listed, and can be removed: its agents are free again', options, async () => {
  const first = await begin('removed');
  first.child.kill('SIGKILL');
  await first.ended;
  const [run] = keptRuns();
  const listed = await lab.command(['cluster', 'status', '--nats', lab.nats.url]).ended;
  assert.match(listed.stdout, new RegExp(`run: "?${run}"?[^]*led: false[^]*agents: 2`), listed.stderr);
  const busy = await lab.command(['cluster', 'agents', '--nats', lab.nats.url]).ended;
  assert.equal(busy.stdout.split(run!).length, 3, busy.stdout);
  const removed = await lab.command(['cluster', 'rm', run!, '--nats', lab.nats.url]).ended;
  assert.equal(removed.exit, 0, removed.stderr);
  const none = await lab.command(['cluster', 'status', '--nats', lab.nats.url]).ended;
  assert.equal(none.stdout, 'there are no runs\n');
  const next = await lab.run(numberedScript('next', { iterations: 20, vus: 4 }), AGENTS).ended;
  assert.equal(next.exit, 0, next.stderr);
  assertEachOnce(lab, 'next', 20);
});
