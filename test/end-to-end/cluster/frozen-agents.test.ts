// Agents that stand still: for a while, and for longer than they may.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import { ClusterLab, keptRuns, numberedScript, OVER_EIGHT, signalMachine } from './cluster-lab.ts';
import { assertOnlyLostMissing, assertUnharmed, samplesTo } from './folded-twice.ts';

const options = { skip: NO_NATS };
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(8);
});
after(() => lab?.close());

/** Begins a run over eight agents, and waits until the load is on. */
async function begin(name: string, flags: readonly string[]): Promise<Command> {
  const run = lab.run(numberedScript(name, { pause: 0.1 }), [...OVER_EIGHT, ...flags]);
  await until(() => lab.asked(`/${name}/iteration/`).size > 800, 'load');
  return run;
}

test('an agent that stands still for less than its time loses nothing', options, async () => {
  const run = await begin('paused', ['--agent-timeout', '60s', ...samplesTo(lab, 'paused')]);
  const { pid } = lab.agents[4]!.child;
  signalMachine(pid!, 'SIGSTOP');
  const stoppedAt = performance.now();
  const made = (): number => lab.asked('/paused/iteration/').size;
  const before = made();
  await until(() => made() > before + 100 && performance.now() - stoppedAt > 3000, 'load of the others');
  signalMachine(pid!, 'SIGCONT');
  await assertUnharmed(lab, 'paused', run);
});

test('an agent that freezes is lost after its time, and stops itself when it comes to again', options, async () => {
  const run = await begin('frozen', ['--agent-timeout', '8s']);
  const [id] = keptRuns(lab);
  const agent = lab.agents[6]!;
  signalMachine(agent.child.pid!, 'SIGSTOP');
  const { firstLog } = await assertOnlyLostMissing(lab, 'frozen', run);
  assert.match(firstLog, /was lost: nothing was heard of it for \d+ s/);
  signalMachine(agent.child.pid!, 'SIGCONT');
  await agent.printed(new RegExp(`the run ${id} is over`));
});
