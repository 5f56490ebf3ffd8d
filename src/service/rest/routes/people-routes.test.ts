// People of the server by their routes: who is added, changed and removed, and what goes with them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Person, Project, Token } from '../../api/documents.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';

let service: ServiceUnderTest;
before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

interface Invitation {
  readonly person: Person;
  readonly link: string;
}
const add = (body: object): Promise<Invitation> => service.admin.post<Invitation>('/people', body);
const own = async (): Promise<string> => (await service.admin.get<{ person: Person }>('/session')).person.id;

test('somebody is added without a password, with the address in lower case, and is no administrator unless it is said', async () => {
  const { person } = await add({ email: 'Bea@Example.COM', name: 'Bea' });
  const { id, createdAtMs, ...rest } = person;
  assert.deepEqual(rest, {
    email: 'bea@example.com',
    name: 'Bea',
    isAdmin: false,
    isDisabled: false,
    hasPassword: false,
    hasIdentity: false,
  });
  assert.ok(Math.abs(createdAtMs - Date.now()) < 60_000);
  assert.deepEqual(await service.admin.get<Person>(`/people/${id}`), person);
  assert.equal((await add({ email: 'boss@example.com', name: 'B', isAdmin: true })).person.isAdmin, true);
});

test('an address is one person’s, in whatever case', async () => {
  await add({ email: 'one@example.com', name: 'One' });
  const { status, body } = await service.admin.call('POST', '/people', { email: 'ONE@example.com', name: 'Two' });
  assert.deepEqual([status, body.detail], [409, 'ONE@example.com is there already']);
});

test('what is no address or no name is refused', async () => {
  for (const email of ['', 'a', 'a@', '@b', 'a b@c', 'a@b@c', 'a@b\n', `${'a'.repeat(250)}@b.de`]) {
    const { status, body } = await service.admin.call('POST', '/people', { email, name: 'X' });
    assert.deepEqual([status, body.errors?.[0]?.path], [400, 'email'], JSON.stringify(email));
  }
  for (const name of ['', 'x'.repeat(101)])
    assert.equal((await service.admin.call('POST', '/people', { email: 'x@example.com', name })).status, 400);
});

test('a change changes what it names and leaves the rest', async () => {
  const { person } = await add({ email: 'changed@example.com', name: 'Before' });
  const place = `/people/${person.id}`;
  const named = (await service.admin.expect('PATCH', place, { name: 'Behind' })).body;
  assert.deepEqual(named, { ...person, name: 'Behind' });
  assert.deepEqual((await service.admin.expect('PATCH', place, {})).body, named);
  assert.equal((await service.admin.call('PATCH', place, { email: 'other@example.com' })).status, 400);
  assert.equal((await service.admin.call('PATCH', place, { name: null })).status, 400);
});

test('whoever is disabled loses sessions, tokens and links at once, and gets none of them back', async () => {
  const { person, visitor } = await service.addPerson('disabled@example.com');
  const { secret } = await visitor.post<{ secret: string }>('/tokens', { name: 't', scopes: ['read'] });
  const token = service.visitor();
  token.token = secret;
  const { link } = await service.admin.post<{ link: string }>(`/people/${person.id}/invitation`);
  await service.admin.expect('PATCH', `/people/${person.id}`, { isDisabled: true });
  const isLetIn = async () => [
    (await visitor.call('GET', '/session')).status,
    (await token.call('GET', '/session')).status,
  ];
  assert.deepEqual(await isLetIn(), [401, 401]);
  const choice = { token: /token=(.+)$/.exec(link)![1], password: 'long enough' };
  assert.equal((await service.visitor().call('POST', '/password', choice)).status, 403);
  await service.admin.expect('PATCH', `/people/${person.id}`, { isDisabled: false });
  assert.deepEqual(await isLetIn(), [401, 401], 'what was revoked stays revoked');
  const again = service.visitor();
  const credentials = { email: 'disabled@example.com', password: 'battery staple' };
  assert.equal((await again.call('POST', '/session', credentials)).status, 201, 'and the password is theirs still');
});

test('nobody takes their own rights or removes themselves, not even by a token', async () => {
  const { admin } = service;
  const id = await own();
  const token = await service.addToken(['server']);
  for (const visitor of [admin, token])
    for (const [method, body] of [
      ['PATCH', { isAdmin: false }],
      ['PATCH', { isDisabled: true }],
      ['DELETE', undefined],
    ] as const)
      assert.equal(
        (await visitor.call(method, `/people/${id}`, body)).status,
        409,
        `${method} ${JSON.stringify(body)}`,
      );
  await admin.expect('PATCH', `/people/${id}`, { name: 'Ann', isAdmin: true, isDisabled: false });
  assert.equal((await admin.get<Person>(`/people/${id}`)).isAdmin, true);
});

test('an administrator who is none any more rules nothing, with the session and the token that were there before', async () => {
  const { person, visitor } = await service.addPerson('former@example.com');
  const project = await service.project('Former');
  await service.admin.expect('PATCH', `/people/${person.id}`, { isAdmin: true });
  const { secret } = await visitor.post<{ secret: string }>('/tokens', { name: 't', scopes: ['server'] });
  const token = service.visitor();
  token.token = secret;
  const may = async () =>
    Promise.all(
      [visitor, token].flatMap((one) => [
        one.call('GET', '/people').then(({ status }) => status),
        one.call('GET', `/projects/${project.id}`).then(({ status }) => status),
      ]),
    );
  assert.deepEqual(await may(), [200, 200, 200, 200]);
  await service.admin.expect('PATCH', `/people/${person.id}`, { isAdmin: false });
  assert.deepEqual(await may(), [403, 404, 403, 404]);
});

test('whoever is removed is gone with their parts and tokens; what they made and did stays', async () => {
  const { admin } = service;
  const project = await service.project('Left');
  const { person, visitor } = await service.addPerson('left@example.com', project.id, 'admin');
  await visitor.post('/tokens', { name: 't', scopes: ['read'] });
  const made = await visitor.post<{ id: string }>(`/projects/${project.id}/tests`, { name: 'theirs' });
  await admin.expect('DELETE', `/people/${person.id}`);
  assert.equal((await visitor.call('GET', '/session')).status, 401);
  assert.equal((await admin.call('GET', `/people/${person.id}`)).status, 404);
  assert.equal((await admin.call('GET', `/tests/${made.id}`)).status, 200);
  const { query } = service.service.database;
  for (const table of ['credential', 'member'] as const) {
    const rows = await query.selectFrom(table).select('user_id').where('user_id', '=', person.id).execute();
    assert.deepEqual(rows, [], table);
  }
  const { items } = await admin.get<Page<{ actor: string; action: string }>>(`/projects/${project.id}/audit`);
  assert.ok(items.some(({ actor, action }) => actor === 'left@example.com' && action === 'test.create'));
  // The address is free for somebody else, who gets nothing of it.
  const { visitor: next } = await service.addPerson('left@example.com');
  assert.deepEqual(await next.get<Project[]>('/projects'), []);
  assert.deepEqual((await next.get<Page<Token>>('/tokens')).items, []);
});

test('who is not there cannot be read, changed, invited or removed', async () => {
  for (const [method, place, body] of [
    ['GET', '/people/none', undefined],
    ['PATCH', '/people/none', { name: 'x' }],
    ['POST', '/people/none/invitation', undefined],
    ['DELETE', '/people/none/identity', undefined],
    ['DELETE', '/people/none', undefined],
  ] as const) {
    const answer = await service.admin.call(method, place, body);
    assert.deepEqual([answer.status, answer.body.detail], [404, 'there is no person "none"'], `${method} ${place}`);
  }
});

test('people and the audit log come by pages, the latest first, and nothing twice while others come', async () => {
  const { admin } = service;
  for (const [place, key] of [
    ['/people', 'email'],
    ['/audit', 'id'],
  ] as const) {
    const seen: string[] = [];
    let next: string | null = '';
    for (let page = 0; next !== null; page++) {
      const from: string = next === '' ? '' : `&after=${next}`;
      const got: Page<Record<'id' | 'email', string>> = await admin.get(`${place}?limit=3${from}`);
      assert.ok(got.items.length <= 3);
      assert.equal(got.next === null || got.items.length === 3, true);
      seen.push(...got.items.map((item) => item[key]));
      next = got.next;
      // Who comes in between is on none of the pages that are still to come.
      if (page === 0) await add({ email: `between-${key}@example.com`, name: 'B' });
    }
    assert.equal(new Set(seen).size, seen.length, `${place}: nothing twice`);
    assert.ok(!seen.includes(`between-${key}@example.com`));
    const ids = (await admin.get<Page<{ id: string }>>(`${place}?limit=100`)).items.map(({ id }) => id);
    assert.deepEqual(ids, [...ids].sort().reverse(), `${place}: the latest first`);
  }
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=', 'limit=1.5', 'after=a%20b', 'after='])
    assert.equal((await admin.call('GET', `/people?${query}`)).status, 400, query);
});

test('the audit log says who did it, by what, from where, and no secret', async () => {
  const { admin } = service;
  const token = await service.addToken(['server']);
  const { person } = await token.post<Invitation>('/people', { email: 'by-token@example.com', name: 'T' });
  const { items } = await admin.get<Page<Record<string, string>>>('/audit?limit=2');
  const entry = items.find(({ action }) => action === 'person.add')!;
  assert.deepEqual(
    [entry['actor'], entry['object'], entry['address']],
    ['ann@example.com (token server)', person.email, '127.0.0.1'],
  );
  const { text } = await admin.expect('GET', '/audit?limit=100');
  assert.doesNotMatch(text, /argon2id|battery staple|correct horse/);
  assert.ok(!text.includes(token.token!));
});
