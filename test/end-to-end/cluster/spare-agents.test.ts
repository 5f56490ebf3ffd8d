// Agents that wait to take over the share of those that are lost, in the middle of a test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import {
  assertSetupOnce,
  assertStartedTogether,
  ClusterLab,
  keptRuns,
  metricsOf,
  numberedScript,
} from './cluster-lab.ts';

const options = { skip: NO_NATS };
const RATE = 60;
/** Numbers of whoever takes a share over begin there. */
const TAKEN_OVER = 1_000_000_000;
let lab: ClusterLab;

before(async () => {
  if (!NO_NATS) lab = await ClusterLab.open();
});
after(() => lab?.close());

/** Starts that many agents for a test of its own. */
async function startGroup(name: string, count: number): Promise<(agent: string) => Command> {
  const first = lab.agents.length;
  await lab.startAgents(count, ['--group', name]);
  return (agent) => {
    const at = Array.from({ length: count }, (_, index) => `agent-${first + index + 1}`).indexOf(agent);
    assert.ok(at >= 0, agent);
    return lab.agents[first + at]!;
  };
}

/** Arrivals at a rate, which goes by time, until it is told to end. */
function arrivals(name: string, seconds: number): string {
  return numberedScript(name).replace(
    /scenarios: \{.*\},\n/,
    `scenarios: { all: { executor: 'constant-arrival-rate', rate: ${RATE}, duration: '${seconds}s', preAllocatedVUs: 12 } },\n`,
  );
}

const numbersOf = (name: string): number[] =>
  [...lab.asked(`/${name}/iteration/`).keys()].map((one) => Number(one.split('/').at(-1)));

/** Each agent of three makes every third arrival: how many of each third were made. */
function assertOnceAndReplaced(name: string, spare: string, log: string): void {
  assert.deepEqual(
    [...lab.asked(`/${name}/iteration/`)].filter(([, count]) => count !== 1),
    [],
  );
  assertSetupOnce(lab, name);
  const taken = numbersOf(name).filter((number) => number >= TAKEN_OVER);
  assert.ok(taken.length > 0, log);
  // One share of three, and nobody else's.
  assert.equal(new Set(taken.map((number) => number % 3)).size, 1);
  assert.match(log, /agent-\d+ was lost: its process is gone; another one takes over 1\/3 of the load/);
  assert.match(log, /1\/3 of the load was missing from second \d+ to \d+ of the test, then it was taken over/);
  assert.match(log, new RegExp(`${spare}: [1-9]\\d* iterations`));
}

test('a spare agent takes over the share of one that is killed, and the test passes', options, async () => {
  const agentOf = await startGroup('spare', 4);
  const run = lab.run(arrivals('spare', 16), [
    ...['--agents', '3', '--spares', '1', '--on-agent-loss', 'replace'],
    ...['--agents-wait', '20s', '--agent-group', 'spare'],
  ]);
  await until(() => numbersOf('spare').length > RATE, 'load');
  agentOf('agent-2').child.kill('SIGKILL');
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assertOnceAndReplaced('spare', 'agent-4', outcome.stderr);
  const made = metricsOf(outcome)['iterations']!['count']!;
  // What the killed one had measured and not reported yet is gone with it.
  assert.ok(made <= numbersOf('spare').length && made > numbersOf('spare').length - 3 * RATE, `${made}`);
});

test('whoever leads dies after that: who leads on has the same agents, and the same sums', options, async () => {
  const agentOf = await startGroup('handed', 5);
  const name = (index: number) => `agent-${4 + index}`;
  const run = lab.run(arrivals('handed', 20), [
    ...['--agents', '3', '--spares', '2', '--on-agent-loss', 'replace'],
    ...['--agents-wait', '20s', '--agent-group', 'handed'],
  ]);
  await until(() => numbersOf('handed').length > RATE, 'load');
  // One of the spare ones, and the first of all: it has made setup, and whoever reads the script stands beside it.
  agentOf(name(4)).child.kill('SIGKILL');
  agentOf(name(1)).child.kill('SIGKILL');
  await run.printed(/then it was taken over/);
  run.child.kill('SIGKILL');
  await run.ended;
  const outcome = await lab.command(['cluster', 'attach', keptRuns(lab)[0]!]).ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assertOnceAndReplaced('handed', name(5), outcome.stderr);
  const made = metricsOf(outcome)['iterations']!['count']!;
  assert.ok(made <= numbersOf('handed').length && made > numbersOf('handed').length - 3 * RATE, `${made}`);
});

test('a spare agent that whoever leads on appoints goes on in the middle of the plan', options, async () => {
  const agentOf = await startGroup('late', 4);
  // Long enough for any machine: it is stopped.
  const run = lab.run(arrivals('late', 600), [
    ...['--agents', '3', '--spares', '1', '--on-agent-loss', 'replace'],
    ...['--agents-wait', '20s', '--agent-group', 'late'],
  ]);
  await until(() => numbersOf('late').length > RATE, 'load');
  run.child.kill('SIGKILL');
  await run.ended;
  const second = lab.command(['cluster', 'attach', keptRuns(lab)[0]!]);
  agentOf(`agent-${lab.agents.length - 2}`).child.kill('SIGKILL');
  await second.printed(/then it was taken over/);
  await until(() => numbersOf('late').some((number) => number >= TAKEN_OVER), 'load of the spare agent');
  // By the moment at which its scenario began for it, its plan ends with that of the others.
  assertStartedTogether(lab, 'late');
  second.child.kill('SIGINT');
  const outcome = await second.ended;
  assert.equal(outcome.exit, 105, outcome.stderr);
  assertOnceAndReplaced('late', `agent-${lab.agents.length}`, outcome.stderr);
});

test(
  'a number of iterations cannot be taken over: what is missing is named, and the exit code is 109',
  options,
  async () => {
    const agentOf = await startGroup('counted', 3);
    const run = lab.run(numberedScript('counted', { iterations: 240, vus: 6, pause: 0.1 }), [
      ...['--agents', '2', '--on-agent-loss', 'replace', '--agents-wait', '20s', '--agent-group', 'counted'],
    ]);
    await until(() => numbersOf('counted').length > 60, 'load');
    agentOf(`agent-${lab.agents.length - 1}`).child.kill('SIGKILL');
    const outcome = await run.ended;
    assert.equal(outcome.exit, 109, outcome.stderr);
    assert.match(outcome.stderr, /1\/2 of the load is missing from second \d+/);
    assert.ok(numbersOf('counted').every((number) => number < 240));
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
