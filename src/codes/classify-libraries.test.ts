// What fetch, undici, grpc-js and connect throw, of real failures.
import assert from 'node:assert/strict';
import http from 'node:http';
import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import grpc from '@grpc/grpc-js';
import { request } from 'undici';
import { classify } from './classify.ts';

type Server = net.Server & { closeAllConnections?(): void };
const servers: Server[] = [];
const sockets = new Set<net.Socket>();
const ports: Record<'free' | 'hang' | 'close' | 'reset' | 'garbage' | 'busy' | 'half' | 'h2', number> = {
  free: 0,
  hang: 0,
  close: 0,
  reset: 0,
  garbage: 0,
  busy: 0,
  half: 0,
  h2: 0,
};

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What the HTTP/2 server does with a path. */
const STREAMS: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  '/t/refused': (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
  '/t/calm': (stream) => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM),
  '/t/cut': (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end();
  },
  '/t/busy': (stream) => {
    stream.respond({ ':status': 503, 'content-type': 'text/html' });
    stream.end('<html>');
  },
  '/t/big': (stream) => {
    const body = Buffer.alloc(5 + 5_000_000);
    body.writeUInt32BE(5_000_000, 1);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(body);
  },
  '/t/shipped': (stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '9', 'grpc-message': 'shipped' },
      { endStream: true },
    );
    stream.resume();
  },
  '/t/behind': (stream) => {
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': '14',
        'grpc-message': 'db: connection refused',
      },
      { endStream: true },
    );
    stream.resume();
  },
  '/t/hang': () => {},
};

before(async () => {
  ports.hang = await listen(net.createServer());
  ports.close = await listen(net.createServer((socket) => socket.once('data', () => socket.end())));
  ports.reset = await listen(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
  ports.garbage = await listen(
    net.createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n\r\n'))),
  );
  ports.busy = await listen(
    http.createServer((_, response) => {
      response.statusCode = 503;
      response.end();
    }),
  );
  ports.half = await listen(
    http.createServer((_, response) => {
      response.setHeader('content-length', '100');
      response.write('abc', () => response.destroy());
    }),
  );
  const h2 = http2.createServer();
  h2.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    STREAMS[String(headers[':path']).replace(/^\/\w+\.?\w*\//, '/t/')]?.(stream);
  });
  ports.h2 = await listen(h2);
  const taken = net.createServer();
  ports.free = await listen(taken);
  await new Promise((resolve) => taken.close(resolve));
});

after(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

async function errorOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return assert.fail('did not fail');
}

const at = (name: keyof typeof ports) => `http://127.0.0.1:${ports[name]}`;
const code = (error: unknown) => classify(error, 'dial').code;

const HTTP_CASES: readonly (readonly [what: string, url: () => string, wanted: number])[] = [
  ['a refused connection', () => at('free'), 1212],
  ['a connection that is closed', () => at('close'), 1040],
  ['a connection that is reset', () => at('reset'), 1220],
  ['an answer that is not HTTP', () => at('garbage'), 1041],
  ['an answer that ends early', () => at('half'), 1040],
  ['TLS to a port without', () => at('busy').replace('http:', 'https:'), 1301],
  // A label has 63 letters at most (RFC 1035, 2.3.4): no resolver is asked for this one.
  ['a name that cannot exist', () => `http://${'x'.repeat(64)}.invalid`, 1101],
  ['another scheme', () => 'ftp://127.0.0.1', 1020],
  ['no URL', () => 'http://[', 1020],
];

for (const [what, url, wanted] of HTTP_CASES) {
  test(`fetch: ${what}`, async () => {
    assert.equal(code(await errorOf(async () => (await fetch(url())).text())), wanted);
  });
  test(`undici: ${what}`, async () => {
    assert.equal(code(await errorOf(async () => (await request(url())).body.text())), wanted);
  });
}

test('fetch: ports that browsers block are refused by fetch itself, whether anybody listens or not', async () => {
  for (const port of [1, 25, 6000])
    assert.equal(code(await errorOf(() => fetch(`http://127.0.0.1:${port}`))), 1020, String(port));
});

test('fetch: time that runs out, and a request that is given up', async () => {
  assert.equal(
    classify(await errorOf(() => fetch(at('hang'), { signal: AbortSignal.timeout(20) })), 'read').code,
    1050,
  );
  assert.equal(code(await errorOf(() => fetch(at('hang'), { signal: AbortSignal.abort() }))), 1030);
  assert.equal(classify(await errorOf(() => request(at('hang'), { headersTimeout: 20 })), 'read').code, 1050);
});

interface CallOptions {
  readonly ms?: number;
  readonly cancel?: boolean;
}

/** @returns what a call of grpc-js failed with */
function call(address: string, path: string, { ms = 5000, cancel = false }: CallOptions = {}): Promise<unknown> {
  const bytes = (buffer: Buffer) => buffer;
  return new Promise((resolve) => {
    const client = new grpc.Client(address, grpc.credentials.createInsecure());
    const running = client.makeUnaryRequest(
      path,
      bytes,
      bytes,
      Buffer.alloc(0),
      new grpc.Metadata(),
      { deadline: Date.now() + ms },
      (error) => {
        client.close();
        resolve(error);
      },
    );
    if (cancel) setImmediate(() => running.cancel());
  });
}

test('grpc-js: what happened below gRPC keeps its own code', async () => {
  const h2 = `127.0.0.1:${ports.h2}`;
  const [refused, deadline, noConnection, cancelled, stream, calm, cut, busy, big, h1] = await Promise.all([
    call(`127.0.0.1:${ports.free}`, '/t/x'),
    call(h2, '/t/hang', { ms: 300 }),
    call(`127.0.0.1:${ports.hang}`, '/t/x', { ms: 300 }),
    call(h2, '/t/hang', { cancel: true }),
    call(h2, '/t/refused'),
    call(h2, '/t/calm'),
    call(h2, '/t/cut'),
    call(h2, '/t/busy'),
    call(h2, '/t/big'),
    call(`127.0.0.1:${ports.busy}`, '/t/x'),
  ]);
  assert.deepEqual(
    [refused, deadline, noConnection, cancelled, stream, calm, cut, busy, big, h1].map(code),
    [1212, 1050, 1211, 1030, 1638, 1642, 1041, 1503, 1702, 1652],
  );
});

test('grpc-js: a status that the server sent is the server’s, whatever its message says', async () => {
  const h2 = `127.0.0.1:${ports.h2}`;
  assert.deepEqual([await call(h2, '/t/shipped'), await call(h2, '/t/behind')].map(code), [1809, 1814]);
});

/** @returns what a call of connect failed with */
function connectCall(kind: 'grpc' | 'connect', baseUrl: string, name = 'X', ms = 5000): Promise<unknown> {
  const transport =
    kind === 'grpc'
      ? createGrpcTransport({ baseUrl, readMaxBytes: 1000 })
      : createConnectTransport({ baseUrl, httpVersion: '1.1' });
  const method = {
    kind: 'rpc',
    methodKind: 'unary',
    name,
    localName: name,
    input: EmptySchema,
    output: EmptySchema,
    parent: { typeName: 't' },
  } as unknown as Parameters<typeof transport.unary>[0];
  return errorOf(() => transport.unary(method, undefined, ms, undefined, {}));
}

test('connect: what happened below gRPC keeps its own code', async () => {
  const failures = await Promise.all([
    connectCall('grpc', at('free')),
    connectCall('connect', at('free')),
    connectCall('connect', at('close')),
    connectCall('connect', at('busy')),
    connectCall('connect', at('hang'), 'X', 100),
    connectCall('grpc', at('h2'), 'refused'),
    connectCall('grpc', at('h2'), 'busy'),
    connectCall('grpc', at('h2'), 'cut'),
    connectCall('grpc', at('h2'), 'big'),
    connectCall('grpc', at('h2'), 'shipped'),
    connectCall('grpc', at('h2'), 'behind'),
  ]);
  assert.deepEqual(failures.map(code), [1212, 1212, 1040, 1503, 1050, 1638, 1503, 1041, 1702, 1809, 1814]);
});
