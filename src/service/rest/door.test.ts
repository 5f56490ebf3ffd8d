// Who is let in, and as whom: addresses behind a proxy, tokens that have leaked, names that pose as others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Page, Project, Run, Session, Token } from '../api/documents.ts';
import { addCredential } from '../people/people.ts';
import { makeSetupLink } from '../service.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

let service: ServiceUnderTest;
const said: string[] = [];

before(async () => {
  service = await ServiceUnderTest.start({
    isBehindProxy: true,
    log: (level, message) => level === 'error' && void said.push(message),
  });
});
after(() => service.stop());

test('behind a proxy the address is the one that the proxy saw, not what its client wrote', async () => {
  const email = 'forged@example.com';
  await service
    .visitor()
    .call('POST', '/session', { email, password: 'no' }, { 'x-forwarded-for': '203.0.113.1, 198.51.100.7' });
  const { items } = await service.admin.get<Page<{ readonly object: string; readonly address: string }>>('/audit');
  assert.equal(items.find(({ object }) => object === email)?.address, '198.51.100.7');
});

test('a token sees and revokes itself alone', async () => {
  const { admin } = service;
  const project = await service.project('Leaked');
  const [leaked, other] = [await service.addToken(['read'], project.id), await service.addToken(['admin'])];
  const { items } = await admin.get<Page<Token>>('/tokens');
  const idOf = (text: string): string => items.find(({ prefix }) => text.startsWith(prefix))!.id;
  const seen = (await leaked.get<Page<Token>>('/tokens')).items.map(({ id }) => id);
  assert.deepEqual(seen, [idOf(leaked.token!)]);
  assert.equal((await leaked.call('DELETE', `/tokens/${idOf(other.token!)}`)).status, 403);
  assert.equal((await other.call('GET', '/projects')).status, 200);
  await leaked.expect('DELETE', `/tokens/${idOf(leaked.token!)}`);
  assert.equal((await leaked.call('GET', '/projects')).status, 401);
});

test('what is for one project does not rule the server', async () => {
  const { admin } = service;
  const project = await service.project('Ruled');
  const both = { name: 'both', scopes: ['server'], projectId: project.id };
  assert.equal((await admin.call('POST', '/tokens', both)).status, 422);
  // As earlier versions have made them.
  const { person } = await admin.get<Session>('/session');
  const { text } = await addCredential(service.service.database.query, {
    kind: 'token',
    user_id: person.id,
    projectId: project.id,
    scopes: ['server'],
    lifeMs: null,
  });
  const visitor = service.visitor();
  visitor.token = text;
  assert.equal((await visitor.call('GET', '/people')).status, 403);
  assert.equal((await visitor.call('GET', `/projects/${project.id}`)).body.role, 'admin');
});

test('no project poses as another by its slug', async () => {
  const { admin } = service;
  const [first, second] = [await service.project('First'), await service.project('Second')];
  assert.equal((await admin.call('POST', '/projects', { name: 'x', slug: first.id })).status, 400);
  assert.equal((await admin.call('PATCH', `/projects/${second.id}`, { slug: first.id })).status, 400);
  assert.equal((await service.project(first.id)).slug, `project-${first.id}`);
  // As earlier versions have let them be called.
  const { query } = service.service.database;
  await query.updateTable('project').set({ slug: first.id }).where('id', '=', second.id).execute();
  assert.equal((await admin.get<Project>(`/projects/${first.id}`)).id, first.id);
});

test('links that cannot be used are refused and stay good', async () => {
  const { admin } = service;
  const link = await makeSetupLink(service.service.database, '', false);
  const token = /token=(.+)$/.exec(link!)![1];
  const setup = { token, email: 'Ann@example.com', name: 'Ann', password: 'long enough' };
  assert.equal((await service.visitor().call('POST', '/setup', setup)).status, 409);
  assert.equal((await service.visitor().call('POST', '/setup', { ...setup, email: 'two@example.com' })).status, 201);
  const { person } = await service.addPerson('gone@example.com');
  await admin.expect('PATCH', `/people/${person.id}`, { isDisabled: true });
  assert.equal((await admin.call('POST', `/people/${person.id}/invitation`)).status, 409);
});

test('an Idempotency-Key that has expired makes a new run', async () => {
  const { admin } = service;
  const project = await service.project('Keys');
  const made = await admin.makeTest(project.id, 'one', 'export default function () {}');
  const start = () => admin.post<Run>(`/tests/${made.id}/runs`, {}, { 'idempotency-key': 'the-same-key' });
  const first = await start();
  assert.equal((await start()).id, first.id);
  await service.service.database.query
    .updateTable('idempotency')
    .set({ created_ms: Date.now() - 25 * 3_600_000 })
    .execute();
  const second = await start();
  assert.notEqual(second.id, first.id);
  for (const { id } of [first, second]) await admin.waitFor(id, 'passed');
});

test('the log says why the server failed, without what may be secret in the address', async () => {
  const { database } = service.service;
  await sql`alter table audit rename to audit_away`.execute(database.query);
  try {
    const { status, text } = await service.admin.call('GET', '/audit?after=hidden');
    assert.equal(status, 500);
    assert.doesNotMatch(text, /no such table/);
  } finally {
    await sql`alter table audit_away rename to audit`.execute(database.query);
  }
  const line = said.find((one) => one.startsWith('GET /api/v1/audit: '));
  assert.match(line ?? '', /no such table: audit.*\n {4}at /s);
});

test('who is refused is counted too, by address, and nobody else pays for it', async () => {
  const limited = await ServiceUnderTest.start({ isBehindProxy: true, requestsAMinute: 30 });
  try {
    const ask = async (address: string, token: string | null): Promise<number> => {
      const visitor = limited.visitor();
      visitor.token = token;
      return (await visitor.call('GET', '/people', undefined, { 'x-forwarded-for': address })).status;
    };
    for (const [address, token] of [
      ['203.0.113.1', 'not a token'],
      ['203.0.113.2', null],
    ] as const) {
      const statuses = new Set<number>();
      for (let i = 0; i < 30; i++) statuses.add(await ask(address, token));
      assert.deepEqual([...statuses], [401]);
      assert.equal(await ask(address, token), 429);
    }
    assert.equal(await ask('203.0.113.3', null), 401);
    const reader = await limited.addToken(['read']);
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++) statuses.push(await ask(`203.0.114.${i}`, reader.token));
    assert.deepEqual(statuses, [...Array(30).fill(403), 429]);
    const { status, headers } = await limited
      .visitor()
      .call('GET', '/', undefined, { 'x-forwarded-for': '203.0.113.2' });
    assert.equal(status, 429);
    assert.ok(Number(headers.get('retry-after')) > 0);
  } finally {
    await limited.stop();
  }
});

test('passwords of many people cannot be tried from one address without end', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 101; i++)
    // No body: what is wrong is counted too, and takes no time.
    statuses.push((await service.visitor().call('POST', '/session', {}, { 'x-forwarded-for': '203.0.113.9' })).status);
  assert.deepEqual(statuses, [...Array(100).fill(400), 429]);
});

test('a link that is not good takes no hash', async () => {
  const tries = Array.from({ length: 150 }, () =>
    service.visitor().call('POST', '/password', { token: 'none', password: 'long enough' }),
  );
  // More than may wait for a hash.
  for (const { status } of await Promise.all(tries)) assert.equal(status, 403);
});
