import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterLab } from '../test/end-to-end/cluster/cluster-lab.ts';
import { NO_NATS } from '../test/servers/spawn-nats.ts';
import { pinAgents, runOverAgents } from './micro/two-agents.ts';

test('two agents do their parts as one does its own: every iteration once, every request in the log of the server', {
  skip: NO_NATS,
}, async (t) => {
  const lab = await ClusterLab.open();
  try {
    await lab.startAgents(2);
    pinAgents(lab);
    const iterations = 24;
    const one = await runOverAgents(lab, 1, iterations);
    const two = await runOverAgents(lab, 2, iterations);
    for (const [agents, run] of [
      [1, one],
      [2, two],
    ] as const) {
      const all = agents * iterations;
      assert.deepEqual([run.iterations, run.requests, run.logged], [all, all, all]);
    }
    // How much faster depends on what else the machine does: docs/performance.md has what it was under real-time priority.
    t.diagnostic(`two agents were ${(two.rate / one.rate).toFixed(2)} times as fast as one`);
  } finally {
    await lab.close();
  }
});
