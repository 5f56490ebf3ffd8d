// The client for programs, with a server that answers what a test says: what it sends, and what it makes of answers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { type RunMoment, ServiceClient, ServiceError } from './index.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @param answer what the server does with each request */
async function clientOf(answer: (response: ServerResponse, asked: Asked) => void, suffix = '') {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(parts) };
      asked.push(one);
      answer(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${suffix}`;
  return { client: new ServiceClient({ url, token: 'sxf_token' }), asked };
}

const json = (response: ServerResponse, value: unknown, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

async function failing(headers: Record<string, string>, text: string, status = 429): Promise<ServiceError> {
  const { client } = await clientOf((response) => response.writeHead(status, headers).end(text));
  return client.session().then(
    () => assert.fail('it was no failure'),
    (error: unknown) => {
      assert.ok(error instanceof ServiceError);
      return error;
    },
  );
}

test('it shows its token and finds the API, however the address ends', async () => {
  for (const suffix of ['', '/', '///', '/behind/a/proxy/']) {
    const { client, asked } = await clientOf((response) => json(response, []), suffix);
    await client.projects();
    assert.equal(asked[0]!.url, `${suffix.replace(/\/+$/, '')}/api/v1/projects`);
    assert.equal(asked[0]!.headers.authorization, 'Bearer sxf_token');
    assert.equal(asked[0]!.headers['content-type'], undefined, 'there is no body');
  }
});

test('what names a project, and what is searched for, is one part of the address, whatever is in it', async () => {
  const { client, asked } = await clientOf((response) => json(response, { items: [], next: null }));
  await client.tests('a/b?c', { search: 'ü & 100%', limit: 5 });
  await client.runs('p', { state: 'passed,failed' });
  await client.schedules('p');
  assert.deepEqual(
    asked.map(({ url }) => url),
    [
      '/api/v1/projects/a%2Fb%3Fc/tests?search=%C3%BC+%26+100%25&limit=5',
      '/api/v1/projects/p/runs?state=passed%2Cfailed',
      '/api/v1/projects/p/schedules',
    ],
  );
});

test('values become JSON, and octets go as they are', async () => {
  const { client, asked } = await clientOf((response) => json(response, {}));
  await client.startRun('t', { note: 'ü' }, 'key-1');
  await client.upload('t', 'a b.js', new Uint8Array([0, 255, 10]));
  const [run, upload] = asked as [Asked, Asked];
  assert.deepEqual(
    [run.method, run.url, run.headers['content-type'], run.headers['idempotency-key'], JSON.parse(String(run.body))],
    ['POST', '/api/v1/tests/t/runs', 'application/json', 'key-1', { note: 'ü' }],
  );
  assert.deepEqual(
    [upload.url, upload.headers['content-type'], [...upload.body]],
    ['/api/v1/tests/t/versions?file=a+b.js', 'application/octet-stream', [0, 255, 10]],
  );
});

test('an answer without a body is none', async () => {
  const { client, asked } = await clientOf((response) => response.writeHead(204).end());
  assert.equal(await client.removeSchedule('s'), undefined);
  assert.deepEqual([asked[0]!.method, asked[0]!.url], ['DELETE', '/api/v1/schedules/s']);
});

test('a file comes octet by octet, by its whole name', async () => {
  const { client, asked } = await clientOf((response) => response.end(Buffer.from([0, 255, 254])));
  assert.deepEqual([...(await client.file('r', 'a/b ü.bin'))], [0, 255, 254]);
  assert.equal(asked[0]!.url, '/api/v1/runs/r/files/a%2Fb%20%C3%BC.bin');
});

test('a refusal says what the server says: status, kind and detail', async () => {
  const problem = { type: 'urn:sixfold:problem:unusable', title: 't', status: 422, detail: 'the file is empty' };
  const error = await failing({}, JSON.stringify(problem), 422);
  const { status, kind, message, retryAfterMs } = error;
  assert.deepEqual(
    { status, kind, message, retryAfterMs },
    { status: 422, kind: 'unusable', message: 'the file is empty', retryAfterMs: null },
  );
});

test('what something in between answers is told by its status alone', async () => {
  for (const text of ['<html>502 Bad Gateway</html>', '', 'null', '{"detail":5', '[]', '"text"', '{}']) {
    const { status, kind, message } = await failing({}, text, 502);
    assert.deepEqual([status, kind, message], [502, '', '502 Bad Gateway'], text);
  }
});

test('how long to wait is said in seconds, or as a date, or not at all', async () => {
  assert.equal((await failing({ 'retry-after': '7' }, '{}')).retryAfterMs, 7000);
  assert.equal((await failing({ 'retry-after': '0' }, '{}')).retryAfterMs, 0);
  const inAMinute = (await failing({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() }, '{}')).retryAfterMs!;
  assert.ok(inAMinute > 0 && inAMinute <= 60_000, String(inAMinute));
  const past = new Date(Date.now() - 60_000).toUTCString();
  assert.equal((await failing({ 'retry-after': past }, '{}')).retryAfterMs, 0, 'never a time that is over');
  for (const text of ['soon', '', '-5x'])
    assert.equal((await failing({ 'retry-after': text }, '{}')).retryAfterMs, null, text);
});

test('where no server is, the failure is that of fetch', async () => {
  const { client } = await clientOf(() => {});
  servers.at(-1)!.close();
  await assert.rejects(client.session(), (error) => error instanceof TypeError && !(error instanceof ServiceError));
});

test('another fetch takes the place of the global one', async () => {
  const asked: string[] = [];
  const own = (async (url: string) => {
    asked.push(url);
    return new Response('[]');
  }) as typeof fetch;
  assert.deepEqual(await new ServiceClient({ url: 'https://load.example', token: 't', fetch: own }).projects(), []);
  assert.deepEqual(asked, ['https://load.example/api/v1/projects']);
});

async function follow(parts: readonly (string | Buffer)[], after?: number) {
  const { client, asked } = await clientOf((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const next = (i: number): void => {
      if (i === parts.length) response.end();
      else response.write(parts[i]!, () => setImmediate(next, i + 1));
    };
    next(0);
  });
  const moments: RunMoment[] = [];
  for await (const moment of client.follow('r', after === undefined ? {} : { after })) moments.push(moment);
  return { moments, asked };
}

const STREAM =
  ': hello\n\nid: 7\nevent: cells\ndata: {"name":"größe"}\n\nevent: log\ndata: {"a":": b"}\n\n: still here\n\nid: 8\nevent: end\ndata: {"run":null}\n\n';
const MOMENTS: readonly RunMoment[] = [
  { id: 7, name: 'cells', data: { name: 'größe' } },
  { id: null, name: 'log', data: { a: ': b' } },
  { id: 8, name: 'end', data: { run: null } },
];

test('moments come as they were told, whole and in order, wherever the stream is cut', async () => {
  const bytes = Buffer.from(STREAM);
  const octets = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  const halves = [bytes.subarray(0, 40), bytes.subarray(40, 41), bytes.subarray(41)];
  for (const parts of [[bytes], octets, halves]) assert.deepEqual((await follow(parts)).moments, MOMENTS);
});

test('following ends with the run, and goes on from where one was', async () => {
  const { moments, asked } = await follow([STREAM, 'id: 9\nevent: cells\ndata: {}\n\n'], 0);
  assert.deepEqual(moments.at(-1)?.name, 'end');
  assert.equal(asked[0]!.url, '/api/v1/runs/r/events?after=0');
});

test('a stream that breaks before the end of the run leaves what has come, and no half of a moment', async () => {
  const { moments } = await follow(['id: 1\nevent: cells\ndata: {}\n\nid: 2\nevent: cells\nda']);
  assert.deepEqual(moments, [{ id: 1, name: 'cells', data: {} }]);
});

test('whoever has heard enough closes the connection', async () => {
  let closed!: () => void;
  const gone = new Promise<void>((resolve) => (closed = resolve));
  const { client } = await clientOf((response) => {
    response.on('close', closed);
    response.writeHead(200).write('id: 1\nevent: cells\ndata: {}\n\n');
  });
  for await (const { id } of client.follow('r')) {
    assert.equal(id, 1);
    break;
  }
  await gone;
});

test('following what is refused says why', async () => {
  const { client } = await clientOf((response) =>
    json(
      response,
      { type: 'urn:sixfold:problem:missing', title: 't', status: 404, detail: 'there is no run "r"' },
      404,
    ),
  );
  await assert.rejects(client.follow('r').next(), {
    name: 'ServiceError',
    kind: 'missing',
    message: 'there is no run "r"',
  });
});
