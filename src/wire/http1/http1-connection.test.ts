import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection, ConnectionHandler } from '../net/connection.ts';
import type { Resend } from '../net/resend.ts';
import { startTimings } from '../net/timings.ts';
import { WireError } from '../net/wire-error.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { Http1Connection } from './http1-connection.ts';

/** Keeps what is written; the test says what comes. */
class PaperConnection implements Connection {
  handler!: ConnectionHandler;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 80;
  readonly localAddress = '127.0.0.1';
  readonly localPort = 40_000;
  readonly alpn = null;
  readonly tls = null;
  readonly peer = null;
  readonly marks = { lookupMs: 0, connectMs: 0, tlsMs: 0 };
  readonly meter = { sent: 0, received: 0 };
  readonly queued = 0;
  readonly written: string[] = [];
  closed = false;

  write(data: Uint8Array | string): boolean {
    this.written.push(typeof data === 'string' ? data : Buffer.from(data).toString('latin1'));
    return true;
  }

  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {
    this.closed = true;
  }
}

const turnsEnd = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const request = (method = 'GET'): HttpRequest => ({
  method,
  scheme: 'http',
  host: '127.0.0.1',
  port: 80,
  path: '/',
  headers: [],
  body: null,
});
const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

type Result = { response: HttpResponse } | { code: number; retry: Resend } | null;

function exchange() {
  const paper = new PaperConnection();
  const connection = new Http1Connection(paper);
  const sent = { timings: startTimings(), result: null as Result };
  const send = (method?: string): void => {
    sent.timings = startTimings();
    sent.result = null;
    connection.send(request(method), true, sent.timings, {
      onResponse: (response: HttpResponse) => {
        sent.result = { response };
      },
      onFailure: (error: WireError, retry: Resend) => {
        sent.result = { code: error.code, retry };
      },
    });
  };
  /** As if one had been answered before. */
  const use = async (): Promise<void> => {
    send();
    await turnsEnd();
    paper.handler.onData(ANSWER);
  };
  return { paper, connection, sent, send, use };
}

test('a request leaves at the end of the turn, and what it waited for that is blocked time, not the server’s', async () => {
  const { paper, sent, send } = exchange();
  send();
  assert.deepEqual(paper.written, []);
  const until = performance.now() + 5;
  while (performance.now() < until);
  await turnsEnd();
  assert.equal(paper.written.length, 1);
  paper.handler.onData(ANSWER);
  assert.ok(sent.result !== null && 'response' in sent.result);
  const { blocked, sending, waiting } = sent.timings;
  assert.ok(blocked >= 5, `blocked ${blocked}`);
  assert.ok(sending >= 0 && waiting >= 0);
});

test('a request that fails before it has left has waited for its turn, not for the server', async () => {
  const { connection, sent, send } = exchange();
  send();
  const until = performance.now() + 5;
  while (performance.now() < until);
  connection.fail(new WireError(1050, 'request timeout'));
  await turnsEnd();
  const { blocked, sending, waiting } = sent.timings;
  assert.ok(blocked >= 5, `blocked ${blocked}`);
  assert.deepEqual([sending, waiting], [0, 0]);
});

test('a request that cannot be written fails at once, and the connection with it', async () => {
  for (const speaksFirst of [false, true]) {
    const { paper, sent, send } = exchange();
    paper.write = () => {
      throw new RangeError('Array buffer allocation failed');
    };
    send();
    if (speaksFirst) paper.handler.onData(ANSWER);
    await turnsEnd();
    assert.deepEqual(sent.result, { code: 1001, retry: 'no' });
    assert.ok(paper.closed);
  }
});

test('a request that is given up in the turn in which it was made is never sent', async () => {
  const { paper, connection, send } = exchange();
  send();
  connection.abandon();
  await turnsEnd();
  assert.deepEqual(paper.written, []);
});

test('what a kept connection says before the request has left is no answer: the request goes elsewhere, whatever its method', async () => {
  const { paper, sent, send, use } = exchange();
  await use();
  send('POST');
  paper.handler.onData(ANSWER);
  assert.deepEqual(sent.result, { code: 1000, retry: 'unseen' });
  assert.ok(paper.closed);
  await turnsEnd();
  assert.equal(paper.written.length, 1);
});

test('a kept connection that ends before the request has left cannot have shown it to the server', async () => {
  for (const error of [null, Object.assign(new Error('reset'), { code: 1220 }) as unknown as WireError]) {
    const { paper, sent, send, use } = exchange();
    await use();
    send('POST');
    paper.closed = true;
    paper.handler.onClose(error);
    assert.ok(sent.result !== null && 'retry' in sent.result && sent.result.retry === 'unseen');
    await turnsEnd();
    assert.equal(paper.written.length, 1);
  }
});

test('what a new connection says first is taken for the answer: a server of another protocol is named by its words', async () => {
  const { paper, sent, send } = exchange();
  send();
  paper.handler.onData(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'));
  assert.equal(paper.written.length, 1);
  assert.ok(sent.result !== null && 'retry' in sent.result && sent.result.retry === 'no');
});

test('an answer that has begun before its connection ends is not asked for again', async () => {
  const { paper, sent, send, use } = exchange();
  await use();
  send();
  await turnsEnd();
  paper.handler.onData(ANSWER.subarray(0, 20));
  paper.handler.onClose(null);
  assert.ok(sent.result !== null && 'retry' in sent.result && sent.result.retry === 'no');
});
