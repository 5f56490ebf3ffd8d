// Agents that die, freeze and come back while a test runs: what was measured stands, and what is missing is named.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import {
  assertEachOnce,
  assertSetupOnce,
  ClusterLab,
  loadProcessOf,
  numberedScript,
  OVER_EIGHT,
} from './cluster-lab.ts';
import { assertOnlyLostMissing } from './folded-twice.ts';

const options = { skip: NO_NATS };
const ITERATIONS = 4000;
const AGENTS = 8;
let lab: ClusterLab;
/** Those that take part, by their places in the lab; a dead one has a successor in the next test. */
let alive: number[] = [];

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(AGENTS);
  alive = Array.from({ length: AGENTS }, (_, index) => index);
});
after(() => lab?.close());

/** Begins a run over eight agents, and waits until the load is on. */
async function begin(name: string, flags: readonly string[] = []): Promise<Command> {
  if (alive.length < AGENTS) {
    alive.push(lab.agents.length);
    await lab.startAgents(1);
  }
  const run = lab.run(numberedScript(name, { pause: 0.1 }), [...OVER_EIGHT, ...flags]);
  await until(() => lab.asked(`/${name}/iteration/`).size > ITERATIONS / 4, 'load');
  return run;
}

/** The agent that something befalls. */
function victim(): Command {
  return lab.agents[alive.at(-1)!]!;
}

function kill(agent: Command): void {
  alive.pop();
  agent.child.kill('SIGKILL');
}

test(
  'an agent that is killed is named long before its silence would tell, and the exit code is 109',
  options,
  async () => {
    const run = await begin('killed', ['--agent-timeout', '60s']);
    kill(victim());
    const { firstLog, outcome } = await assertOnlyLostMissing(lab, 'killed', run);
    const line = /the agent agent-\d+ was lost: its process is gone; 1\/8 of the load is missing from second \d+/;
    assert.match(firstLog, line);
    assert.match(outcome.stderr, line);
  },
);

test('what kills the load of an agent names its share, and the agent takes the next test', options, async () => {
  const run = await begin('crashed');
  const agent = victim();
  process.kill(loadProcessOf(agent.child.pid!), 'SIGKILL');
  const { firstLog } = await assertOnlyLostMissing(lab, 'crashed', run);
  assert.match(firstLog, /agent-\d+.*the process of its load ended unexpectedly \(signal SIGKILL\)/);
  assert.equal(agent.child.exitCode, null);
  const next = await lab.run(numberedScript('next', { iterations: 80, vus: 8 }), OVER_EIGHT).ended;
  assert.equal(next.exit, 0, next.stderr);
  assertEachOnce(lab, 'next', 80);
});

test('with --on-agent-loss stop the test ends when one is lost', options, async () => {
  const run = await begin('stopped', ['--on-agent-loss', 'stop']);
  kill(victim());
  const outcome = await run.ended;
  assert.equal(outcome.exit, 109, outcome.stderr);
  assertSetupOnce(lab, 'stopped');
  assert.ok(lab.asked('/stopped/iteration/').size < ITERATIONS);
});
