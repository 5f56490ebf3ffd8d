// Where the runs of a service may connect to: what its project says, and never to the service itself.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Command, Scratch } from '../../test/end-to-end/command.ts';
import { until } from '../../test/end-to-end/until.ts';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../test/servers/spawn-databases.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../test/servers/spawn-nats.ts';
import type { LogLine, Page, Project, Run } from './api/documents.ts';
import { OVER, ServiceUnderTest } from './service-under-test.fixture.ts';

const site = createServer((_request, response) => void response.end('a page'));
let port = 0;
/** Their names have to differ. */
let tests = 0;
before(async () => {
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  port = (site.address() as AddressInfo).port;
});
after(() => void site.close());

/** Says what came of a request to each URL, in order; its options try to let it go everywhere. */
const script = (urls: readonly string[]): string => `
import http from 'k6/http';
export const options = { iterations: 1, blacklistIPs: [], blockHostnames: [], hosts: { 'mine.test': '127.0.0.1' } };
export default function () {
  for (const url of ${JSON.stringify(urls)}) {
    const { status, error, error_code } = http.get(url, { timeout: '20s' });
    console.log(url + ' ' + (status === 0 ? error_code + ' ' + error : status));
  }
}`;

/** @returns what came of each URL */
async function visit(
  service: ServiceUnderTest,
  project: Project,
  urls: readonly string[],
  wish: object = {},
): Promise<Record<string, string>> {
  const { admin } = service;
  const made = await admin.makeTest(project.id, `test ${++tests}`, script(urls));
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, wish);
  const run = await admin.waitFor(id, ...OVER);
  assert.equal(run.state, 'passed', run.reason ?? '');
  const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
  const said = lines.map(({ message }) => message).filter((message) => message.startsWith('http://'));
  assert.equal(said.length, urls.length, JSON.stringify(lines));
  return Object.fromEntries(said.map((one) => [one.split(' ', 1)[0]!, one.slice(one.indexOf(' ') + 1)]));
}

const BLOCKED = /^111[01] the service blocks .* for all runs \(.*\): no option of a test changes that$/;

describe('a service', () => {
  let service: ServiceUnderTest;
  before(async () => {
    service = await ServiceUnderTest.start();
  });
  after(() => service.stop());

  test('lets no run reach its own port, at any address of its machine, nor what clouds tell machines', async () => {
    const own = service.service.address.port;
    const blocked = ['127.0.0.1', '127.8.8.8', 'localhost', 'mine.test', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'].map(
      (host) => `http://${host}:${own}/healthz`,
    );
    const urls = [...blocked, 'http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${port}/`];
    const project = await service.project('Own port');
    const wishes = [{}, { options: { blacklistIPs: [], hosts: { 'mine.test': '127.0.0.1' } } }];
    const { admin } = service;
    const open = await admin.post<Project>('/projects', { name: 'Open', allowedTargets: ['*', '0.0.0.0/0', '::/0'] });
    for (const [where, wish] of [
      [project, wishes[0]!],
      [open, wishes[1]!],
    ] as const) {
      const said = await visit(service, where, urls, wish);
      for (const url of urls.slice(0, -1)) assert.match(said[url]!, BLOCKED, url);
      assert.equal(said[`http://127.0.0.1:${port}/`], '200', 'other ports can be reached');
    }
  });

  test('a project says where its runs may connect to; its administrators alone change that, on record', async () => {
    const { admin } = service;
    const project = await service.project('Targets');
    assert.equal(project.allowedTargets, null);
    const rules = [`127.0.0.1:${port}`, '*.example.com'];
    const { visitor } = await service.addPerson('runner@example.com', project.id, 'runner');
    const denied = await visitor.call('PATCH', `/projects/${project.id}`, { allowedTargets: null });
    assert.equal(denied.status, 403);
    const place = `/projects/${project.id}`;
    assert.deepEqual((await admin.expect('PATCH', place, { allowedTargets: rules })).body.allowedTargets, rules);
    assert.deepEqual((await admin.expect('PATCH', place, { name: 'Aims' })).body.allowedTargets, rules, 'they stay');
    const audit = await admin.get<Page<{ action: string; detail: string }>>(`${place}/audit`);
    assert.ok(
      audit.items.some(({ action, detail }) => action === 'project.change' && detail.includes('*.example.com')),
    );
    const urls = [`http://127.0.0.1:${port}/`, `http://127.0.0.2:${port}/`, `http://mine.test:${port}/a`];
    const said = await visit(service, project, [...urls, 'http://other.test/']);
    assert.deepEqual([said[urls[0]!], said[urls[2]!]], ['200', '200']);
    assert.match(said[urls[1]!]!, /^1110 the project of the run does not allow 127\.0\.0\.2:\d+: its allowed targets /);
    assert.match(said['http://other.test/']!, /^11\d\d /);
    assert.equal((await admin.expect('PATCH', place, { allowedTargets: null })).body.allowedTargets, null);
    assert.equal((await visit(service, project, [urls[0]!]))[urls[0]!], '200');
  });

  test('what is no rule is refused with its place and how one is written', async () => {
    const { admin } = service;
    const project = await service.project('Wrong rules');
    for (const [allowedTargets, words] of [
      [
        ['api.example.com', 'https://api.example.com'],
        /"allowedTargets", place 2: "https:\/\/api\.example\.com" is no/,
      ],
      [['10.0.0.0/33'], /place 1: "10\.0\.0\.0\/33" is no target: write a name/],
      [['api.example.com:0'], /place 1: "api\.example\.com:0" has the port 0: ports go from 1 to 65535/],
      [[], /"allowedTargets" is empty, so that no run could connect anywhere: null allows everything/],
      ['api.example.com', /allowedTargets/],
      [[7], /allowedTargets/],
    ] as const) {
      for (const answer of [
        await admin.call('PATCH', `/projects/${project.id}`, { allowedTargets }),
        await admin.call('POST', '/projects', { name: 'Another', allowedTargets }),
      ]) {
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.body.detail, words);
      }
    }
  });
});

describe('a service with NATS', { skip: NO_NATS }, () => {
  const scratch = new Scratch();
  let nats: NatsServer;
  let service: ServiceUnderTest;
  let agent: Command;
  before(async () => {
    nats = await spawnNats();
    service = await ServiceUnderTest.start({ nats: { url: nats.url, creds: null, ca: null, cert: null, key: null } });
    agent = new Command(['agent', '--nats', nats.url, '--name', 'one'], { cwd: scratch.folder });
  });
  after(async () => {
    agent.child.kill('SIGTERM');
    await agent.ended;
    await service.stop();
    await nats.stop();
    scratch.remove();
  });

  test('lets no run reach it, nor its own port, here and on agents', async () => {
    const { admin } = service;
    const listed = async () => (await admin.get<{ agents: { name: string }[] | null }>('/queue')).agents ?? [];
    await until(async () => (await listed()).length === 1, 'the agent is there');
    const project = await service.project('Agents', { allowedTargets: ['127.0.0.0/8', '*'] });
    const blocked = [new URL(nats.url).port, service.service.address.port].map((one) => `http://127.0.0.1:${one}/`);
    const urls = [...blocked, `http://127.0.0.1:${port}/`, `http://[::1]:${port}/`];
    for (const wish of [{}, { agents: 1 }]) {
      const said = await visit(service, project, urls, wish);
      for (const url of blocked) assert.match(said[url]!, BLOCKED, url);
      assert.equal(said[urls[2]!], '200');
      assert.match(said[urls[3]!]!, /^1110 the project of the run does not allow \[::1\]:/);
    }
  });
});

describe('a service with PostgreSQL', { skip: NO_POSTGRES }, () => {
  let postgres: DatabaseServer;
  let service: ServiceUnderTest;
  before(async () => {
    postgres = await spawnPostgres();
    const database = `postgres://ann:s3cret@localhost:${postgres.port}/postgres`;
    service = await ServiceUnderTest.start({ database });
  });
  after(async () => {
    await service.stop();
    await postgres.stop();
  });

  test('lets no run reach its database, by name or address', async () => {
    const project = await service.project('Database');
    const blocked = ['localhost', '127.0.0.1', '127.8.8.8'].map((host) => `http://${host}:${postgres.port}/`);
    const said = await visit(service, project, [...blocked, `http://127.0.0.1:${port}/`]);
    for (const url of blocked) assert.match(said[url]!, BLOCKED, url);
    assert.equal(said[`http://127.0.0.1:${port}/`], '200');
  });
});
