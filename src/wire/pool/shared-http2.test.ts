import assert from 'node:assert/strict';
import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { createCertificates } from '../../demo/certificates.ts';
import type { HttpRequest } from '../http1/exchange.ts';
import { Dialer } from '../net/dialer.ts';
import type { TlsParams } from '../net/tls-params.ts';
import { WireError } from '../net/wire-error.ts';
import { HttpConnections } from './http-connections.ts';

const sessions = new Set<ServerHttp2Session>();
let server: http2.Http2SecureServer;
let port = 0;
let refusals = 0;
let refusalMs = 0;
let pool: HttpConnections;

before(async () => {
  const { cert, key } = createCertificates(['127.0.0.1']);
  server = http2.createSecureServer({ key, cert, allowHTTP1: true });
  server.on('session', (session) => sessions.add(session));
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const path = String(headers[':path']);
    stream.on('error', () => {});
    if (path === '/refused' && refusals-- > 0) {
      const until = performance.now() + refusalMs;
      while (performance.now() < until);
      return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    }
    if (path === '/internal') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    if (path === '/silent') return;
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('end', () => {
      stream.respond(
        {
          ':status': path === '/none' ? 204 : 200,
          'x-authority': String(headers[':authority']),
          'x-own': String(headers['x-own']),
        },
        { endStream: path === '/none' },
      );
      if (path !== '/none') stream.end(`${headers[':method']} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => {
  for (const session of sessions) session.destroy();
  server.close();
});
afterEach(() => pool.close());

const tls: TlsParams = { alpn: ['h2', 'http/1.1'], rejectUnauthorized: false };
const OPTIONS = { timeoutMs: 30_000, readBody: true, tls };

function openPool(): void {
  sessions.clear();
  pool = new HttpConnections({
    dialer: new Dialer(),
    meter: { sent: 0, received: 0 },
    maxIdlePerHost: 6,
    noReuse: false,
  });
}

const make = (fields: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: '127.0.0.1',
  port,
  path: '/',
  headers: [
    ['Host', 'shop.test'],
    ['X-Own', 'yes'],
    ['Connection', 'close'],
  ],
  body: null,
  ...fields,
});

test('where TLS negotiates h2, all requests share one connection', async () => {
  openPool();
  const first = await pool.request(make({ method: 'POST', body: 'text' }), OPTIONS);
  assert.deepEqual(
    [first.status, first.statusText, first.proto, String(first.body), first.tls?.version],
    [200, 'OK', 'HTTP/2.0', 'POST text', 'tls1.3'],
  );
  assert.deepEqual([first.values('x-authority'), first.values('x-own')], [['shop.test'], ['yes']]);
  assert.ok(first.timings.tlsHandshaking > 0 && first.timings.waiting > 0);
  const more = await Promise.all(Array.from({ length: 20 }, () => pool.request(make(), OPTIONS)));
  assert.ok(more.every(({ status, timings }) => status === 200 && timings.connecting === 0));
  assert.equal(sessions.size, 1);
});

test('what a request waits for the end of its turn of the event loop is blocked time, with and without a body', async () => {
  openPool();
  await pool.request(make(), OPTIONS);
  for (const body of [null, 'text', 'x'.repeat(100_000)]) {
    const asked = pool.request(make({ method: 'POST', body }), OPTIONS);
    const until = performance.now() + 20;
    while (performance.now() < until);
    const { timings } = await asked;
    assert.ok(timings.blocked >= 20, `blocked ${timings.blocked}`);
    assert.ok(timings.sending >= 0, `sending ${timings.sending}`);
  }
});

test('a response without a body has none', async () => {
  openPool();
  const response = await pool.request(make({ path: '/none' }), OPTIONS);
  assert.deepEqual([response.status, response.body, response.bodiless], [204, null, true]);
});

test('a refused stream is sent again; one that is reset for another reason has its code', async () => {
  openPool();
  refusals = 2;
  assert.equal((await pool.request(make({ path: '/refused' }), OPTIONS)).status, 200);
  const error = await pool.request(make({ path: '/internal' }), OPTIONS).catch((reason: unknown) => reason);
  assert.ok(error instanceof WireError);
  assert.equal(error.code, 1633);
  assert.equal((await pool.request(make(), OPTIONS)).status, 200);
});

test('what a request took until it was refused is blocked time of the one that is sent for it', async () => {
  openPool();
  await pool.request(make(), OPTIONS);
  refusals = 2;
  refusalMs = 20;
  const { timings } = await pool.request(make({ path: '/refused' }), OPTIONS);
  refusalMs = 0;
  assert.ok(timings.blocked >= 40, `blocked ${timings.blocked}`);
});

test('a timeout gives up the stream, not the connection', async () => {
  openPool();
  const error = await pool
    .request(make({ path: '/silent' }), { ...OPTIONS, timeoutMs: 150 })
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof WireError);
  assert.equal(error.code, 1050);
  assert.equal((await pool.request(make(), OPTIONS)).status, 200);
  assert.equal(sessions.size, 1);
});
