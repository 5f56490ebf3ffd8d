// What an output hears of its server, whatever that does: real servers, good and bad.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { createCertificates } from '../demo/certificates.ts';
import { startProxy } from '../wire/net/proxy-server.fixture.ts';
import { type HttpConnectionSettings, HttpSender, judgeAnswer } from './http-sender.ts';
import { OutputError } from './output-error.ts';

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function send(
  port: number,
  {
    secure = false,
    hidden = [],
    headers = {},
    settings = {},
    signal = new AbortController().signal,
    host = '127.0.0.1',
  }: {
    secure?: boolean;
    hidden?: string[];
    headers?: Record<string, string>;
    settings?: HttpConnectionSettings;
    signal?: AbortSignal;
    host?: string;
  } = {},
) {
  const sender = new HttpSender(secure, settings, hidden);
  closing.push(() => sender.close());
  return sender.post(
    new URL(`${secure ? 'https' : 'http'}://${host}:${port}/write?db=k6`),
    headers,
    Buffer.from('body'),
    signal,
  );
}

const answering = (answer: (response: http.ServerResponse, request: http.IncomingMessage) => void): Promise<number> =>
  listen(
    http.createServer((request, response) => {
      request.resume();
      answer(response, request);
    }),
  );

describe('a push', () => {
  test('is a POST with the headers that are given and its length', async () => {
    const seen: unknown[] = [];
    const port = await answering((response, request) => {
      seen.push([request.method, request.url, request.headers['content-length'], request.headers['x-scope']]);
      response.writeHead(204).end();
    });
    assert.deepEqual(await send(port, { headers: { 'x-scope': 'load' } }), {
      status: 204,
      retryAfterMs: undefined,
      text: '',
    });
    assert.deepEqual(seen, [['POST', '/write?db=k6', '4', 'load']]);
  });

  test('that is refused says why, in one line, shortened, and without what must not be shown', async () => {
    const port = await answering((response) => {
      response.writeHead(400).end(`no such user\n  "hunter2" in\r\n\torganisation ${'x'.repeat(1000)}`);
    });
    const answer = await send(port, { hidden: ['hunter2', ''] });
    assert.ok('text' in answer);
    assert.match(answer.text, /^no such user "\*\*\*" in organisation x+$/);
    assert.equal(answer.text.length, 200);
  });

  test('is over when an answer without end has said enough', async () => {
    const port = await answering((response) => {
      response.writeHead(500);
      const fill = (): void => {
        while (!response.destroyed && response.write('endless '.repeat(1000)));
      };
      response.on('drain', fill);
      fill();
    });
    const answer = await send(port);
    assert.ok('status' in answer);
    assert.equal(answer.status, 500);
  });

  test('whose answer breaks off has the status that its head said', async () => {
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\npartly'));
      }),
    );
    const answer = await send(port);
    assert.deepEqual('status' in answer && [answer.status, answer.text], [503, 'partly']);
  });

  test('that meets no server, or none of HTTP, says so without throwing', async () => {
    const unused = net.createServer();
    unused.listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, 'close');
    const gone = await send(port);
    assert.match('error' in gone ? gone.error : '', new RegExp(`^127\\.0\\.0\\.1:${port} could not be reached`));
    const other = await listen(
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.end('SSH-2.0-OpenSSH\r\n');
      }),
    );
    assert.match(JSON.stringify(await send(other)), /could not be reached/);
  });

  test('with a header that HTTP does not know says so, and does not repeat its secret', async () => {
    const port = await answering((response) => response.end());
    const answer = await send(port, { headers: { authorization: 'hunter2\n' }, hidden: ['hunter2\n'] });
    assert.ok('error' in answer);
    assert.doesNotMatch(answer.error, /hunter2/);
  });

  test('goes through the proxy of the environment in every form that requests take, and is refused where it is none', async () => {
    const told: (string | undefined)[] = [];
    const port = await answering((response, request) => {
      told.push(`${request.url} ${request.headers['proxy-authorization']}`);
      response.end();
    });
    const before = process.env['HTTP_PROXY'];
    try {
      process.env['HTTP_PROXY'] = `me:p%@127.0.0.1:${port}`;
      assert.ok('status' in (await send(80, { host: 'shop.test' })));
      const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
      assert.ok('status' in (await send(80, { host: 'shop.test', settings: { proxy: `:it@127.0.0.1:${port}` } })));
      const url = 'http://shop.test/write?db=k6';
      assert.deepEqual(told, [`${url} ${basic('me:p%')}`, `${url} ${basic(':it')}`]);
      process.env['HTTP_PROXY'] = 'http://me:hunter2@proxy.test:port';
      assert.throws(
        () => new HttpSender(false),
        (error: Error) =>
          error instanceof OutputError &&
          /^the environment variable HTTP_PROXY cannot be used/.test(error.message) &&
          !error.message.includes('hunter2'),
      );
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
  });

  test('goes through a SOCKS proxy, which looks its name up and is told who asks', async () => {
    const port = await answering((response) => response.writeHead(204).end());
    const socks = await startProxy({ kind: 'socks5', credentials: { user: 'me', password: 'p%' } });
    closing.push(() => socks.close());
    const given = (password: string) => ({ proxy: `socks5://me:${password}@127.0.0.1:${socks.port}` });
    const answer = await send(port, { host: 'shop.test', settings: given('p%25') });
    assert.deepEqual([judgeAnswer(answer).kind, socks.asked], ['taken', [`SOCKS shop.test:${port}`]]);
    const refused = await send(port, { host: 'shop.test', settings: given('hunter2'), hidden: ['hunter2'] });
    assert.match(
      'error' in refused ? refused.error : '',
      /^shop\.test:\d+ could not be reached \(the proxy socks5:\/\/127\.0\.0\.1:\d+: the SOCKS proxy does not know these credentials\)/,
    );
  });

  test('goes through no proxy of the environment to this machine, and to what NO_PROXY names', async () => {
    const port = await answering((response) => response.writeHead(204).end());
    const socks = await startProxy({ kind: 'socks5' });
    closing.push(() => socks.close());
    const before = { ...process.env };
    try {
      Object.assign(process.env, { HTTP_PROXY: `socks5://127.0.0.1:${socks.port}`, NO_PROXY: 'inner.test' });
      assert.equal(judgeAnswer(await send(port)).kind, 'taken');
      assert.match(JSON.stringify(await send(port, { host: 'inner.test' })), /inner\.test:\d+ could not be reached/);
      assert.deepEqual(socks.asked, []);
      assert.equal(judgeAnswer(await send(port, { host: 'shop.test' })).kind, 'taken');
      assert.equal(socks.asked.length, 1);
    } finally {
      process.env = before;
    }
  });

  test('can be given up while the server is silent, or speaks', async () => {
    for (const begin of [false, true]) {
      const controller = new AbortController();
      const port = await answering((response) => {
        if (begin) response.write('slowly');
        setImmediate(() => controller.abort());
      });
      const answer = await send(port, { signal: controller.signal });
      if ('error' in answer) assert.match(answer.error, /did not answer in time/);
      else assert.equal(begin, true);
    }
  });

  test('reuses its connection', async () => {
    const ports = new Set<number>();
    const port = await answering((response, request) => {
      ports.add(request.socket.remotePort!);
      response.end('ok');
    });
    const sender = new HttpSender(false);
    closing.push(() => sender.close());
    for (let round = 0; round < 5; round++) {
      const answer = await sender.post(
        new URL(`http://127.0.0.1:${port}/`),
        {},
        Buffer.from('x'),
        new AbortController().signal,
      );
      assert.equal(judgeAnswer(answer).kind, 'taken');
    }
    assert.equal(ports.size, 1);
  });
});

describe('a server behind TLS', () => {
  const { ca, cert, key } = createCertificates(['127.0.0.1', 'collector.test']);

  test('is trusted by the authority that is given, or by no check at all, and else not', async () => {
    const port = await listen(
      https.createServer(
        { cert, key },
        (request, response) => void request.resume().once('end', () => response.writeHead(204).end()),
      ),
    );
    const kindOf = async (settings: HttpConnectionSettings): Promise<string> =>
      judgeAnswer(await send(port, { secure: true, settings })).kind;
    assert.equal(await kindOf({ ca }), 'taken');
    assert.equal(await kindOf({ insecureSkipVerify: true }), 'taken');
    assert.equal(await kindOf({}), 'later');
  });

  test('is reached through a SOCKS proxy, and its certificate is of the name that it was asked for by', async () => {
    const port = await listen(https.createServer({ cert, key }, (_, response) => response.writeHead(204).end()));
    const socks = await startProxy({ kind: 'socks5' });
    closing.push(() => socks.close());
    const settings = { ca, proxy: `socks5://127.0.0.1:${socks.port}` };
    assert.equal(judgeAnswer(await send(port, { secure: true, host: 'collector.test', settings })).kind, 'taken');
    const other = await send(port, { secure: true, host: 'other.test', settings });
    assert.match('error' in other ? other.error : '', /other\.test/);
    assert.deepEqual(socks.asked, [`SOCKS collector.test:${port}`, `SOCKS other.test:${port}`]);
  });

  test('that speaks too old a version is not spoken to', async () => {
    const port = await listen(
      https.createServer({ cert, key, maxVersion: 'TLSv1.2' }, (_, response) => void response.end()),
    );
    const answer = await send(port, { secure: true, settings: { ca, minVersion: 'TLSv1.3' } });
    assert.match('error' in answer ? answer.error : '', /could not be reached/);
  });
});

describe('an answer', () => {
  const judge = (status: number, retryAfterMs?: number) => judgeAnswer({ status, retryAfterMs, text: 'why' });

  test('of success is taken, one that may change is tried again, another is final', () => {
    for (const status of [200, 202, 204]) assert.deepEqual(judge(status), { kind: 'taken' });
    for (const status of [408, 429, 500, 502, 503, 599]) assert.equal(judge(status).kind, 'later', String(status));
    for (const status of [301, 400, 401, 403, 404, 413, 422])
      assert.deepEqual(judge(status), { kind: 'refused', reason: `the server answered ${status}: why` });
    assert.deepEqual(judgeAnswer({ error: 'away' }), { kind: 'later', reason: 'away' });
    assert.deepEqual(judgeAnswer({ status: 404, retryAfterMs: undefined, text: '' }), {
      kind: 'refused',
      reason: 'the server answered 404',
    });
  });

  test('says when to come again: in seconds, at a date, or not at all', async () => {
    const later = new Date(Date.now() + 90_000).toUTCString();
    for (const [header, least, most] of [
      ['7', 7000, 7000],
      [' 0 ', 0, 0],
      [later, 60_000, 91_000],
      ['Thu, 01 Jan 1970 00:00:00 GMT', 0, 0],
    ] as const) {
      const port = await answering((response) => void response.writeHead(429, { 'Retry-After': header }).end());
      const answer = await send(port);
      const ms = 'retryAfterMs' in answer ? answer.retryAfterMs! : -1;
      assert.ok(ms >= least && ms <= most, `${header}: ${ms}`);
    }
    for (const header of ['soon', '']) {
      const port = await answering((response) => void response.writeHead(429, { 'Retry-After': header }).end());
      assert.equal('retryAfterMs' in (await send(port)), true);
      assert.equal(((await send(port)) as { retryAfterMs?: number }).retryAfterMs, undefined);
    }
  });
});
