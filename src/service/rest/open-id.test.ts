// Signing in at a real provider: whom its word lets in, and whom it does not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { CLIENT_ID, CLIENT_SECRET, OpenIdServer, Walker } from '../../../test/servers/open-id-provider.ts';
import type { Page, Person, Session } from '../api/documents.ts';
import { ATTEMPT_MS, type OpenIdSettings } from '../people/open-id.ts';
import type { ServiceOptions } from '../service.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

const COOKIE = 'sixfold_sign_in';

let provider: OpenIdServer;
let service: ServiceUnderTest;
/** How much later it is for the server, in ms. */
let later = 0;
const said: string[] = [];

const settingsOf = (issuer: string, more: Partial<OpenIdSettings> = {}): OpenIdSettings => ({
  issuer,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  name: 'Example',
  domains: [],
  addsPeople: false,
  project: null,
  ...more,
});

async function start(more: Partial<OpenIdSettings> = {}, options: Partial<ServiceOptions> = {}) {
  const started = await ServiceUnderTest.start({
    provider: settingsOf(provider.issuer, more),
    now: () => Date.now() + later,
    log: (_, message) => void said.push(message),
    ...options,
  });
  provider.allow(`${started.service.url}/api/v1/sign-in/callback`);
  return started;
}

before(async () => {
  provider = await OpenIdServer.start();
  provider.accounts.set('bea', { email: 'Bea@example.com', email_verified: true, name: 'Bea B.' });
  provider.accounts.set('carl', { email: 'carl@example.com', email_verified: false, name: 'Carl' });
  provider.accounts.set('dora', { email: 'dora@elsewhere.example', email_verified: true, name: 'Dora' });
  provider.accounts.set('nameless', {});
  service = await start();
});
after(async () => {
  await service?.stop();
  await provider?.stop();
});

const rootOf = (of = service): string => of.service.url;

/** @returns where the server sends a browser that wants in */
async function begin(walker: Walker, next = '/', of = service): Promise<URL> {
  const response = await walker.fetch(`${rootOf(of)}/api/v1/sign-in/start?next=${encodeURIComponent(next)}`);
  assert.equal(response.status, 303);
  return new URL(response.headers.get('location')!);
}

/** @returns the path that the server leads to in the end */
async function end(walker: Walker, callback: string, of = service): Promise<string> {
  const response = await walker.fetch(callback);
  assert.equal(response.status, 303, await response.text());
  const location = response.headers.get('location')!;
  assert.ok(location.startsWith(`${rootOf(of)}/`), location);
  return location.slice(rootOf(of).length);
}

async function signIn(account: string, { next = '/', of = service, walker = new Walker() } = {}) {
  const callback = await walker.signIn((await begin(walker, next, of)).href, `${rootOf(of)}/`, account);
  return { walker, callback, place: await end(walker, callback, of) };
}

async function whoIs(walker: Walker, of = service): Promise<string | null> {
  const response = await walker.fetch(`${rootOf(of)}/api/v1/session`);
  return response.status === 401 ? null : ((await response.json()) as Session).person.email;
}

async function audit(of = service): Promise<string[]> {
  const { items } = await of.admin.get<Page<{ action: string; object: string; detail: string }>>('/audit?limit=100');
  return items.map(({ action, object, detail }) => `${action} ${object} ${detail}`);
}

const personOf = async (email: string, of = service): Promise<Person | undefined> =>
  (await of.admin.get<Page<Person>>('/people?limit=100')).items.find((one) => one.email === email);

test('somebody whom an administrator has added signs in, and goes on with the page that was asked for', async () => {
  assert.deepEqual((await service.visitor().call('GET', '/sign-in')).body, {
    takesPasswords: true,
    provider: { name: 'Example', url: `${rootOf()}/api/v1/sign-in/start` },
  });
  await service.admin.post('/people', { email: 'bea@example.com', name: 'Bea' });
  const walker = new Walker();
  const url = await begin(walker, '/tests/1?a=b#c');
  assert.deepEqual(
    ['client_id', 'response_type', 'code_challenge_method', 'scope', 'redirect_uri'].map((name) =>
      url.searchParams.get(name),
    ),
    [CLIENT_ID, 'code', 'S256', 'openid email profile', `${rootOf()}/api/v1/sign-in/callback`],
  );
  const [kept] = (await walker.jar.getCookies(`${rootOf()}/api/v1/sign-in/callback`)).filter(
    ({ key }) => key === COOKIE,
  );
  assert.deepEqual([kept?.httpOnly, kept?.sameSite, kept?.path], [true, 'lax', '/api/v1/sign-in']);
  // What is kept for the way back can be read by the server alone.
  for (const name of ['state', 'nonce', 'code_challenge'])
    assert.ok(!Buffer.from(kept!.value, 'base64url').includes(url.searchParams.get(name)!));
  assert.equal(await whoIs(walker), null);
  const callback = await walker.signIn(url.href, `${rootOf()}/`, 'bea');
  assert.equal(await end(walker, callback), '/tests/1?a=b#c');
  assert.equal(await whoIs(walker), 'bea@example.com');
  const [session] = (await walker.jar.getCookies(rootOf())).filter(({ key }) => key === 'sixfold_session');
  assert.deepEqual([session?.httpOnly, session?.sameSite], [true, 'strict']);
  assert.equal(
    (await walker.jar.getCookies(callback)).some(({ key }) => key === COOKIE),
    false,
  );
  const rows = await audit();
  assert.ok(rows.includes(`session.create bea@example.com by ${provider.issuer}`), rows.join('\n'));
  assert.ok(rows.includes(`person.link-identity bea@example.com bea of ${provider.issuer}`), rows.join('\n'));
  const bea = await personOf('bea@example.com');
  assert.deepEqual([bea?.hasIdentity, bea?.hasPassword], [true, false]);
});

test('the account of the provider is who somebody is: their address there may change', async () => {
  provider.accounts.set('bea', { email: 'bea.new@example.com', email_verified: false });
  const { walker, place } = await signIn('bea');
  assert.deepEqual([place, await whoIs(walker)], ['/', 'bea@example.com']);
  // Somebody else has got the address since.
  provider.accounts.set('imposter', { email: 'bea@example.com', email_verified: true });
  const imposter = await signIn('imposter');
  assert.deepEqual([imposter.place, await whoIs(imposter.walker)], ['/sign-in?problem=other-account', null]);
  await service.admin.expect('DELETE', `/people/${(await personOf('bea@example.com'))!.id}/identity`);
  assert.equal(await whoIs(walker), null);
  assert.equal((await signIn('imposter')).place, '/');
  assert.equal((await signIn('bea')).place, '/sign-in?problem=email');
});

test('an address that the provider has not verified, none at all, and one that nobody has here let nobody in', async () => {
  await service.admin.post('/people', { email: 'carl@example.com', name: 'Carl' });
  for (const [account, reason] of [
    ['carl', 'email'],
    ['nameless', 'email'],
    ['dora', 'unknown'],
  ] as const) {
    const { walker, place } = await signIn(account);
    assert.deepEqual([place, await whoIs(walker)], [`/sign-in?problem=${reason}`, null], account);
  }
  assert.equal((await personOf('carl@example.com'))?.hasIdentity, false);
  const rows = await audit();
  assert.ok(
    rows.includes(`session.refused ${provider.issuer} there is nobody with the address dora@elsewhere.example`),
    rows.join('\n'),
  );
});

test('whoever is disabled stays out', async () => {
  await service.admin.post('/people', { email: 'ed@example.com', name: 'Ed' });
  provider.accounts.set('ed', { email: 'ed@example.com', email_verified: true });
  const { walker } = await signIn('ed');
  assert.equal(await whoIs(walker), 'ed@example.com');
  const { id } = (await personOf('ed@example.com'))!;
  await service.admin.expect('PATCH', `/people/${id}`, { isDisabled: true });
  assert.equal(await whoIs(walker), null);
  assert.equal((await signIn('ed', { walker })).place, '/sign-in?problem=disabled');
  assert.equal(await whoIs(walker), null);
  // Not by the address either.
  await service.admin.expect('DELETE', `/people/${id}/identity`);
  assert.equal((await signIn('ed')).place, '/sign-in?problem=disabled');
});

test('an answer of the provider counts once, in the browser that asked for it, and not for ever', async () => {
  await service.admin.post('/people', { email: 'flo@example.com', name: 'Flo' });
  provider.accounts.set('flo', { email: 'flo@example.com', email_verified: true });
  const walker = new Walker();
  const callback = await walker.signIn((await begin(walker)).href, `${rootOf()}/`, 'flo');
  // Somebody who is led to it by others would be signed in as them.
  assert.equal(await end(new Walker(), callback), '/sign-in?problem=again');
  const other = new Walker();
  await begin(other);
  assert.equal(await end(other, callback), '/sign-in?problem=again');
  const kept = await walker.jar.getCookies(callback);
  assert.equal(await end(walker, callback), '/');
  for (const cookie of kept) await walker.jar.setCookie(cookie, callback);
  assert.equal(await end(walker, callback), '/sign-in?problem=again');

  const wrong = new Walker();
  const answer = new URL(await wrong.signIn((await begin(wrong)).href, `${rootOf()}/`, 'flo'));
  answer.searchParams.set('state', 'another');
  assert.equal(await end(wrong, answer.href), '/sign-in?problem=again');

  const slow = new Walker();
  const late = await slow.signIn((await begin(slow)).href, `${rootOf()}/`, 'flo');
  later = ATTEMPT_MS + 1000;
  assert.equal(await end(slow, late), '/sign-in?problem=again');
  later = 0;
  for (const one of [wrong, other, slow]) assert.equal(await whoIs(one), null);
});

test('what the provider sends back may hold a question mark', async () => {
  await service.admin.post('/people', { email: 'hal@example.com', name: 'Hal' });
  provider.accounts.set('hal', { email: 'hal@example.com', email_verified: true });
  const walker = new Walker();
  const callback = await walker.signIn((await begin(walker)).href, `${rootOf()}/`, 'hal');
  assert.equal(await end(walker, callback.replace('?', '?hint=a?b&')), '/');
  assert.equal(await whoIs(walker), 'hal@example.com');
});

test('a code that the provider takes no more lets nobody in', async () => {
  const short = await OpenIdServer.start({ ttl: { AuthorizationCode: 1 } });
  const of = await ServiceUnderTest.start({ provider: settingsOf(short.issuer, { addsPeople: true }) });
  try {
    short.allow(`${rootOf(of)}/api/v1/sign-in/callback`);
    short.accounts.set('gus', { email: 'gus@example.com', email_verified: true });
    const walker = new Walker();
    const callback = await walker.signIn((await begin(walker, '/', of)).href, `${rootOf(of)}/`, 'gus');
    const code = new URL(callback).searchParams.get('code')!;
    await until(
      async () => !((await short.provider.AuthorizationCode.find(code))?.isValid ?? false),
      'the code expires',
    );
    assert.equal(await end(walker, callback, of), '/sign-in?problem=again');
    assert.equal(await whoIs(walker, of), null);
  } finally {
    await of.stop();
    await short.stop();
  }
});

test('a token for another attempt, and one that the provider has not signed, let nobody in', async () => {
  const walker = new Walker();
  const url = await begin(walker);
  url.searchParams.set('nonce', 'that-of-another-attempt');
  assert.equal(await end(walker, await walker.signIn(url.href, `${rootOf()}/`, 'flo')), '/sign-in?problem=provider');
  assert.equal(await whoIs(walker), null);
  const goBack = provider.changeKey();
  const forged = await signIn('flo');
  assert.deepEqual([forged.place, await whoIs(forged.walker)], ['/sign-in?problem=provider', null]);
  goBack();
  assert.equal((await signIn('flo')).place, '/');
  assert.ok(said.some((line) => line.includes(`signing in by ${provider.issuer}: `)));
});

test('whoever turns back at the provider is not signed in, and is told why', async () => {
  const walker = new Walker();
  const callback = await walker.cancel((await begin(walker)).href, `${rootOf()}/`);
  assert.match(callback, /error=access_denied/);
  assert.equal(await end(walker, callback), '/sign-in?problem=cancelled');
});

test('nobody is led to another site', async () => {
  for (const next of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/..//evil.example/',
    '\t//evil.example/',
    'javascript:alert(1)',
    '/api/v1/projects',
    `/${'a'.repeat(2000)}`,
  ]) {
    const { place } = await signIn('imposter', { next });
    assert.equal(place, '/', next);
  }
});

test('people are added where that is wished, of the domains that are let in, with their part in a project', async () => {
  provider.accounts.set('hal', { email: 'hal@example.org', email_verified: true, name: 'Hal' });
  const of = await start({
    addsPeople: true,
    domains: ['example.org', 'example.com'],
    project: { slug: 'shop', role: 'runner' },
  });
  try {
    const { walker } = await signIn('hal', { of });
    assert.equal(await whoIs(walker, of), 'hal@example.org');
    const hal = await personOf('hal@example.org', of);
    assert.deepEqual([hal?.name, hal?.isAdmin, hal?.hasPassword], ['Hal', false, false]);
    assert.ok(said.includes('--oidc-project: there is no project "shop"'));
    await of.project('Shop');
    provider.accounts.set('ida', { email: 'ida@example.com', email_verified: true });
    const ida = (await signIn('ida', { of })).walker;
    const session = (await (await ida.fetch(`${rootOf(of)}/api/v1/session`)).json()) as Session;
    assert.deepEqual(
      session.projects.map(({ slug, role }) => [slug, role]),
      [['shop', 'runner']],
    );
    assert.equal(session.person.name, 'ida@example.com');
    for (const [account, reason] of [
      ['dora', 'domain'],
      ['carl', 'email'],
    ] as const)
      assert.equal((await signIn(account, { of })).place, `/sign-in?problem=${reason}`, account);
    // Who has moved elsewhere since.
    provider.accounts.set('ida', { email: 'ida@evil.example', email_verified: true });
    assert.equal((await signIn('ida', { of })).place, '/sign-in?problem=domain');
  } finally {
    await of.stop();
    provider.allow(`${rootOf()}/api/v1/sign-in/callback`);
  }
});

test('passwords can be off: then nothing of them is taken, and links lead to where people sign in', async () => {
  const of = await start({}, { takesPasswords: false });
  try {
    provider.accounts.set('ann', { email: 'ann@example.com', email_verified: true });
    const { admin } = of;
    for (const [place, body] of [
      ['/session', { email: 'ann@example.com', password: 'correct horse' }],
      ['/password', { token: 'any', password: 'correct horse' }],
    ] as const) {
      const { status, body: problem } = await of.visitor().call('POST', place, body);
      assert.deepEqual([status, problem.detail], [403, 'this server takes no passwords: sign in at its provider']);
    }
    const change = { current: 'correct horse', password: 'correct horse' };
    assert.equal((await admin.call('PUT', '/password', change)).status, 403);
    const { link, expiresAtMs } = await admin.post<{ link: string; expiresAtMs: null }>('/people', {
      email: 'kay@example.com',
      name: 'Kay',
    });
    assert.deepEqual([link, expiresAtMs], [`${rootOf(of)}/sign-in`, null]);
    const { walker } = await signIn('ann', { of });
    assert.equal(await whoIs(walker, of), 'ann@example.com');
    assert.equal((await personOf('ann@example.com', of))?.hasPassword, false);
  } finally {
    await of.stop();
    provider.allow(`${rootOf()}/api/v1/sign-in/callback`);
  }
});

test('a provider that is away when somebody comes back from it lets nobody in, and the server goes on', async () => {
  const away = await OpenIdServer.start();
  const of = await ServiceUnderTest.start({
    provider: settingsOf(away.issuer),
    log: (_, message) => void said.push(message),
  });
  try {
    away.allow(`${rootOf(of)}/api/v1/sign-in/callback`);
    away.accounts.set('ann', { email: 'ann@example.com', email_verified: true });
    const walker = new Walker();
    const callback = await walker.signIn((await begin(walker, '/', of)).href, `${rootOf(of)}/`, 'ann');
    await away.stop();
    assert.equal(await end(walker, callback, of), '/sign-in?problem=provider');
    assert.ok(
      said.some((line) => /signing in by .*ECONNREFUSED/.test(line)),
      said.join('\n'),
    );
    // Who is known already needs no provider.
    assert.equal((await of.admin.call('GET', '/session')).status, 200);
  } finally {
    await of.stop();
  }
  await assert.rejects(
    ServiceUnderTest.start({ provider: settingsOf(away.issuer) }),
    /--oidc-issuer http:\/\/localhost:\d+: the provider cannot be used: .*ECONNREFUSED.*openid-configuration/,
  );
});

test('a provider of another name, and what is no provider, are refused at the start', async () => {
  const other = provider.issuer.replace('localhost', '127.0.0.1');
  for (const issuer of [other, rootOf()])
    await assert.rejects(
      ServiceUnderTest.start({ provider: settingsOf(issuer) }),
      /--oidc-issuer .*: the provider cannot be used: /,
    );
});
