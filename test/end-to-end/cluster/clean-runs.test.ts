// A test over several agents is as a test on one machine, from setup to the exit code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { assertEachOnce, ClusterLab, metricsOf, numberedScript } from './cluster-lab.ts';

const AGENTS = ['--agents', '3', '--agents-wait', '20s'];
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(3);
});

after(() => lab?.close());

const options = { skip: NO_NATS };

test(
  'each of 4,000 numbered iterations is made once, setup and teardown too, and the numbers are those of one machine',
  options,
  async () => {
    const script = numberedScript('many');
    const outcome = await lab.run(script, AGENTS).ended;
    assert.equal(outcome.exit, 0, outcome.stderr);
    assertEachOnce(lab, 'many');
    const file = lab.scratch.write('alone.js', numberedScript('alone'));
    const alone = await lab.command(['run', '-q', '-e', `TARGET=${lab.target.url}`, file]).ended;
    assert.equal(alone.exit, 0, alone.stderr);
    const [over, here] = [metricsOf(outcome), metricsOf(alone)];
    assert.deepEqual(over['numbers'], here['numbers']);
    assert.deepEqual(over['numbers'], { ...over['numbers'], count: 4000, min: 0, max: 3999 });
    assert.equal(over['iterations']!['count'], 4000);
    // Setup and teardown ask too.
    assert.equal(over['http_reqs']!['count'], 4002);
    assert.deepEqual(Object.keys(over).sort(), Object.keys(here).sort());
  },
);

test(
  'virtual users have numbers of the whole test, and each agent is an instance with a part of all of them',
  options,
  async () => {
    const outcome = await lab.run(
      `import exec from 'k6/execution';
     import http from 'k6/http';
     export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 10, iterations: 3 } } };
     export default function () {
       http.get(__ENV.TARGET + '/users/' + exec.vu.idInTest + '/' + exec.vu.iterationInScenario);
       console.log('of ' + exec.instance.vusInitialized);
     }`,
      AGENTS,
    ).ended;
    assert.equal(outcome.exit, 0, outcome.stderr);
    const users = lab.asked('/users/');
    assert.equal(users.size, 30);
    for (let user = 1; user <= 10; user++)
      for (let round = 0; round < 3; round++) assert.equal(users.get(`/users/${user}/${round}`), 1);
    // 10 over three are 4, 3 and 3; each line names who said it.
    assert.deepEqual([...new Set(outcome.stderr.match(/msg="of \d+" agent=agent-\d/g))].length, 3);
  },
);

test(
  'a threshold that is crossed over all agents stops all of them within 2 s, with its exit code',
  options,
  async () => {
    const run = lab.run(
      `import http from 'k6/http';
     import { sleep } from 'k6';
     import { Counter } from 'k6/metrics';
     const made = new Counter('made');
     export const options = { vus: 6, duration: '60s', thresholds: { made: [{ threshold: 'count<60', abortOnFail: true }] } };
     export default function () {
       made.add(1);
       http.get(__ENV.TARGET + '/threshold/iteration');
       sleep(0.1);
     }
     export function teardown() { http.get(__ENV.TARGET + '/threshold/teardown'); }`,
      AGENTS,
    );
    const count = (): number => lab.asked('/threshold/iteration').get('/threshold/iteration') ?? 0;
    await lab.until(() => count() >= 60, 'iterations past the threshold');
    const crossedAt = performance.now();
    await lab.until(() => lab.asked('/threshold/teardown').size === 1, 'the end of the load');
    const tookMs = performance.now() - crossedAt;
    const outcome = await run.ended;
    assert.equal(outcome.exit, 99, outcome.stderr);
    // A second until agents report, and a second until thresholds are looked at; the rest is for a machine that is busy.
    assert.ok(tookMs < 2000 + 3000, `${tookMs} ms`);
    assert.match(outcome.stderr, /made.*were crossed/);
  },
);

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
  const started = performance.now();
  const outcome = await lab.run(numberedScript('few'), ['--agents', '5', '--agents-wait', '1s']).ended;
  assert.equal(outcome.exit, 255, outcome.stderr);
  assert.match(outcome.stderr, /needs 5 agents.*only 3 \(agent-1, agent-2, agent-3\)/);
  assert.equal(lab.asked('/few/').size, 0);
  assert.ok(performance.now() - started < 30_000);
  const group = await lab.run(numberedScript('few'), ['--agents', '1', '--agent-group', 'eu', '--agents-wait', '1s'])
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

test('a module that the script imports and a file that it opens travel with it', options, async () => {
  lab.scratch.write('lib/add.js', 'export const add = (a, b) => a + b;');
  lab.scratch.write('data/list.json', '[3, 4]');
  const outcome = await lab.run(
    `import http from 'k6/http';
     import { SharedArray } from 'k6/data';
     import { add } from './lib/add.js';
     const list = new SharedArray('list', () => JSON.parse(open('./data/list.json')));
     export const options = { vus: 3, iterations: 3 };
     export default function () { http.get(__ENV.TARGET + '/files/' + add(list[0], list[1])); }`,
    AGENTS,
  ).ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assert.deepEqual([...lab.asked('/files/')], [['/files/7', 3]]);
});
