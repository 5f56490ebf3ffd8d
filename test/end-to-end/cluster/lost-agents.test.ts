// Agents that die, freeze and come back while a test runs: what was measured stands, and what is missing is named.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import {
  assertEachOnce,
  assertSetupOnce,
  ClusterLab,
  loadProcessOf,
  metricsOf,
  numberedScript,
  signalMachine,
} from './cluster-lab.ts';

const options = { skip: NO_NATS };
const ITERATIONS = 600;
let lab: ClusterLab;

before(async () => {
  if (!NO_NATS) lab = await ClusterLab.open();
});
after(() => lab?.close());

/** Starts three agents and a run over them, and waits until the load is on. */
async function begin(name: string, flags: readonly string[] = []): Promise<ReturnType<ClusterLab['run']>> {
  const group = ['--group', name];
  await lab.startAgents(3, group);
  const script = numberedScript(name, { iterations: ITERATIONS, vus: 9, pause: 0.1 });
  const run = lab.run(script, ['--agents', '3', '--agents-wait', '20s', '--agent-group', name, ...flags]);
  await until(() => lab.asked(`/${name}/iteration/`).size > ITERATIONS / 4, 'load');
  return run;
}

/** @throws AssertionError where a number came twice, or one is missing that was not the lost agent's */
function assertOnlyLostMissing(name: string): { madeByOthers: number } {
  const numbers = lab.asked(`/${name}/iteration/`);
  assert.ok([...numbers.values()].every((count) => count === 1));
  const missing = ITERATIONS - numbers.size;
  assert.ok(missing > 0 && missing < ITERATIONS / 3, `${missing} are missing`);
  // Of three agents each has every third number.
  const parts = new Set<number>();
  for (let number = 0; number < ITERATIONS; number++)
    if (!numbers.has(`/${name}/iteration/${number}`)) parts.add(number % 3);
  assert.equal(parts.size, 1);
  assertSetupOnce(lab, name);
  return { madeByOthers: ITERATIONS - ITERATIONS / 3 };
}

test(
  'an agent that is killed is named long before its silence would tell, the others go on, and the exit code is 109',
  options,
  async () => {
    const run = await begin('killed', ['--agent-timeout', '60s']);
    const killedAt = performance.now();
    lab.agents.at(-1)!.child.kill('SIGKILL');
    await run.printed(/the agent agent-\d was lost: its process is gone; 1\/3 of the load is missing/);
    assert.ok(performance.now() - killedAt < 30_000);
    const outcome = await run.ended;
    assert.equal(outcome.exit, 109, outcome.stderr);
    const { madeByOthers } = assertOnlyLostMissing('killed');
    const made = metricsOf(outcome)['iterations']!['count']!;
    const seen = lab.asked('/killed/iteration/').size;
    // What the agent had measured and not reported yet is gone with it.
    assert.ok(made <= seen && made >= madeByOthers, `${made} of ${seen}`);
  },
);

test('what kills the load of an agent names its share, and the agent takes the next test', options, async () => {
  const run = await begin('crashed');
  const agent = lab.agents.at(-1)!;
  process.kill(loadProcessOf(agent.child.pid!), 'SIGKILL');
  await run.printed(/agent-\d.*the process of its load ended unexpectedly \(signal SIGKILL\)/);
  const outcome = await run.ended;
  assert.equal(outcome.exit, 109, outcome.stderr);
  assertOnlyLostMissing('crashed');
  assert.equal(agent.child.exitCode, null);
  const flags = ['--agents', '3', '--agents-wait', '20s', '--agent-group', 'crashed'];
  const next = await lab.run(numberedScript('next', { iterations: 30, vus: 3 }), flags).ended;
  assert.equal(next.exit, 0, next.stderr);
  assertEachOnce(lab, 'next', 30);
});

test('an agent that freezes is lost after its time, and stops itself when it comes to again', options, async () => {
  const run = await begin('frozen', ['--agent-timeout', '8s']);
  const agent = lab.agents.at(-1)!;
  signalMachine(agent.child.pid!, 'SIGSTOP');
  await run.printed(/was lost: nothing was heard of it for \d+ s/);
  const outcome = await run.ended;
  assert.equal(outcome.exit, 109, outcome.stderr);
  assertOnlyLostMissing('frozen');
  signalMachine(agent.child.pid!, 'SIGCONT');
  await agent.printed(/the run \w+ is over/);
});

test('with --on-agent-loss stop the test ends when one is lost', options, async () => {
  const run = await begin('stopped', ['--on-agent-loss', 'stop']);
  lab.agents.at(-1)!.child.kill('SIGKILL');
  const outcome = await run.ended;
  assert.equal(outcome.exit, 109, outcome.stderr);
  assertSetupOnce(lab, 'stopped');
  assert.ok(lab.asked('/stopped/iteration/').size < ITERATIONS);
});

test('an agent that stands still for less than its time loses nothing', options, async () => {
  const run = await begin('paused', ['--agent-timeout', '30s']);
  const agent = lab.agents.at(-1)!;
  signalMachine(agent.child.pid!, 'SIGSTOP');
  const stoppedAt = performance.now();
  const others = (): number => lab.asked('/paused/iteration/').size;
  const before = others();
  await until(() => others() > before + 20 && performance.now() - stoppedAt > 3000, 'load of the others');
  signalMachine(agent.child.pid!, 'SIGCONT');
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assert.equal(others(), ITERATIONS);
  assert.equal(metricsOf(outcome)['iterations']!['count'], ITERATIONS);
  assertSetupOnce(lab, 'paused');
});
