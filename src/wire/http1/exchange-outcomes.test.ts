// One request after the other on a real connection: what becomes of each, whether it may be sent again, and whether the connection may
// carry another one (RFC 9112, sections 6.3 and 9.3).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Dialer } from '../net/dialer.ts';
import type { Resend } from '../net/resend.ts';
import { startTimings } from '../net/timings.ts';
import type { WireError } from '../net/wire-error.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { Http1Connection } from './http1-connection.ts';

/** What the server does when bytes have come, the first time, the second … */
let answers: ((socket: Socket, bytes: Buffer) => void)[] = [];
let peer!: Socket;
const server = net.createServer((socket) => {
  peer = socket;
  const steps = [...answers];
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => steps.shift()?.(socket, bytes));
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());
beforeEach(() => {
  answers = [];
});

const connect = async (meter = { sent: 0, received: 0 }): Promise<Http1Connection> =>
  new Http1Connection(
    await new Dialer().dial({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      tls: null,
      timeoutMs: 30_000,
      meter,
    }),
  );

interface Outcome {
  readonly response: HttpResponse | null;
  readonly error: WireError | null;
  readonly retry: Resend | null;
  readonly timings: ReturnType<typeof startTimings>;
}

function send(connection: Http1Connection, fields: Partial<HttpRequest> = {}, readBody = true): Promise<Outcome> {
  const timings = startTimings();
  const request: HttpRequest = {
    method: 'GET',
    scheme: 'http',
    host: '127.0.0.1',
    port: 80,
    path: '/',
    headers: [['Host', 'x']],
    body: null,
    ...fields,
  };
  return new Promise((resolve) =>
    connection.send(request, readBody, timings, {
      onResponse: (response) => resolve({ response, error: null, retry: null, timings }),
      onFailure: (error, retry) => resolve({ response: null, error, retry, timings }),
    }),
  );
}
const say =
  (...texts: string[]) =>
  (socket: Socket): void =>
    void socket.write(texts.join('\r\n'), 'latin1');
const OK = say('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok');

/** Resolves when the connection has left its keeper. */
const forgotten = (connection: Http1Connection): Promise<void> =>
  new Promise((resolve) => {
    connection.keeper = { forget: () => resolve() };
  });

describe('a connection', () => {
  test('carries one request after the other, and counts them', async () => {
    answers = [OK, say('HTTP/1.1 404 Not Found', 'Transfer-Encoding: chunked', '', '2', 'no', '0', '', ''), OK];
    const connection = await connect();
    const results: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      assert.equal(connection.usable, true);
      const sending = send(connection);
      assert.equal(connection.usable, false);
      const { response } = await sending;
      results.push([response!.status, String(response!.body)]);
    }
    assert.deepEqual(results, [
      [200, 'ok'],
      [404, 'no'],
      [200, 'ok'],
    ]);
    assert.equal(connection.requests, 3);
    connection.connection.destroy();
  });

  test('is of no use after an answer that says so, or ends with it, or that more comes behind', async () => {
    for (const answer of [
      say('HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 2', '', 'ok'),
      say('HTTP/1.0 200 OK', 'Content-Length: 2', '', 'ok'),
      say('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'okmore'),
      say('HTTP/1.1 200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked', '', '2', 'ok', '0', '', ''),
      (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nok'),
    ]) {
      answers = [answer];
      const connection = await connect();
      const { response } = await send(connection);
      assert.equal(String(response?.body), 'ok');
      assert.equal(connection.usable, false);
      assert.equal(connection.connection.closed, true);
    }
  });

  test('tells its keeper when the server ends it between requests, or speaks unasked', async () => {
    for (const act of [
      (socket: Socket) => void socket.end(),
      (socket: Socket) => void socket.resetAndDestroy(),
      (socket: Socket) => void socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'),
    ]) {
      answers = [OK];
      const connection = await connect();
      await send(connection);
      const gone = forgotten(connection);
      act(peer);
      await gone;
      assert.equal(connection.usable, false);
    }
  });

  test('is of no use where the answer came before the request had left', async () => {
    answers = [
      (socket) => {
        socket.pause();
        socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n');
      },
    ];
    const connection = await connect();
    const { response } = await send(connection, { method: 'POST', body: Buffer.alloc(64 << 20) });
    assert.equal(response?.status, 413);
    assert.equal(connection.usable, false);
    peer.destroy();
  });
});

describe('a request that fails', () => {
  const failure = async (answer: (socket: Socket) => void): Promise<[code?: number, retry?: Resend | null]> => {
    answers = [answer];
    const connection = await connect();
    const { error, retry, timings } = await send(connection);
    assert.equal(connection.usable, false);
    assert.ok(timings.waiting >= 0 && timings.receiving >= 0);
    return [error?.code, retry];
  };

  test('before anything of its answer came may have met a connection that was being closed', async () => {
    assert.deepEqual(await failure((socket) => socket.end()), [1040, 'unanswered']);
    assert.deepEqual(await failure((socket) => socket.resetAndDestroy()), [1220, 'unanswered']);
  });

  test('within its answer has been seen, and is not for another connection', async () => {
    assert.deepEqual(await failure((socket) => void socket.end('HTTP/1.1 2')), [1040, 'no']);
    assert.deepEqual(await failure((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')), [
      1040,
      'no',
    ]);
    assert.deepEqual(await failure((socket) => void socket.end('HTTP/1.1 100 Continue\r\n\r\n')), [1040, 'no']);
    assert.deepEqual(await failure((socket) => void socket.write('SSH-2.0-OpenSSH\r\n')), [1041, 'no']);
  });

  test('says whether the peer had shown that it speaks HTTP: only one that has not may expect TLS', async () => {
    const cases: [answer: (socket: Socket) => void, answered: boolean][] = [
      [(socket) => void socket.end(), false],
      [(socket) => void socket.end(Buffer.from('15030100020246', 'hex')), false],
      [(socket) => void socket.write('SSH-2.0-OpenSSH\r\n'), false],
      [(socket) => void socket.end('HTTP/1.1 2'), true],
      [(socket) => void socket.write('HTTP/1.1 two OK\r\n\r\n'), true],
      [(socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'), true],
      [(socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), true],
    ];
    for (const [answer, answered] of cases) {
      answers = [answer];
      assert.equal((await send(await connect())).error?.answered, answered, String(answer));
    }
    answers = [OK, (socket) => void socket.end()];
    const kept = await connect();
    await send(kept);
    assert.equal((await send(kept)).error?.answered, true, 'of a connection that has carried an answer');
  });

  test('because somebody gave it up is told once, or not at all', async () => {
    const connection = await connect();
    const error = Object.assign(new Error('enough'), { code: 1050 }) as unknown as WireError;
    const sending = send(connection);
    connection.fail(error);
    connection.fail(error);
    const { error: told, retry } = await sending;
    assert.deepEqual([told, retry], [error, 'no']);
    const reached = Promise.withResolvers<Socket>();
    answers = [reached.resolve];
    const other = await connect();
    let heard = 0;
    void send(other).then(() => heard++);
    const closed = once(await reached.promise, 'close');
    other.abandon();
    other.fail(error);
    await closed;
    assert.equal(heard, 0);
  });

  test('by a header that cannot be written leaves the connection as it was', async () => {
    answers = [OK];
    const connection = await connect();
    await assert.rejects(send(connection, { headers: [['A', 'b\r\nC: d']] }), /invalid header field value/);
    assert.equal(connection.usable, true);
    assert.equal((await send(connection)).response?.status, 200);
    connection.connection.destroy();
  });
});

describe('an answer', () => {
  test('to HEAD, of 204 or of 304 has no body, and the connection goes on', async () => {
    answers = [
      say('HTTP/1.1 200 OK', 'Content-Length: 1000', '', ''),
      say('HTTP/1.1 204 No Content', '', ''),
      say('HTTP/1.1 304 Not Modified', 'Content-Length: 1000', '', ''),
      OK,
    ];
    const connection = await connect();
    for (const method of ['HEAD', 'GET', 'GET']) {
      const { response } = await send(connection, { method });
      assert.deepEqual([response?.bodiless, response?.body], [true, null], method);
    }
    assert.equal(String((await send(connection)).response?.body), 'ok');
    connection.connection.destroy();
  });

  test('whose body nobody wants is read to its end all the same', async () => {
    answers = [say('HTTP/1.1 200 OK', 'Content-Length: 20', '', 'x'.repeat(20)), OK];
    const connection = await connect();
    assert.equal((await send(connection, {}, false)).response?.body, null);
    assert.equal(String((await send(connection)).response?.body), 'ok');
    connection.connection.destroy();
  });

  test('has its time divided into sending, waiting and receiving', async () => {
    const meter = { sent: 0, received: 0 };
    answers = [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no');
        // The rest comes a while after the beginning has been read, however long that takes.
        const more = setInterval(() => {
          if (meter.received === 0) return;
          clearInterval(more);
          setTimeout(() => socket.write('k'), 30);
        }, 1);
      },
    ];
    const connection = await connect(meter);
    const began = performance.now();
    const { timings } = await send(connection);
    const took = performance.now() - began;
    assert.ok(timings.receiving >= 25, `${timings.receiving} ms`);
    assert.ok(timings.sending + timings.waiting + timings.receiving <= took + 0.01);
    connection.connection.destroy();
  });
});
