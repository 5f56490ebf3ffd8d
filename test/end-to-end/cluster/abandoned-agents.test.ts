// Agents that nobody leads any more: they end the load by themselves, and what they have measured is on record.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
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

test('NATS goes away while an agent that nobody leads tears down: it ends all the same, without what it measured last', {
  skip: NO_NATS,
}, async () => {
  const own = await ClusterLab.open();
  const gate = http.createServer();
  await once(gate.listen(0, '127.0.0.1'), 'listening');
  try {
    await own.startAgents(1, ['--once', '--stop-without-lead', '5s']);
    const [agent] = own.agents;
    const script = `
      import http from 'k6/http';
      import { sleep } from 'k6';
      export const options = { vus: 1, duration: '10m' };
      export default function () { http.get(__ENV.TARGET + '/alone/iteration'); sleep(0.1); }
      export function teardown() { http.get('http://127.0.0.1:${(gate.address() as AddressInfo).port}/'); }`;
    const run = own.run(script, ['--agents', '1', '--agents-wait', '40s']);
    await until(() => own.asked('/alone/iteration').size > 0, 'load');
    run.child.kill('SIGKILL');
    const [, response] = (await once(gate, 'request')) as [http.IncomingMessage, http.ServerResponse];
    await own.nats.kill();
    await agent!.printed(/NATS is gone/);
    response.end();
    await agent!.printed(/what it measured last is not in the record: NATS has taken nothing for 5s more/);
    assert.equal((await agent!.ended).exit, 0);
  } finally {
    gate.close();
    await own.close();
  }
});
