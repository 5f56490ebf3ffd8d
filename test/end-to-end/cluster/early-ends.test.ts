// A test over several agents that cannot begin, or ends early, does so as on one machine.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { assertEachOnce, ClusterLab, keptRuns, numberedScript } from './cluster-lab.ts';

const AGENTS = ['--agents', '3', '--agents-wait', '20s'];
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(3);
});

after(() => lab?.close());

const options = { skip: NO_NATS };

test('what a script throws on agents ends as on one machine', options, async () => {
  const failing = await lab.run(
    `export const options = { iterations: 3 };
     export function setup() { throw new Error('no start today'); }
     export default function () {}`,
    AGENTS,
  ).ended;
  assert.equal(failing.exit, 107, failing.stderr);
  assert.match(failing.stderr, /no start today/);
  assert.match(failing.stderr, /script-\d+\.js:2/);
  const aborted = await lab.run(
    `import exec from 'k6/execution';
     import { sleep } from 'k6';
     export const options = { vus: 3, duration: '60s' };
     export default function () {
       if (exec.vu.idInTest === 2) exec.test.abort('enough of it');
       sleep(0.2);
     }`,
    AGENTS,
  ).ended;
  assert.equal(aborted.exit, 108, aborted.stderr);
  assert.match(aborted.stderr, /enough of it/);
});

test(
  'init code that fails is known before any agent has anything to do, and one that fails on an agent names it',
  options,
  async () => {
    const failing = await lab.run(`throw new Error('bad start'); export default function () {}`, AGENTS).ended;
    assert.equal(failing.exit, 107, failing.stderr);
    assert.match(failing.stderr, /bad start/);
    // Agents make virtual users, and this machine does not.
    const there = await lab.run(
      `if (__VU === 1) throw new Error('not for the first');
     export const options = { vus: 3, iterations: 3 };
     export default function () {}`,
      AGENTS,
    ).ended;
    assert.equal(there.exit, 107, there.stderr);
    assert.match(there.stderr, /agent-\d: .*not for the first/);
  },
);

test('too few agents end the test before any load, with what was found', options, async () => {
  const outcome = await lab.run(numberedScript('few'), ['--agents', '5', '--agents-wait', '5s']).ended;
  assert.equal(outcome.exit, 255, outcome.stderr);
  assert.match(outcome.stderr, /needs 5 agents.*only 3 \(agent-1, agent-2, agent-3\)/);
  assert.equal(lab.asked('/few/').size, 0);
  const group = await lab.run(numberedScript('few'), ['--agents', '1', '--agent-group', 'eu', '--agents-wait', '5s'])
    .ended;
  assert.equal(group.exit, 255, group.stderr);
  assert.match(group.stderr, /of the group .*eu.*there are none/);
  assert.match(group.stderr, /agent-2: it is of the group .*default/);
});

test('what cannot go with agents is refused, and so is a server that is not there', options, async () => {
  for (const [flags, message] of [
    [['--workers', '2'], /--workers .* does not go with --agents/],
    [['--execution-segment', '0:1/2'], /an execution segment .* does not go with --agents/],
  ] as const) {
    const outcome = await lab.run(numberedScript('refused'), [...AGENTS, ...flags]).ended;
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
  const nowhere = await lab.run(numberedScript('refused'), [...AGENTS, '--nats', 'nats://127.0.0.1:1']).ended;
  assert.equal(nowhere.exit, 255, nowhere.stderr);
  assert.match(nowhere.stderr, /NATS at nats:\/\/127\.0\.0\.1:1 cannot be reached/);
});

test('a run that nobody leads is listed, and can be removed: its agents are free again', options, async () => {
  const first = lab.run(numberedScript('removed', { pause: 0.1, iterations: 2000, vus: 20 }), AGENTS);
  await until(() => lab.asked('/removed/iteration/').size > 100, 'load');
  first.child.kill('SIGKILL');
  await first.ended;
  const [run] = keptRuns(lab);
  const listed = await lab.command(['cluster', 'status', '--nats', lab.nats.url]).ended;
  assert.match(listed.stdout, new RegExp(`run: "?${run}"?[^]*led: false[^]*agents: 3`), listed.stderr);
  const busy = await lab.command(['cluster', 'agents', '--nats', lab.nats.url]).ended;
  assert.equal(busy.stdout.split(run!).length, 4, busy.stdout);
  const removed = await lab.command(['cluster', 'rm', run!, '--nats', lab.nats.url]).ended;
  assert.equal(removed.exit, 0, removed.stderr);
  const none = await lab.command(['cluster', 'status', '--nats', lab.nats.url]).ended;
  assert.equal(none.stdout, 'there are no runs\n');
  const next = await lab.run(numberedScript('next', { iterations: 20, vus: 4 }), AGENTS).ended;
  assert.equal(next.exit, 0, next.stderr);
  assertEachOnce(lab, 'next', 20);
});
