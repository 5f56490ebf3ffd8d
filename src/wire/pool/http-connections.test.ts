import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, afterEach, describe, test } from 'node:test';
import type { HttpRequest } from '../http1/exchange.ts';
import { Dialer } from '../net/dialer.ts';
import { WireError } from '../net/wire-error.ts';
import { HttpConnections, type HttpConnectionsOptions } from './http-connections.ts';

const servers: net.Server[] = [];
const pools: HttpConnections[] = [];

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});
after(() => {
  for (const server of servers) server.close();
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that answers each request of a connection by what `answer` says; `socket` and its request's number are given. */
function serve(answer: (socket: Socket, request: number, connection: number) => void): Promise<number> {
  let connections = 0;
  return listen(
    net.createServer((socket) => {
      const connection = ++connections;
      let requests = 0;
      socket.on('error', () => {});
      socket.on('data', () => answer(socket, ++requests, connection));
    }),
  );
}

function createPool(options: Partial<HttpConnectionsOptions> = {}): HttpConnections {
  const pool = new HttpConnections({
    dialer: new Dialer(),
    meter: { sent: 0, received: 0 },
    maxIdlePerHost: 6,
    noReuse: false,
    ...options,
  });
  pools.push(pool);
  return pool;
}

const get = (port: number, fields: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  scheme: 'http',
  host: '127.0.0.1',
  port,
  path: '/',
  headers: [['Host', 'x']],
  body: null,
  ...fields,
});
const PATIENT = { timeoutMs: 30_000, readBody: true, tls: null };
const reply = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function failureOf(promise: Promise<unknown>): Promise<WireError> {
  const error = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WireError, String(error));
  return error;
}

describe('connections', () => {
  test('are kept for the next request, and several are made for several at once', async () => {
    const port = await serve((socket, request, connection) => socket.write(reply(`${connection}.${request}`)));
    const pool = createPool();
    const bodyOf = async (): Promise<string> => String((await pool.request(get(port), PATIENT)).body);
    assert.deepEqual([await bodyOf(), await bodyOf()], ['1.1', '1.2']);
    assert.deepEqual((await Promise.all([bodyOf(), bodyOf()])).sort(), ['1.3', '2.1']);
    pool.closeIdle();
    assert.equal(await bodyOf(), '3.1');
  });

  test('are not kept beyond the number allowed, or not at all', async () => {
    const port = await serve((socket, request, connection) => socket.write(reply(`${connection}.${request}`)));
    const bodyOf = async (pool: HttpConnections): Promise<string> =>
      String((await pool.request(get(port), PATIENT)).body);
    const none = createPool({ noReuse: true });
    assert.deepEqual([await bodyOf(none), await bodyOf(none)], ['1.1', '2.1']);
    const one = createPool({ maxIdlePerHost: 1 });
    await Promise.all([bodyOf(one), bodyOf(one)]);
    const after = await Promise.all([bodyOf(one), bodyOf(one)]);
    assert.deepEqual(after.map((body) => body.split('.')[1]).sort(), ['1', '2']);
  });

  test('that the server closed meanwhile, even in answer to the request, are replaced silently', async () => {
    const port = await serve((socket, request, connection) => {
      if (request === 1) socket.write(reply(`${connection}`));
      else socket.end();
    });
    const pool = createPool();
    assert.equal(String((await pool.request(get(port), PATIENT)).body), '1');
    assert.equal(String((await pool.request(get(port), PATIENT)).body), '2');
  });

  test('are not replaced for a POST, which must not arrive twice', async () => {
    const port = await serve((socket, request) => {
      if (request === 1) socket.write(reply('ok'));
      else socket.end();
    });
    const pool = createPool();
    await pool.request(get(port), PATIENT);
    assert.equal((await failureOf(pool.request(get(port, { method: 'POST', body: 'x' }), PATIENT))).code, 1040);
  });

  test('that speak without being asked are given up', async () => {
    let first: Socket | null = null;
    const port = await serve((socket, _, connection) => {
      first ??= socket;
      socket.write(reply(String(connection)));
    });
    const pool = createPool();
    await pool.request(get(port), PATIENT);
    const closed = new Promise((resolve) => (first as unknown as Socket).once('close', resolve));
    (first as unknown as Socket).write('HTTP/1.1 200 OK\r\n');
    await closed;
    assert.equal(String((await pool.request(get(port), PATIENT)).body), '2');
  });
});

describe('a request', () => {
  test('that takes too long is 1050 with the times so far, whatever it waits for', async () => {
    const silent = await listen(net.createServer());
    const halfway = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    const pool = createPool();
    for (const port of [silent, halfway]) {
      const error = await failureOf(pool.request(get(port), { ...PATIENT, timeoutMs: 500 }));
      assert.equal(error.code, 1050);
      assert.ok((error.timings?.waiting ?? 0) + (error.timings?.receiving ?? 0) > 20, JSON.stringify(error.timings));
    }
    assert.equal(pool.active, 0);
  });

  test('that is abandoned is never heard of again', async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let gone = (): void => {};
    const departure = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const port = await serve((socket) => {
      socket.on('close', gone);
      arrived();
    });
    const pool = createPool();
    pool.start(get(port), PATIENT, { onResult: () => assert.fail('told of it') });
    await arrival;
    pool.abandonActive();
    await departure;
  });

  test('with a large body gets its answer, also one that comes before the body has gone', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/early') {
        response.writeHead(413).end('too much');
        return;
      }
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => response.end(String(size)));
    });
    const port = await listen(server);
    const pool = createPool();
    const body = Buffer.alloc(20_000_000, 'x');
    const headers: [string, string][] = [
      ['Host', 'x'],
      ['Content-Length', String(body.length)],
    ];
    const whole = await pool.request(get(port, { method: 'POST', body, headers }), PATIENT);
    assert.equal(String(whole.body), '20000000');
    assert.ok(whole.timings.sending > 0);
    const early = await pool.request(get(port, { method: 'POST', path: '/early', body, headers }), PATIENT);
    assert.equal(early.status, 413);
    assert.equal(String((await pool.request(get(port, { path: '/after' }), PATIENT)).body), '0');
    server.closeAllConnections();
  });

  test('whose header would break out of its line is refused', async () => {
    const port = await serve((socket) => socket.write(reply('ok')));
    const error = await failureOf(createPool().request(get(port, { headers: [['X', 'a\r\nEvil: yes']] }), PATIENT));
    assert.match(error.message, /invalid header field value for "X"/);
  });
});
