// Runs that agents make: the server leads them over NATS.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Command, Scratch } from '../../test/end-to-end/command.ts';
import { until } from '../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../test/servers/spawn-nats.ts';
import type { LogLine, Run } from './api/documents.ts';
import { OVER, ServiceUnderTest } from './service-under-test.fixture.ts';

const scratch = new Scratch();
let nats: NatsServer;
let service: ServiceUnderTest;
let agents: Command[] = [];

before(async () => {
  if (NO_NATS !== false) return;
  nats = await spawnNats();
  service = await ServiceUnderTest.start({ nats: { url: nats.url, creds: null, ca: null, cert: null, key: null } });
});
after(async () => {
  for (const agent of agents) agent.child.kill('SIGTERM');
  await Promise.all(agents.map(({ ended }) => ended));
  scratch.remove();
  if (NO_NATS !== false) return;
  await service.stop();
  await nats.stop();
});

test('a run that wants agents is made by them, as one', { skip: NO_NATS }, async () => {
  const { admin } = service;
  agents = ['one', 'two'].map(
    (name) => new Command(['agent', '--nats', nats.url, '--name', name], { cwd: scratch.folder }),
  );
  const listed = async () => (await admin.get<{ agents: { name: string }[] | null }>('/queue')).agents ?? [];
  await until(async () => (await listed()).length === 2, 'both agents are there');
  const project = await service.project('Agents');
  const made = await admin.makeTest(
    project.id,
    'one',
    `import exec from 'k6/execution';
     export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 4, iterations: 2 } } };
     export default function () { console.log(__ENV.WHO + ' ' + exec.scenario.iterationInTest); }`,
  );
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { agents: 2, parameters: { WHO: 'x' } });
  const run = await admin.waitFor(id, ...OVER);
  assert.deepEqual([run.state, run.agents, run.headline?.iterations], ['passed', 2, 8], run.reason ?? '');
  const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
  const said = lines.filter(({ message }) => message.startsWith('x '));
  assert.deepEqual(said.map(({ message }) => Number(message.slice(2))).sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...new Set(said.map(({ fields }) => fields['agent']))].sort(), ['one', 'two']);
});
