// Agents that cannot reach NATS for so long that nobody could end their load: they end it by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { assertCounted, assertSetupOnce, beginEndless, ClusterLab } from './cluster-lab.ts';

const VUS = 6;
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(3, ['--stop-without-nats', '5s']);
});
after(() => lab?.close());

test('NATS is gone for longer than agents may make load without it: they stop, and the run says so', {
  skip: NO_NATS,
}, async () => {
  const run = await beginEndless(lab, 'cut', VUS);
  await lab.nats.kill();
  await Promise.all(lab.agents.map((agent) => agent.printed(/NATS was gone for 5s/)));
  await lab.nats.restart();
  const outcome = await run.ended;
  assert.equal(outcome.exit, 255, outcome.stderr);
  assert.match(outcome.stderr, /agent-\d: NATS was gone for 5s, so that nobody could stop its load/);
  assertSetupOnce(lab, 'cut');
  assertCounted(lab, 'cut', outcome, VUS);
});
