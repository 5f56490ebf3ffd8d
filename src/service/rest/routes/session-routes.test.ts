// Sessions, passwords and tokens by their routes: what lets somebody in, for how long, and what ends it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Person, Session, Token } from '../../api/documents.ts';
import { makeSetupLink } from '../../service.ts';
import { ServiceUnderTest, type Visitor } from '../../service-under-test.fixture.ts';

const DAY_MS = 86_400_000;

let service: ServiceUnderTest;
before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

const signIn = (visitor: Visitor, email: string, password: string) =>
  visitor.call('POST', '/session', { email, password });

test('a session names the person, their projects and what changes have to bear; a token has none of the last', async () => {
  const project = await service.project('Sessions');
  const { visitor } = await service.addPerson('sess@example.com', project.id, 'runner');
  const session = await visitor.get<Session>('/session');
  assert.equal(session.csrfToken, visitor.csrf);
  assert.deepEqual(
    [session.person.email, session.scopes, session.projects.map(({ id, role }) => [id, role])],
    ['sess@example.com', null, [[project.id, 'runner']]],
  );
  const token = await service.addToken(['read'], project.id);
  const { csrfToken, scopes, projects } = await token.get<Session>('/session');
  assert.deepEqual([csrfToken, scopes, projects.map(({ role }) => role)], [null, ['read'], ['viewer']]);
});

test('somebody signs in with the address in any case, and with the password in its own', async () => {
  await service.addPerson('Case@Example.com');
  const visitor = service.visitor();
  const answer = await signIn(visitor, 'CASE@example.COM', 'battery staple');
  assert.deepEqual([answer.status, answer.body.person.email], [201, 'case@example.com']);
  assert.equal((await signIn(service.visitor(), 'case@example.com', 'Battery staple')).status, 401);
  assert.equal((await signIn(service.visitor(), 'case@example.com', ' battery staple')).status, 401);
});

test('who is not there, who has no password yet and who has another one hear the same', async () => {
  await service.admin.post('/people', { email: 'invited@example.com', name: 'I' });
  await service.addPerson('known@example.com');
  const answers = await Promise.all(
    ['unknown@example.com', 'invited@example.com', 'known@example.com'].map((email) =>
      signIn(service.visitor(), email, 'not the password'),
    ),
  );
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
  assert.equal(answers[0]!.status, 401);
  assert.equal(answers[0]!.headers.getSetCookie().length, 0);
});

test('signing out ends this session and no other one', async () => {
  const { visitor } = await service.addPerson('out@example.com');
  const other = service.visitor();
  other.take((await signIn(other, 'out@example.com', 'battery staple')).body);
  const { cookie } = visitor;
  const answer = await visitor.expect('DELETE', '/session');
  assert.match(answer.headers.getSetCookie()[0]!, /^sixfold_session=; .*(?:Max-Age=0|Expires=Thu, 01 Jan 1970)/);
  visitor.cookie = cookie;
  assert.equal((await visitor.call('GET', '/session')).status, 401, 'the cookie is good for nothing any more');
  assert.equal((await other.call('GET', '/session')).status, 200);
});

test('a session ends after its time, as its cookie says', async () => {
  const { person, visitor } = await service.addPerson('late@example.com');
  const answer = await signIn(service.visitor(), 'late@example.com', 'battery staple');
  assert.match(answer.headers.getSetCookie()[0]!, /; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict/);
  const { query } = service.service.database;
  const rows = query
    .updateTable('credential')
    .set({ expires_ms: Date.now() - 1 })
    .where('user_id', '=', person.id);
  await rows.where('kind', '=', 'session').execute();
  assert.equal((await visitor.call('GET', '/session')).status, 401);
});

test('a new password ends all other sessions, and the old one', async () => {
  const { visitor } = await service.addPerson('new@example.com');
  const other = service.visitor();
  other.take((await signIn(other, 'new@example.com', 'battery staple')).body);
  const wrong = await visitor.call('PUT', '/password', { current: 'not it', password: 'another staple' });
  assert.deepEqual([wrong.status, wrong.body.detail], [403, 'the current password is wrong']);
  await visitor.expect('PUT', '/password', { current: 'battery staple', password: 'another staple' });
  assert.equal((await visitor.call('GET', '/session')).status, 200, 'the one that changed it goes on');
  assert.equal((await other.call('GET', '/session')).status, 401);
  assert.equal((await signIn(service.visitor(), 'new@example.com', 'battery staple')).status, 401);
  assert.equal((await signIn(service.visitor(), 'new@example.com', 'another staple')).status, 201);
});

test('a password has ten characters at least and two hundred at most, wherever it is chosen', async () => {
  const { visitor } = await service.addPerson('length@example.com');
  const { link } = await service.admin.post<{ link: string }>('/people', { email: 'link@example.com', name: 'L' });
  const token = /token=(.+)$/.exec(link)![1];
  for (const password of ['', 'nine char', 'x'.repeat(201)]) {
    const change = await visitor.call('PUT', '/password', { current: 'battery staple', password });
    const choice = await service.visitor().call('POST', '/password', { token, password });
    for (const { status, body } of [change, choice])
      assert.deepEqual([status, body.errors[0].path], [400, 'password'], `${password.length} characters`);
  }
  await service.visitor().expect('POST', '/password', { token, password: 'ten chars!' });
});

test('a link to choose a password is good once, for three days, and only the last one', async () => {
  const { admin } = service;
  const { query } = service.service.database;
  const { person, link, expiresAtMs } = await admin.post<{ person: Person; link: string; expiresAtMs: number }>(
    '/people',
    { email: 'link2@example.com', name: 'L' },
  );
  assert.ok(Math.abs(expiresAtMs - Date.now() - 3 * DAY_MS) < 60_000);
  assert.ok(link.startsWith(`${service.service.url}/password#token=sxf_`), 'what no server is sent: behind the #');
  const choose = (of: string) => {
    const token = /token=(.+)$/.exec(of)![1];
    return service.visitor().call('POST', '/password', { token, password: 'battery staple' });
  };
  const again = (await admin.post<{ link: string }>(`/people/${person.id}/invitation`)).link;
  assert.equal((await choose(link)).status, 403, 'another one was made since');
  assert.equal((await choose(again)).status, 201);
  assert.equal((await choose(again)).status, 403, 'it was used');
  const last = (await admin.post<{ link: string }>(`/people/${person.id}/invitation`)).link;
  await query
    .updateTable('credential')
    .set({ expires_ms: Date.now() - 1 })
    .where('kind', '=', 'link')
    .execute();
  const late = await choose(last);
  assert.deepEqual([late.status, late.body.detail.slice(0, 33)], [403, 'the link is not good any more: as']);
});

test('a link of one kind does not do what one of another kind does', async () => {
  const { admin } = service;
  const { link } = await admin.post<{ link: string }>('/people', { email: 'kinds@example.com', name: 'K' });
  const invitation = /token=(.+)$/.exec(link)![1]!;
  const setup = /token=(.+)$/.exec((await makeSetupLink(service.service.database, '', false))!)![1]!;
  const newcomer = { email: 'admin2@example.com', name: 'A', password: 'long enough' };
  assert.equal((await service.visitor().call('POST', '/setup', { token: invitation, ...newcomer })).status, 403);
  const chosen = await service.visitor().call('POST', '/password', { token: setup, password: 'long enough' });
  assert.equal(chosen.status, 403);
  for (const text of [invitation, setup]) {
    const bearer = service.visitor();
    bearer.token = text;
    assert.equal((await bearer.call('GET', '/session')).status, 401);
    const cookie = service.visitor();
    cookie.cookie = `sixfold_session=${text}`;
    assert.equal((await cookie.call('GET', '/session')).status, 401);
  }
});

test('the first administrator is made by the link of the start, with a password, and then nobody by it', async () => {
  const link = await makeSetupLink(service.service.database, 'https://load.example', false);
  assert.match(link!, /^https:\/\/load\.example\/setup#token=/);
  const token = /token=(.+)$/.exec(link!)![1];
  const person = { token, email: 'Third@example.com', name: 'Third' };
  const bare = await service.visitor().call('POST', '/setup', person);
  assert.deepEqual([bare.status, bare.body.detail], [400, '"password" is missing: it has at least 10 characters']);
  const made = await service.visitor().post<Session>('/setup', { ...person, password: 'long enough' });
  assert.deepEqual([made.person.isAdmin, made.person.email], [true, 'third@example.com']);
  const late = { ...person, email: 'fourth@example.com', password: 'long enough' };
  assert.equal((await service.visitor().call('POST', '/setup', late)).status, 403);
  assert.equal(
    await makeSetupLink(service.service.database, '', true),
    null,
    'a start makes none where there are people',
  );
});

test('a token is shown once, is kept as a digest, and says when it was used', async () => {
  const { admin } = service;
  const made = await admin.post<{ token: Token; secret: string }>('/tokens', {
    name: 'CI',
    scopes: ['run', 'read', 'run'],
    expiresInDays: 7,
  });
  assert.match(made.secret, /^sxf_[\w-]{43}$/);
  assert.ok(made.secret.startsWith(made.token.prefix) && made.token.prefix.length < 15);
  assert.deepEqual([made.token.scopes, made.token.usedAtMs, made.token.projectId], [['run', 'read'], null, null]);
  assert.ok(Math.abs(made.token.expiresAtMs! - Date.now() - 7 * DAY_MS) < 60_000);
  const rows = await service.service.database.query.selectFrom('credential').selectAll().execute();
  assert.ok(!JSON.stringify(rows).includes(made.secret));
  const user = service.visitor();
  user.token = made.secret;
  await user.get('/session');
  const { items } = await admin.get<Page<Token>>('/tokens');
  assert.ok(items.find(({ id }) => id === made.token.id)!.usedAtMs! >= made.token.createdAtMs);
  assert.ok(!JSON.stringify(items).includes(made.secret));
});

test('a token that has expired lets nobody in', async () => {
  const token = await service.addToken(['read']);
  const { query } = service.service.database;
  await query
    .updateTable('credential')
    .set({ expires_ms: Date.now() - 1 })
    .where('prefix', '=', token.token!.slice(0, 10))
    .execute();
  const { status, body } = await token.call('GET', '/session');
  assert.equal(status, 401);
  assert.match(body.detail, /expired/);
});

test('a token is refused that would be for nothing, for too long, or for a project of others', async () => {
  const theirs = await service.project('Of others');
  const mine = await service.project('Of mine');
  const { visitor } = await service.addPerson('tokens@example.com', mine.id, 'viewer');
  for (const [body, status] of [
    [{ scopes: [] }, 400],
    [{ scopes: ['write'] }, 400],
    [{ scopes: ['read'], expiresInDays: 0 }, 400],
    [{ scopes: ['read'], expiresInDays: 3651 }, 400],
    [{ scopes: ['read'], name: '' }, 400],
    [{ scopes: ['read'], projectId: theirs.id }, 422],
    [{ scopes: ['read'], projectId: 'none' }, 422],
    [{ scopes: ['server'] }, 403],
  ] as const)
    assert.equal((await visitor.call('POST', '/tokens', { name: 't', ...body })).status, status, JSON.stringify(body));
  assert.deepEqual((await visitor.get<Page<Token>>('/tokens')).items, []);
});

test('a token does not reach further than its person, whatever it says, nor when that changes', async () => {
  const project = await service.project('Reach');
  const { person, visitor } = await service.addPerson('reach@example.com', project.id, 'viewer');
  const { secret } = await visitor.post<{ secret: string }>('/tokens', { name: 't', scopes: ['admin'] });
  const token = service.visitor();
  token.token = secret;
  const role = async () => (await token.call('GET', `/projects/${project.id}`)).body.role;
  assert.equal(await role(), 'viewer');
  const member = `/projects/${project.id}/members/${person.id}`;
  await service.admin.expect('PATCH', member, { role: 'admin' });
  assert.equal(await role(), 'admin');
  await service.admin.expect('DELETE', member);
  assert.equal((await token.call('GET', `/projects/${project.id}`)).status, 404);
});

test('nobody revokes or sees the tokens of others', async () => {
  const { visitor } = await service.addPerson('curious@example.com');
  const { token } = await service.admin.post<{ token: Token }>('/tokens', { name: 'mine', scopes: ['read'] });
  assert.equal((await visitor.call('DELETE', `/tokens/${token.id}`)).status, 404);
  assert.deepEqual((await visitor.get<Page<Token>>('/tokens')).items, []);
  await service.admin.expect('DELETE', `/tokens/${token.id}`);
  assert.equal((await service.admin.call('DELETE', `/tokens/${token.id}`)).status, 404);
});

test('a token that signs out is revoked, and that is written down', async () => {
  const token = await service.addToken(['read']);
  await token.expect('DELETE', '/session');
  assert.equal((await token.call('GET', '/session')).status, 401);
  const { items } = await service.admin.get<Page<{ action: string; object: string }>>('/audit?limit=1');
  assert.deepEqual(
    items.map(({ action, object }) => [action, object]),
    [['token.revoke', `read (${token.token!.slice(0, 10)}…)`]],
  );
});

test('where no passwords are taken, nothing that is done with one works, and links lead to where one signs in', async () => {
  const without = await ServiceUnderTest.start({ takesPasswords: false });
  try {
    const { admin } = without;
    const said = /this server takes no passwords: sign in at its provider/;
    for (const [method, place, body] of [
      ['POST', '/session', { email: 'ann@example.com', password: 'correct horse' }],
      ['POST', '/password', { token: 'x', password: 'long enough' }],
      ['PUT', '/password', { current: 'x', password: 'long enough' }],
    ] as const) {
      const answer = await admin.call(method, place, body);
      assert.equal(answer.status, 403, `${method} ${place}`);
      assert.match(answer.body.detail, said);
    }
    const invitation = await admin.post<{ link: string; expiresAtMs: null }>('/people', {
      email: 'b@x.example',
      name: 'B',
    });
    assert.deepEqual([invitation.link, invitation.expiresAtMs], [`${without.service.url}/sign-in`, null]);
    const ways = await without.visitor().get<object>('/sign-in');
    assert.deepEqual(ways, { takesPasswords: false, provider: null });
    const start = await without.visitor().call('GET', '/sign-in/start');
    assert.deepEqual([start.status, start.body.detail.slice(0, 29)], [404, 'this server knows no provider']);
  } finally {
    await without.stop();
  }
});
