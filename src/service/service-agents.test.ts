// Runs that agents make: the server leads them over NATS.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Command, Scratch } from '../../test/end-to-end/command.ts';
import { until } from '../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../test/servers/spawn-nats.ts';
import type { LogLine, Project, Run } from './api/documents.ts';
import { type ServerProcess, spawnServer } from './server-process.fixture.ts';
import { OVER, ServiceUnderTest, Visitor } from './service-under-test.fixture.ts';

const scratch = new Scratch();
let nats: NatsServer;
let service: ServiceUnderTest;
let agents: Command[] = [];
const servers: ServerProcess[] = [];

before(async () => {
  if (NO_NATS !== false) return;
  nats = await spawnNats();
  service = await ServiceUnderTest.start({ nats: { url: nats.url, creds: null, ca: null, cert: null, key: null } });
});
after(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
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

test('a run whose server is killed goes on among its agents, led by the next server', { skip: NO_NATS }, async () => {
  const folder = scratch.folder;
  const place = { folder: path.join(folder, 'data'), database: null };
  const words = ['--nats', nats.url];
  const first = await spawnServer({ ...place, isNew: true }, words);
  servers.push(first);
  const admin = new Visitor(first.url);
  await admin.setUp(first.setupLink!);
  const project = await admin.post<Project>('/projects', { name: 'Taken over' });
  const made = await admin.makeTest(
    project.id,
    'long',
    `import { sleep } from 'k6';
     export const options = { scenarios: { all: { executor: 'constant-vus', vus: 2, duration: '10m' } } };
     export function setup() { console.log('set up'); }
     export default function () { sleep(0.05); }`,
  );
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { agents: 2 });
  await admin.waitFor(id, 'running');
  const completed = async (who: Visitor) => (await who.get<Run>(`/runs/${id}`)).progress?.completed ?? 0;
  await until(async () => (await completed(admin)) >= 20, 'its agents make load');
  const before = await completed(admin);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await spawnServer(place, words);
  servers.push(second);
  const later = new Visitor(second.url);
  await later.signIn();
  await until(async () => (await completed(later)) > before + 20, 'it goes on');
  await later.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
  const run = await later.waitFor(id, ...OVER);
  assert.deepEqual([run.state, run.exitCode], ['aborted', 103], run.reason ?? '');
  assert.ok(run.headline!.iterations > before, `${run.headline!.iterations} iterations, and ${before} before`);
  const { lines } = await later.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
  assert.equal(lines.filter(({ message }) => message === 'set up').length, 1, 'setup has run once');
});
