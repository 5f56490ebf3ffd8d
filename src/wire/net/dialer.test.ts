import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import tls from 'node:tls';
import { createCertificates } from '../../demo/certificates.ts';
import type { Connection } from './connection.ts';
import { Dialer, type DialRequest } from './dialer.ts';
import type { TlsParams } from './tls-params.ts';
import { WireError } from './wire-error.ts';

const servers: net.Server[] = [];
const { ca, cert, key } = createCertificates(['localhost', '127.0.0.1']);

after(() => {
  for (const server of servers) server.close();
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const echo = (): net.Server =>
  net.createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });

const secure = (): TlsParams => ({ alpn: ['h2', 'http/1.1'], rejectUnauthorized: true, ca: [ca] });

function dial(request: Partial<DialRequest> & { port: number }, dialer = new Dialer()): Promise<Connection> {
  return dialer.dial({ host: '127.0.0.1', tls: null, timeoutMs: 30_000, meter: { sent: 0, received: 0 }, ...request });
}

async function codeOf(dialling: Promise<unknown>): Promise<number> {
  const error = await dialling.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WireError, `not refused: ${String(error)}`);
  return error.code;
}

/** Sends `text` and collects until as much has come back. */
function roundTrip(connection: Connection, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    connection.handler = {
      onData(chunk) {
        seen += chunk.toString();
        if (seen.length >= text.length) resolve(seen);
      },
      onDrain() {},
      onClose: (error) => reject(error ?? new Error('closed')),
      onFault: reject,
    };
    connection.write(Buffer.from(text));
  });
}

describe('a plain connection', () => {
  test('carries bytes both ways, counts them, and tells where it leads', async () => {
    const port = await listen(echo());
    const meter = { sent: 0, received: 0 };
    const connection = await dial({ port, meter });
    assert.equal(await roundTrip(connection, 'there and back'), 'there and back');
    assert.deepEqual(meter, { sent: 14, received: 14 });
    assert.deepEqual(
      [connection.remoteAddress, connection.remotePort, connection.alpn, connection.tls],
      ['127.0.0.1', port, null, null],
    );
    assert.ok(connection.marks.connectMs > 0);
    connection.destroy();
  });

  test('keeps what comes before there is a handler, in order', async () => {
    const port = await listen(net.createServer((socket) => socket.end('early')));
    const connection = await dial({ port });
    await new Promise((resolve) => setImmediate(resolve));
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      connection.handler = {
        onData: (chunk) => events.push(chunk.toString()),
        onDrain() {},
        onClose(error) {
          events.push(`closed ${error}`);
          resolve();
        },
        onFault: assert.fail,
      };
    });
    assert.deepEqual(events, ['early', 'closed null']);
    assert.equal(connection.closed, true);
  });

  test('gives what came early to the last handler only, where one takes the place of another at once', async () => {
    const port = await listen(net.createServer((socket) => socket.end('early')));
    const connection = await dial({ port });
    while (connection.meter.received === 0) await new Promise((resolve) => setImmediate(resolve));
    const events: string[] = [];
    const handler = (name: string, closed = () => {}) => ({
      onData: (chunk: Buffer) => events.push(`${name} ${chunk}`),
      onDrain() {},
      onClose: closed,
      onFault: assert.fail,
    });
    await new Promise<void>((resolve) => {
      connection.handler = handler('first', () => events.push('first closed'));
      connection.handler = handler('second', resolve);
    });
    assert.deepEqual(events, ['second early']);
  });

  test('reports a reset as 1220', async () => {
    const port = await listen(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    const connection = await dial({ port });
    await assert.rejects(roundTrip(connection, 'x'), { code: 1220 });
  });

  test('comes from the local address of the virtual user', async () => {
    const from: string[] = [];
    const port = await listen(net.createServer((socket) => from.push(String(socket.remoteAddress)) && socket.end()));
    const dialer = new Dialer({ localIPs: ['127.0.0.2', '127.0.0.3'] });
    for (const localAddressIndex of [0, 1, 2]) (await dial({ port, localAddressIndex }, dialer)).destroy();
    assert.deepEqual(from, ['127.0.0.2', '127.0.0.3', '127.0.0.2']);
  });
});

describe('what may not or cannot be dialled', () => {
  test('has the code that says why', async () => {
    const dialer = new Dialer({
      hosts: { 'shop.test': '10.9.9.9', 'blocked.test': '127.0.0.1' },
      blacklistIPs: ['10.0.0.0/8'],
      blockHostnames: ['blocked.test'],
    });
    assert.equal(await codeOf(dial({ port: 1 })), 1212);
    assert.equal(await codeOf(dial({ port: 80, host: 'nothing.invalid' })), 1101);
    assert.equal(await codeOf(dial({ port: 80, host: 'shop.test' }, dialer)), 1110);
    assert.equal(await codeOf(dial({ port: 80, host: 'Blocked.test' }, dialer)), 1111);
  });

  test('is given up when the signal says so', async () => {
    const port = await listen(net.createServer());
    const controller = new AbortController();
    const dialling = dial({ port, tls: secure(), signal: controller.signal });
    controller.abort();
    assert.equal(await codeOf(dialling), 1030);
  });
});

test('a port that there cannot be is said as that, whatever is spoken', async () => {
  for (const tls of [null, secure()]) {
    await assert.rejects(dial({ port: 70_000, tls }), {
      code: 1210,
      message: 'dial: invalid port 70000 (ports go up to 65535)',
      kind: 'dial: invalid port',
    });
  }
});

describe('a TLS connection', () => {
  const serve = (options: tls.TlsOptions = {}): Promise<number> =>
    listen(
      tls.createServer({ key, cert, ALPNProtocols: ['h2'], ...options }, (socket) => {
        socket.on('error', () => {});
        socket.pipe(socket);
      }),
    );

  test('negotiates a protocol, checks the certificate and counts the bytes on the wire', async () => {
    const port = await serve();
    const meter = { sent: 0, received: 0 };
    const connection = await dial({ port, host: 'localhost', tls: secure(), meter });
    assert.equal(connection.alpn, 'h2');
    assert.equal(connection.tls?.version, 'tls1.3');
    assert.match(connection.tls?.cipher ?? '', /^TLS_/);
    assert.ok(connection.marks.tlsMs > 0);
    assert.equal(await roundTrip(connection, 'secret'), 'secret');
    assert.ok(meter.received > 500 && meter.sent > 200, JSON.stringify(meter));
    connection.destroy();
  });

  test('gives its keys away to whoever asked for them, in the form of a key log', async () => {
    const lines: string[] = [];
    const port = await serve();
    const dialer = new Dialer({ onKeys: (line) => lines.push(line.toString()) });
    const connection = await dial({ port, host: 'localhost', tls: secure() }, dialer);
    connection.destroy();
    assert.ok(lines.length >= 4, String(lines.length));
    for (const line of lines) assert.match(line, /^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n$/);
    assert.ok(lines.some((line) => line.startsWith('CLIENT_TRAFFIC_SECRET_0 ')));
  });

  test('to somebody else is refused, with the code of the reason', async () => {
    const port = await serve();
    assert.equal(await codeOf(dial({ port, tls: { alpn: [], rejectUnauthorized: true } })), 1310);
    assert.equal(await codeOf(dial({ port, tls: { ...secure(), serverName: 'other.test' } })), 1311);
    (await dial({ port, tls: { alpn: [], rejectUnauthorized: false } })).destroy();
  });

  test('without a version in common is 1321, with a peer that speaks no TLS 1301', async () => {
    const old = await serve({ maxVersion: 'TLSv1.2' });
    assert.equal(await codeOf(dial({ port: old, tls: { ...secure(), minVersion: 'TLSv1.3' } })), 1321);
    const plain = await listen(
      net.createServer((socket) =>
        socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      ),
    );
    assert.equal(await codeOf(dial({ port: plain, tls: secure() })), 1301);
  });

  test('that stalls or breaks off in the handshake says so', async () => {
    const silent = await listen(net.createServer());
    assert.equal(await codeOf(dial({ port: silent, tls: secure(), timeoutMs: 30 })), 1323);
    const closing = await listen(net.createServer((socket) => socket.once('data', () => socket.end())));
    assert.equal(await codeOf(dial({ port: closing, tls: secure() })), 1040);
  });
});
