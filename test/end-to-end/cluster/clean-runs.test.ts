// A test over several agents is as a test on one machine, from setup to the exit code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { findRun, readRecord } from '../../../src/report/unpack-run.ts';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { findFreePort } from '../../servers/spawn-on-loopback.ts';
import { until } from '../until.ts';
import { assertEachOnce, assertStartedTogether, ClusterLab, metricsOf, numberedScript } from './cluster-lab.ts';

/** Of a test that is to be stopped before. */
const DURATION_S = 60;
const AGENTS = ['--agents', '3', '--agents-wait', '20s'];
let lab: ClusterLab;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  await lab.startAgents(8);
});

after(() => lab?.close());

const options = { skip: NO_NATS };

test(
  'each of 4,000 numbered iterations is made once, setup and teardown too, and the numbers are those of one machine',
  options,
  async () => {
    // Two seconds at least: a shorter run has no metrics that are taken each second.
    const pause = 0.02;
    const script = numberedScript('many', { pause });
    const address = `127.0.0.1:${await findFreePort()}`;
    const report = path.join(lab.scratch.folder, 'many.html');
    const run = lab.run(script, ['--agents', '8', '--agents-wait', '40s', '--address', address, '--report', report]);
    await until(() => lab.asked('/many/iteration/').size > 0, 'load');
    const { data: rows } = (await (await fetch(`http://${address}/v1/agents`)).json()) as { data: { id: string }[] };
    assert.deepEqual(
      rows.map(({ id }) => id).sort(),
      Array.from({ length: 8 }, (_, index) => `agent-${index + 1}`),
    );
    const outcome = await run.ended;
    assert.equal(outcome.exit, 0, outcome.stderr);
    assertEachOnce(lab, 'many');
    assertStartedTogether(lab, 'many');
    const { agents } = readRecord(findRun(readFileSync(report)));
    assert.equal(agents?.length, 8);
    assert.equal(
      agents.reduce((sum, { iterations }) => sum + iterations, 0),
      4000,
    );
    assert.ok(agents.every(({ p95Ms, health }) => p95Ms !== null && health !== 'lost'));
    const parts = [...outcome.stderr.matchAll(/agent-\d: (\d+) iterations; its clock was \d+\.\d ms/g)].map(
      ([, made]) => Number(made),
    );
    assert.equal(parts.length, 8, outcome.stderr);
    assert.equal(
      parts.reduce((sum, made) => sum + made, 0),
      4000,
    );
    const file = lab.scratch.write('alone.js', numberedScript('alone', { pause }));
    const alone = await lab.command(['run', '-q', '-e', `TARGET=${lab.target.url}`, file]).ended;
    assert.equal(alone.exit, 0, alone.stderr);
    const [over, here] = [metricsOf(outcome), metricsOf(alone)];
    assert.deepEqual(over['numbers'], here['numbers']);
    assert.deepEqual(over['numbers'], { ...over['numbers'], count: 4000, min: 0, max: 3999 });
    assert.equal(over['iterations']!['count'], 4000);
    // Setup and teardown ask too, and each virtual user once more.
    assert.equal(over['http_reqs']!['count'], 4042);
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
  'a threshold that is crossed over all agents stops all of them long before their time is up, with its exit code',
  options,
  async () => {
    const run = lab.run(
      `import http from 'k6/http';
     import { sleep } from 'k6';
     import { Counter } from 'k6/metrics';
     const made = new Counter('made');
     export const options = { vus: 6, duration: '${DURATION_S}s', thresholds: { made: [{ threshold: 'count<60', abortOnFail: true }] } };
     export default function () {
       made.add(1);
       http.get(__ENV.TARGET + '/threshold/iteration');
       sleep(0.1);
     }
     export function teardown() { http.get(__ENV.TARGET + '/threshold/teardown'); }`,
      AGENTS,
    );
    const count = (): number => lab.asked('/threshold/iteration').get('/threshold/iteration') ?? 0;
    await until(() => count() >= 60, 'iterations past the threshold');
    const crossedAt = performance.now();
    await until(() => lab.asked('/threshold/teardown').size === 1, 'the end of the load');
    const tookMs = performance.now() - crossedAt;
    const outcome = await run.ended;
    assert.equal(outcome.exit, 99, outcome.stderr);
    // Agents report each second, and thresholds are looked at then.
    assert.ok(tookMs < (DURATION_S * 1000) / 2, `${tookMs} ms`);
    assert.match(outcome.stderr, /made.*were crossed/);
  },
);

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

test('tests that want the same agents at once wait their turn', options, async () => {
  const flags = ['--agents', '6', '--agents-wait', '60s'];
  const names = ['first', 'second'];
  const outcomes = await Promise.all(
    names.map((name) => lab.run(numberedScript(name, { iterations: 60, vus: 6, pause: 0.05 }), flags).ended),
  );
  for (const [index, outcome] of outcomes.entries()) {
    assert.equal(outcome.exit, 0, outcome.stderr);
    assertEachOnce(lab, names[index]!, 60);
  }
});

test('each agent makes a file of its samples, which come to who leads', options, async () => {
  const script = numberedScript('files', { iterations: 300, vus: 9, pause: 0.01 });
  const at = (name: string): string => path.join(lab.scratch.folder, name);
  const flags = ['--out', `json=${at('samples.json')}`, '--out', `csv=${at('samples.csv.gz')}`];
  const outcome = await lab.run(script, [...AGENTS, ...flags]).ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  const names = [...outcome.stderr.matchAll(/the samples of (agent-\d) are in \S+samples\.agent-\d\.json/g)].map(
    ([, name]) => name!,
  );
  assert.equal(names.length, 3, outcome.stderr);
  const numbers: number[] = [];
  let rows = 0;
  for (const name of names) {
    for (const line of readFileSync(at(`samples.${name}.json`), 'utf8')
      .trim()
      .split('\n')) {
      const { type, metric, data } = JSON.parse(line) as { type: string; metric: string; data: { value: number } };
      if (type === 'Point' && metric === 'numbers') numbers.push(data.value);
    }
    const [head, ...lines] = gunzipSync(readFileSync(at(`samples.${name}.csv.gz`)))
      .toString('utf8')
      .trim()
      .split('\n');
    assert.match(head!, /^metric_name,timestamp,metric_value/);
    rows += lines.filter((line) => line.startsWith('numbers,')).length;
  }
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 300 }, (_, index) => index),
  );
  assert.equal(rows, 300);
  const refused = await lab.run(script, [...AGENTS, '--out', 'xk6-of-our-own=a']).ended;
  assert.equal(refused.exit, 255);
  assert.match(refused.stderr, /xk6-of-our-own.* does not go with --agents/);
});
