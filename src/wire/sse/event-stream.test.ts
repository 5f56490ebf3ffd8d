// One answer that is read as it comes: its head, its events, its end, on real connections to servers good and bad.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { HttpResponse } from '../http1/exchange.ts';
import { Dialer } from '../net/dialer.ts';
import type { WireError } from '../net/wire-error.ts';
import { EventStream } from './event-stream.ts';

let answer: (socket: Socket, request: string) => void = () => {};
const sockets = new Set<Socket>();
const server = net.createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', (bytes: Buffer) => answer(socket, bytes.toString('latin1')));
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

interface Heard {
  readonly heads: HttpResponse[];
  readonly events: string[];
  readonly ended: Promise<WireError | null>;
  readonly stream: EventStream;
}

function open(
  options: { timeoutMs?: number; most?: number; headers?: [string, string][]; port?: number } = {},
  onEvent: (stream: EventStream) => void = () => {},
): Heard {
  const { timeoutMs = 30_000, most = 1000, headers = [['Host', 'x']] } = options;
  const port = options.port ?? (server.address() as AddressInfo).port;
  const heads: HttpResponse[] = [];
  const events: string[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<WireError | null>();
  const stream: EventStream = new EventStream(
    { method: 'GET', scheme: 'http', host: '127.0.0.1', port, path: '/', headers, body: null },
    new Dialer(),
    { host: '127.0.0.1', port, tls: null, timeoutMs, meter: { sent: 0, received: 0 } },
    most,
    {
      onHead: (response) => heads.push(response),
      onEvent(event) {
        events.push(event.data);
        onEvent(stream);
      },
      onEnd: resolve,
    },
  );
  return { heads, events, ended, stream };
}
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('a stream of events', () => {
  test('tells its head once, then its events, then its end, whatever delimits the answer', async () => {
    const body = 'data: one\n\ndata: two\n\n';
    for (const [framing, text, close] of [
      ['', body, true],
      [`Content-Length: ${body.length}\r\n`, body, false],
      ['Transfer-Encoding: chunked\r\n', `${[...body].map(chunk).join('')}0\r\n\r\n`, false],
    ] as const) {
      answer = (socket) => {
        socket.write(`${HEAD}${framing}\r\n${text}`);
        if (close) socket.end();
      };
      const { heads, events, ended } = open();
      assert.equal(await ended, null, framing);
      assert.deepEqual(events, ['one', 'two'], framing);
      assert.deepEqual(
        heads.map(({ status, body: kept }) => [status, kept]),
        [[200, null]],
      );
      assert.equal(heads[0]!.values('content-type')[0], 'text/event-stream');
    }
  });

  test('tells each event as soon as it is there, while the answer goes on', async () => {
    const heard: string[] = [];
    answer = (socket) => {
      socket.write(`${HEAD}\r\ndata: first\n\n`);
      const more = setInterval(() => {
        if (heard.length > 0) {
          clearInterval(more);
          socket.end('data: second\n\n');
        }
      }, 1);
    };
    const { events, ended } = open({}, () => heard.push('one'));
    assert.equal(await ended, null);
    assert.deepEqual(events, ['first', 'second']);
  });

  test('that is closed from within an event tells nothing more, and gives the connection up', async () => {
    answer = (socket) => socket.write(`${HEAD}\r\n${'data: x\n\n'.repeat(100)}`);
    let ends = 0;
    const gone = Promise.withResolvers<void>();
    const { events, ended } = open({}, (stream) => {
      stream.close();
      stream.close();
      for (const socket of sockets) socket.once('close', () => gone.resolve());
    });
    void ended.then(() => ends++);
    await gone.promise;
    assert.deepEqual([events.length, ends], [1, 0]);
  });

  test('with an event that is larger than may be fails, and keeps what came before', async () => {
    answer = (socket) => socket.write(`${HEAD}\r\ndata: small\n\ndata: ${'x'.repeat(2000)}`);
    const { events, ended } = open();
    assert.equal((await ended)?.code, 1702);
    assert.deepEqual(events, ['small']);
  });

  test('waits for whoever reads it', async () => {
    let peer!: Socket;
    const connected = Promise.withResolvers<void>();
    answer = (socket) => {
      peer = socket;
      socket.write(`${HEAD}\r\ndata: first\n\n`);
      connected.resolve();
    };
    const heard = Promise.withResolvers<void>();
    const { events, stream } = open({ most: 1e6 }, (one) => {
      if (events.length > 1) return;
      one.pause();
      heard.resolve();
    });
    await connected.promise;
    await heard.promise;
    const block = `data: ${'x'.repeat(10_000)}\n\n`;
    while (peer.write(block));
    const before = events.length;
    assert.ok(before < 20, `${before} events came while it was paused`);
    stream.resume();
    await once(peer, 'drain');
    stream.close();
  });
});

describe('an answer that is no stream', () => {
  test('tells its head, and none of its body', async () => {
    for (const [status, more] of [
      ['404 Not Found', 'Content-Length: 11\r\n\r\ndata: x\n\n..'],
      ['204 No Content', '\r\n'],
      ['301 Moved', 'Location: /\r\nContent-Length: 0\r\n\r\n'],
      ['500 Oops', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ] as const) {
      answer = (socket) => socket.write(`HTTP/1.1 ${status}\r\n${more}`);
      const { heads, events, ended } = open();
      assert.equal(await ended, null, status);
      assert.deepEqual([heads.length, heads[0]!.status, events], [1, Number(status.slice(0, 3)), []]);
    }
  });

  test('fails with the code of what is wrong', async () => {
    for (const [text, end, code, heads] of [
      ['SSH-2.0-OpenSSH\r\n', false, 1041, 0],
      ['', true, 1040, 0],
      ['HTTP/1.1 200 O', true, 1040, 0],
      [`${HEAD}Content-Length: 100\r\n\r\ndata: x\n\n`, true, 1040, 1],
      [`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, false, 1041, 1],
    ] as const) {
      answer = (socket) => {
        if (text !== '') socket.write(text);
        if (end) socket.end();
      };
      const heard = open();
      assert.equal((await heard.ended)?.code, code, text);
      assert.equal(heard.heads.length, heads, text);
    }
  });

  test('and never comes is given up in time; once the head is there, time does not count', async () => {
    answer = () => {};
    assert.equal((await open({ timeoutMs: 1500 }).ended)?.code, 1050);
    answer = (socket) => {
      socket.write(`${HEAD}\r\n`);
      setTimeout(() => socket.end('data: late\n\n'), 1700);
    };
    const { events, ended } = open({ timeoutMs: 1500 });
    assert.equal(await ended, null);
    assert.deepEqual(events, ['late']);
  });

  test('is not asked for where there is no server, or by a head that cannot be written', async () => {
    const unused = net.createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, 'close');
    assert.equal((await open({ port }).ended)?.code, 1212);
    let asked = false;
    answer = () => {
      asked = true;
    };
    assert.equal((await open({ headers: [['A', 'b\r\nC: d']] }).ended)?.code, 1000);
    assert.equal(asked, false);
  });
});
