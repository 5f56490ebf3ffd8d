// How a server starts: where it listens and what it is called, by TLS or behind a proxy, and what it says where it cannot.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createCertificates } from '../demo/certificates.ts';
import { type ServiceOptions, startService } from './service.ts';
import { ServiceUnderTest, Visitor } from './service-under-test.fixture.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-start-'));
after(() => rmSync(folder, { recursive: true }));

const optionsOf = (name: string, more: Partial<ServiceOptions> = {}): ServiceOptions => ({
  folder: path.join(folder, name),
  database: null,
  address: { host: '127.0.0.1', port: 0 },
  isBehindProxy: false,
  publicUrl: null,
  env: {},
  nats: null,
  cores: 1,
  log: () => {},
  ...more,
});

test('by TLS its address, its links and its cookies are for TLS alone', async () => {
  const { ca, cert, key } = createCertificates(['localhost', '127.0.0.1']);
  const service = await startService(optionsOf('tls', { tls: { cert, key } }));
  try {
    assert.match(service.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.ok(service.setupLink!.startsWith(`${service.url}/setup#token=`));
    const token = /token=(.+)$/.exec(service.setupLink!)![1];
    const body = JSON.stringify({ token, email: 'ann@example.com', name: 'Ann', password: 'correct horse' });
    const request = https.request(`${service.url}/api/v1/setup`, {
      method: 'POST',
      ca,
      headers: { 'content-type': 'application/json' },
      agent: false,
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [
      { statusCode: number; headers: Record<string, string[]>; resume(): void },
    ];
    response.resume();
    assert.equal(response.statusCode, 201);
    assert.match(response.headers['set-cookie']![0]!, /^sixfold_session=.*; HttpOnly; Secure; SameSite=Strict/);
    await assert.rejects(fetch(service.url.replace('https', 'http')), 'nobody gets in without');
  } finally {
    await service.close();
  }
});

test('behind a proxy it is what people call it, and cookies are Secure where the proxy speaks TLS', async () => {
  const publicUrl = 'https://load.example/tests';
  const service = await startService(optionsOf('proxy', { isBehindProxy: true, publicUrl }));
  try {
    assert.ok(service.setupLink!.startsWith(`${publicUrl}/setup#token=`));
    const visitor = new Visitor(`http://127.0.0.1:${service.address.port}`);
    await visitor.setUp(service.setupLink!);
    const { link } = await visitor.post<{ link: string }>('/people', { email: 'x@example.com', name: 'X' });
    assert.ok(link.startsWith(`${publicUrl}/password#token=`), link);
    const cookieBy = async (headers: Record<string, string>): Promise<string> => {
      const signIn = { email: 'ann@example.com', password: 'correct horse' };
      return (
        await new Visitor(`http://127.0.0.1:${service.address.port}`).expect('POST', '/session', signIn, headers)
      ).headers.getSetCookie()[0]!;
    };
    assert.match(await cookieBy({ 'x-forwarded-proto': 'https' }), /; Secure;/);
    assert.doesNotMatch(await cookieBy({}), /Secure/);
    // Names are the proxy's affair.
    assert.equal((await visitor.call('GET', '/health', undefined, { 'x-forwarded-host': 'load.example' })).status, 200);
  } finally {
    await service.close();
  }
});

test('without a proxy nobody is believed who says that they are one', async () => {
  const service = await ServiceUnderTest.start();
  try {
    const credentials = { email: 'forged@example.com', password: 'no' };
    await service.visitor().call('POST', '/session', credentials, { 'x-forwarded-for': '203.0.113.1' });
    const { items } = await service.admin.get<{ items: { object: string; address: string }[] }>('/audit');
    assert.equal(items.find(({ object }) => object === credentials.email)?.address, '127.0.0.1');
  } finally {
    await service.stop();
  }
});

test('a link makes the first administrator until there is one; then a start makes none', async () => {
  const options = optionsOf('twice');
  const first = await startService(options);
  const token = /token=(.+)$/.exec(first.setupLink!)![1];
  await first.close();
  const second = await startService(options);
  try {
    const body = { token, email: 'ann@example.com', name: 'Ann', password: 'correct horse' };
    const early = await new Visitor(second.url).call('POST', '/setup', body);
    assert.equal(early.status, 403, 'the link of an earlier start has ended');
    const newer = /token=(.+)$/.exec(second.setupLink!)![1];
    await new Visitor(second.url).expect('POST', '/setup', { ...body, token: newer });
  } finally {
    await second.close();
  }
  const third = await startService(options);
  assert.equal(third.setupLink, null);
  await third.close();
});

test('what a server has worked with goes with it, and what it keeps stays', async () => {
  const options = optionsOf('kept');
  const service = await startService(options);
  await service.close();
  for (const [name, isThere] of [
    ['sixfold.db', true],
    ['server.key', true],
  ] as const)
    assert.equal(existsSync(path.join(options.folder, name)), isThere, name);
  assert.deepEqual(
    readdirSync(options.folder).filter((name) => name.startsWith('server-')),
    [],
  );
});

test('an address that somebody else has is said, with the code of that', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await assert.rejects(
      startService(optionsOf('taken', { address: { host: '127.0.0.1', port } })),
      (error: Error & { exitCode?: number }) => {
        assert.equal(error.exitCode, 106);
        assert.match(error.message, new RegExp(`^the server cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
        return true;
      },
    );
    const free = await startService(optionsOf('taken'));
    await free.close();
  } finally {
    other.close();
  }
});

test('a folder that cannot be made, and a key that is none, are said before anything listens', async () => {
  const file = path.join(folder, 'a-file');
  writeFileSync(file, 'x');
  await assert.rejects(startService(optionsOf('a-file/below')), {
    exitCode: 255,
    message: /^--data .*a-file\/below: /,
  });
  await assert.rejects(startService(optionsOf('short', { env: { SIXFOLD_SERVER_KEY: 'short' } })), {
    exitCode: 255,
    message: 'SIXFOLD_SERVER_KEY must have at least 32 characters',
  });
});

test('pages are served under every path that is none of the API’s, and asked for again only where they have changed', async () => {
  const service = await ServiceUnderTest.start();
  try {
    const root = service.service.url;
    const first = await fetch(`${root}/runs/some/where?x=1`);
    const html = await first.text();
    assert.match(first.headers.get('content-type')!, /^text\/html; charset=utf-8/);
    assert.match(first.headers.get('content-security-policy')!, /default-src 'self'.*frame-ancestors 'none'/);
    assert.ok(html.includes('<html'));
    const etag = first.headers.get('etag')!;
    const again = await fetch(root, { headers: { 'if-none-match': etag } });
    assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', etag]);
    assert.equal((await fetch(root, { headers: { 'if-none-match': '"another"' } })).status, 200);
    const missing = await fetch(`${root}/api/v2/anything`);
    assert.deepEqual(
      [missing.status, missing.headers.get('content-type')?.split(';')[0]],
      [404, 'application/problem+json'],
    );
    await missing.text();
  } finally {
    await service.stop();
  }
});

test('who makes load and what waits is told to those who are signed in, and that it works to everybody', async () => {
  const service = await ServiceUnderTest.start({ cores: 3 });
  try {
    const health = await service.visitor().get<{ ok: boolean; version: string }>('/health');
    assert.equal(health.ok, true);
    assert.match(health.version, /^\d+\.\d+\.\d+/);
    assert.equal((await service.visitor().call('GET', '/queue')).status, 401);
    const queue = await service.admin.get<{
      servers: { cores: number; isAlive: boolean; running: number }[];
      queued: number;
      active: number;
      agents: null;
    }>('/queue');
    assert.deepEqual(
      [
        queue.servers.map(({ cores, isAlive, running }) => [cores, isAlive, running]),
        queue.queued,
        queue.active,
        queue.agents,
      ],
      [[[3, true, 0]], 0, 0, null],
    );
    // A server that has not been heard of for longer than its lease is shown as what it is.
    await service.service.database.query
      .insertInto('server')
      .values({ id: 'gone', name: 'gone', cores: 8, started_ms: 1, seen_ms: Date.now() - 16_000 })
      .execute();
    const { servers } = await service.admin.get<{ servers: { id: string; isAlive: boolean }[] }>('/queue');
    assert.equal(servers.find(({ id }) => id === 'gone')?.isAlive, false);
  } finally {
    await service.stop();
  }
});
