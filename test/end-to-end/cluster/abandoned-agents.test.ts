// Agents that nobody leads any more: they end the load by themselves, and what they have measured is on record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import {
  assertCounted,
  assertEachOnce,
  assertSetupOnce,
  beginEndless,
  ClusterLab,
  keptRuns,
  numberedScript,
} from './cluster-lab.ts';

const VUS = 6;
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  // Far longer than the signs of life of who leads are apart, also on a busy machine.
  await lab.startAgents(3, ['--stop-without-lead', '10s']);
});
after(() => lab?.close());

test('nobody leads for long: the load ends, the first agent that is there runs teardown, and all take the next test', {
  skip: NO_NATS,
}, async () => {
  const run = await beginEndless(lab, 'left', VUS);
  const [first, ...others] = lab.agents;
  first!.child.kill('SIGKILL');
  await run.printed(/the agent agent-1 was lost: its process is gone/);
  run.child.kill('SIGKILL');
  await run.ended;
  const [id] = keptRuns(lab);
  await Promise.all(others.map((agent) => agent.printed(new RegExp(`the run ${id} is over`))));
  assertSetupOnce(lab, 'left');
  const made = lab.asked('/left/iteration/').size;
  const next = await lab.run(numberedScript('next', { iterations: 60, vus: VUS }), ['--agents', '2']).ended;
  assert.equal(next.exit, 0, next.stderr);
  assertEachOnce(lab, 'next', 60);
  // Who leads it after all finds it ended: nothing is done twice.
  const outcome = await lab.command(['cluster', 'attach', id!]).ended;
  assert.equal(outcome.exit, 255, outcome.stderr);
  assert.match(outcome.stderr, /agent-[23]: nobody has led the test for 10s/);
  assertSetupOnce(lab, 'left');
  assert.equal(lab.asked('/left/iteration/').size, made);
  // What the lost one had measured and not reported yet is gone with it: twenty iterations a second.
  assertCounted(lab, 'left', outcome, VUS + 3 * 20);
});
