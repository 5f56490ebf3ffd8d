import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import tls from 'node:tls';
import { BREACHED_ERRORS, BROKEN_PORTS, brokenPortOf, FOREIGN_PORTS, PORTS } from './port-list.ts';
import { startTarget, type Target } from './target.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

/** Where a code is brought about. */
const addressOf = (code: number) => new URL(target.addresses.broken[brokenPortOf(code)!.port]!);

/** What a client that verifies, and trusts the target's authority, meets. */
function connect(code: number, options: tls.ConnectionOptions = {}): Promise<string> {
  const { hostname: host, port } = addressOf(code);
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port: Number(port), ca: target.addresses.ca, ...options });
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    socket.on('data', (bytes) => resolve(bytes.toString('latin1').slice(0, 12)));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve('closed'));
  });
}

test('each port that fails has its address', () => {
  assert.equal(target.addresses.broken.length, BROKEN_PORTS.length);
  assert.equal(PORTS, 4 + BROKEN_PORTS.length + FOREIGN_PORTS.length);
  assert.equal(brokenPortOf(1220), null);
  assert.deepEqual(brokenPortOf(1654), { port: 7, path: '/3' });
});

test('certificates are wrong in the way that is promised, and in no other', async () => {
  assert.equal(await connect(1312), 'CERT_HAS_EXPIRED');
  assert.equal(await connect(1313), 'CERT_NOT_YET_VALID');
  assert.equal(await connect(1311), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.equal(await connect(1311, { checkServerIdentity: () => undefined }), 'HTTP/1.1 200');
});

test('handshakes are refused by alert', async () => {
  assert.match(await connect(1320), /HANDSHAKE_FAILURE/);
  assert.match(await connect(1321), /PROTOCOL_VERSION/);
  assert.match(await connect(1322), /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/);
});

test('a handshake that makes no sense is refused by the client', async () => {
  assert.equal(await connect(1300), 'ERR_SSL_UNEXPECTED_MESSAGE');
});

test('a full queue lets nobody in', { skip: process.platform !== 'linux' && 'other systems refuse' }, async () => {
  const { hostname, port } = addressOf(1211);
  const sockets = Array.from({ length: 3 }, () => net.connect(Number(port), hostname));
  for (const socket of sockets) socket.on('error', () => {});
  // What would get in is in long before the second packet that a client sends after a second.
  const first = await Promise.race([...sockets.map((socket) => once(socket, 'connect')), wait(500, 'nobody')]);
  assert.equal(first, 'nobody');
  for (const socket of sockets) socket.destroy();
});

test('a handshake without an answer stays open', async () => {
  const { hostname, port } = addressOf(1323);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write('hello', resolve));
  assert.equal(socket.readyState, 'open');
  socket.destroy();
});

// nghttp2 puts up with window updates: error 11 is tried by the script of its page.
for (const error of BREACHED_ERRORS.filter((one) => one !== 11))
  test(`HTTP/2 is broken so that nghttp2 ends the connection too: error ${error}`, async () => {
    const session = http2.connect(addressOf(1652), { rejectUnauthorized: false });
    const ended = new Promise((resolve) => session.on('error', resolve).on('close', resolve));
    const stream = session.request({ ':path': `/${error}` });
    stream.on('error', () => {});
    const answered = new Promise((resolve) => stream.on('response', () => resolve('answered')));
    assert.notEqual(await Promise.race([ended, answered]), 'answered');
  });

test('/code leads to the port that can do it', async () => {
  const locationOf = (code: number) =>
    new Promise((resolve, reject) => {
      http
        .get(`${target.addresses.http}/code/${code}`, (response) => resolve(response.resume().headers.location))
        .on('error', reject);
    });
  const [broken, https] = [target.addresses.broken, target.addresses.https];
  assert.equal(await locationOf(1312), `${broken[1]}/`);
  assert.equal(await locationOf(1662), `${broken[7]}/11`);
  assert.equal(await locationOf(1633), `${https}/code/1633`);
  assert.equal(await locationOf(1404), undefined);
});

test('/code says where other protocols bring a code about', async () => {
  const response = await fetch(`${target.addresses.http}/code/2003`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), new RegExp(`for 2003, ask Redis at ${target.addresses.protocols}`));
});

test('as a proxy it refuses, whoever asks', async () => {
  const { hostname, port } = new URL(target.addresses.http);
  const ask = (headers: http.OutgoingHttpHeaders) =>
    new Promise((resolve, reject) => {
      http
        .request({ host: hostname, port, method: 'CONNECT', path: 'shop.test:443', headers })
        .on('connect', (response, socket) => {
          socket.destroy();
          resolve(response.statusCode);
        })
        .on('error', reject)
        .end();
    });
  assert.equal(await ask({}), 407);
  assert.equal(await ask({ 'proxy-authorization': 'Basic ZGVtbzpkZW1v' }), 403);
});
