// The module in a real realm against a real server, with compiled scripts.
import assert from 'node:assert/strict';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import zlib from 'node:zlib';
import type { Options } from '../../options/options.ts';
import { ReceivedHeaders } from '../../wire/http1/received-headers.ts';
import { type Bench, createHttpBench } from './http-bench.fixture.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: http.Server;
let base = '';
let handler: Handler = (_, response) => response.end('ok');

before(async () => {
  server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const createBench = (options?: Partial<Options>): Bench => createHttpBench(base, options);

let bench: Bench;
beforeEach(() => {
  bench = createBench();
  handler = (_, response) => response.end('ok');
});

/** Answers with what came. */
const echo: Handler = (request, response, body) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ method: request.method, path: request.url, headers: request.headers, body }));
};

test('a response tells what came, and its samples are tagged so', async () => {
  handler = (_, response) => {
    response.setHeader('x-thing', ['a', 'b']);
    response.setHeader('Content-Type', 'application/json');
    response.end('{"a":{"b":[1,2]}}');
  };
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('GET', base + '/x?y=1');
    return [r.status, r.status_text, r.proto, r.body, r.headers['X-Thing'], r.json('a.b.#'), r.json().a.b[1], r.error, r.error_code, r.url === base + '/x?y=1', r.request.method, typeof r.timings.duration];
  }`);
  assert.deepEqual(seen, [200, '200 OK', 'HTTP/1.1', '{"a":{"b":[1,2]}}', 'a, b', 2, 2, '', 0, true, 'GET', 'number']);
  assert.equal(bench.samples.length, 9);
  assert.deepEqual(
    bench.samples.find(({ metric }) => metric === 'http_req_failed'),
    {
      metric: 'http_req_failed',
      value: 0,
      tags: {
        expected_response: 'true',
        method: 'GET',
        name: `${base}/x?y=1`,
        proto: 'HTTP/1.1',
        status: '200',
        url: `${base}/x?y=1`,
      },
    },
  );
});

test('what a script changes of a response or its JSON is not seen in one that came with the same bytes', async () => {
  handler = (_, response) => {
    response.setHeader('Date', 'Sun, 29 Nov 2026 02:30:00 GMT');
    response.setHeader('__proto__', 'p');
    response.end('{"list":[1,{"deep":true}]}');
  };
  const seen = await bench.run(`async () => {
    const one = async () => {
      const r = await http.asyncRequest('GET', base);
      const found = [r.headers['X-New'], Object.keys(r.headers).includes('__proto__'), r.json('list'), r.json().list.length];
      r.headers['X-New'] = 'mine';
      r.json('list').push(2);
      r.json('list.1').deep = false;
      r.json().list.push(3);
      return found;
    };
    return [await one(), await one()];
  }`);
  const fresh = [null, true, [1, { deep: true }], 2];
  assert.deepEqual(seen, [fresh, fresh]);
});

test('requests that differ only in their tags, their headers or the spelling of those are told apart', async () => {
  handler = echo;
  const seen = await bench.run(`async () => {
    const send = async (params) => (await http.asyncRequest('GET', base, null, params)).json('headers');
    const values = [];
    for (const params of [
      { tags: { kind: 'a', size: 1 }, headers: { 'x-a': '1' } },
      { tags: { kind: 'a', size: 1 }, headers: { 'x-a': '1', 'X-A': '2' } },
      { tags: { kind: 'b', size: 1 }, headers: { 'X-A': 'é' } },
      { tags: { kind: 'b', name: 'n' }, headers: Object.fromEntries(Array.from({ length: 40 }, (_, i) => ['X-' + (i % 30), String(i)])) },
      {},
    ]) { const headers = await send(params); values.push([headers['x-a'] ?? null, headers['x-0'] ?? null, headers['x-29'] ?? null]); }
    return values;
  }`);
  const utf8 = Buffer.from('é').toString('latin1');
  assert.deepEqual(seen, [
    ['1', null, null],
    ['2', null, null],
    [utf8, null, null],
    [null, '30', '29'],
    [null, null, null],
  ]);
  const tagged = bench.samples.filter(({ metric }) => metric === 'http_reqs').map(({ tags }) => tags);
  assert.deepEqual(
    tagged.map(({ kind, size, name }) => [kind, size, name === base ? 'url' : name]),
    [
      ['a', '1', 'url'],
      ['a', '1', 'url'],
      ['b', '1', 'url'],
      ['b', undefined, 'n'],
      [undefined, undefined, 'url'],
    ],
  );
});

test('a request that the script does not wait for leaves before the script goes on computing', async () => {
  const [blocked, waiting] = (await bench.run(`async () => {
    await http.asyncRequest('GET', base);
    const answered = http.asyncRequest('GET', base);
    const until = Date.now() + 300;
    while (Date.now() < until);
    const { blocked, waiting } = (await answered).timings;
    return [blocked, waiting];
  }`)) as [number, number];
  assert.ok(blocked < waiting, `blocked ${blocked}, waiting ${waiting}`);
});

test('bodies go out as text, bytes, forms and multipart', async () => {
  handler = echo;
  const seen = (await bench.run(`async () => {
    const send = async (body, params) => { const { body: b, headers } = (await http.asyncRequest('POST', base, body, params)).json(); return [b, headers['content-type'] ?? null, headers['content-length']]; };
    return [await send('žluť'), await send(new Uint8Array([65, 66]).buffer), await send({ b: 'x y', a: [1, null] }), await send(null), await send('{}', { headers: { 'content-type': 'application/json' } }), await send({ f: http.file('data', 'f.txt', 'text/plain'), n: 1 })];
  }`)) as [string, string | null, string][];
  assert.deepEqual(seen.slice(0, 5), [
    ['žluť', null, '6'],
    ['AB', null, '2'],
    ['a=1&a=&b=x+y', 'application/x-www-form-urlencoded', '12'],
    ['', null, '0'],
    ['{}', 'application/json', '2'],
  ]);
  const [multipart, type] = seen[5] as [string, string, string];
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  assert.equal(
    multipart,
    `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\ndata\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--${boundary}--\r\n`,
  );
});

test('each redirect is a request of its own, and cookies follow', async () => {
  handler = (request, response, body) => {
    if (request.url === '/1') response.writeHead(302, { Location: '/2', 'Set-Cookie': 'c=1; Path=/' }).end();
    else if (request.url === '/2') response.writeHead(307, { Location: '/3' }).end();
    else echo(request, response, body);
  };
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('POST', base + '/1', 'body', { tags: { flow: 'x' } });
    return [r.url.slice(base.length), r.json('method'), r.json('body'), r.json('headers.cookie'), r.request.body, http.cookieJar().cookiesForURL(base)];
  }`);
  assert.deepEqual(seen, ['/3', 'GET', '', 'c=1', 'body', { c: ['1'] }]);
  const counted = bench.samples
    .filter(({ metric }) => metric === 'http_reqs')
    .map(({ tags }) => [tags['method'], tags['status'], tags['flow']]);
  assert.deepEqual(counted, [
    ['POST', '302', 'x'],
    ['GET', '307', 'x'],
    ['GET', '200', 'x'],
  ]);
});

test('a body is unpacked whatever its encoding; one that is broken is 1701', async () => {
  const text = 'sixfold '.repeat(50_000);
  const pack: Record<string, (data: string) => Buffer> = {
    gzip: zlib.gzipSync,
    deflate: zlib.deflateSync,
    br: zlib.brotliCompressSync,
    zstd: zlib.zstdCompressSync,
  };
  handler = (request, response) => {
    const coding = String(request.url).slice(1);
    const packed = pack[coding]?.(text) ?? Buffer.from(text);
    response.setHeader('Content-Encoding', coding === 'bad' ? 'gzip' : coding);
    response.end(coding === 'bad' ? 'not gzip' : packed);
  };
  const seen = await bench.run(`async () => {
    const all = [];
    for (const coding of ['gzip', 'deflate', 'br', 'zstd', 'rot13', 'bad']) { const r = await http.asyncRequest('GET', base + '/' + coding); all.push([r.status, r.body?.length ?? null, r.error_code]); }
    return all;
  }`);
  const whole = [200, text.length, 0];
  assert.deepEqual(seen, [whole, whole, whole, whole, whole, [0, null, 1701]]);
});

test('a failure is a response with a code, or an exception with throw', async () => {
  const seen = await bench.run(`async () => {
    const refused = await http.asyncRequest('GET', 'http://127.0.0.1:1/');
    const invalid = await http.asyncRequest('GET', 'http://[bad');
    const scheme = await http.asyncRequest('GET', 'ftp://x/');
    let thrown = '';
    try { await http.asyncRequest('GET', 'http://127.0.0.1:1/', null, { throw: true }); } catch (e) { thrown = e instanceof Error && e.message; }
    return [[refused.status, refused.error_code, refused.error, refused.body], [invalid.error_code, invalid.request], [scheme.error_code, scheme.request.method], thrown];
  }`);
  assert.deepEqual(seen, [
    [0, 1212, 'dial: connection refused', null],
    [1020, null],
    [1000, 'GET'],
    'GET "http://127.0.0.1:1/": dial: connection refused',
  ]);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'http_reqs').length, 3);
  assert.equal(bench.logs.filter((line) => line.startsWith('warning: Request Failed')).length, 3);
});

test('a timeout covers the body, and the connection is not used again', async () => {
  handler = (request, response) => {
    if (request.url === '/slow') {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('part');
    } else response.end('fast');
  };
  const seen = await bench.run(`async () => {
    const slow = await http.asyncRequest('GET', base + '/slow', null, { timeout: '60ms' });
    const fast = await http.asyncRequest('GET', base + '/');
    return [slow.status, slow.error_code, slow.error, fast.status];
  }`);
  assert.deepEqual(seen, [0, 1050, 'request timeout', 200]);
});

test('digest answers the challenge, and both requests are measured', async () => {
  handler = (request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined)
      response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5' }).end();
    else response.end(authorization);
  };
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('GET', base.replace('://', '://user:pass@') + '/d', null, { auth: 'digest' });
    return [r.status, r.body.startsWith('Digest username="user", realm="r", nonce="n", uri="/d", response="')];
  }`);
  assert.deepEqual(seen, [200, true]);
  const failed = bench.samples.filter(({ metric }) => metric === 'http_req_failed');
  assert.deepEqual(
    failed.map(({ value, tags }) => [value, tags['status'], tags['url']?.includes('@')]),
    [
      [0, '401', false],
      [0, '200', false],
    ],
  );
});

test('a virtual user keeps its connection, and the server closing it goes unnoticed', async () => {
  const sockets = new Set<unknown>();
  let count = 0;
  handler = (request, response) => {
    sockets.add(request.socket);
    response.end(String(++count));
    if (count === 2) response.on('finish', () => setImmediate(() => request.socket.destroy()));
  };
  const seen = await bench.run(`async () => {
    const all = [];
    for (let i = 0; i < 4; i++) all.push((await http.asyncRequest('GET', base)).body);
    return all;
  }`);
  assert.deepEqual(seen, ['1', '2', '3', '4']);
  assert.equal(sockets.size, 2);
});

test('httpDebug logs heads, and bodies with full', async () => {
  bench = createBench({ httpDebug: 'full' });
  await bench.run(`async () => { await http.asyncRequest('POST', base + '/p', 'sent'); }`);
  assert.match(bench.logs[0] ?? '', /^info: Request:\nPOST \/p HTTP\/1.1\nHost: .*\n\nsent\n$/s);
  assert.match(bench.logs[1] ?? '', /^info: Response:\nHTTP\/1.1 200 OK\n.*\n\nok\n$/s);
});

test('a request that waits for its turn under rps is never sent when its iteration is interrupted', async () => {
  bench = createBench({ rps: 10 });
  let count = 0;
  handler = (_, response) => {
    count++;
    response.end('ok');
  };
  const running = bench.run(
    `async () => { const first = http.asyncRequest('GET', base); http.asyncRequest('GET', base); await first; await new Promise(() => {}); }`,
  );
  const ended = running.catch(() => {});
  const arrived = Promise.withResolvers<void>();
  server.once('request', () => setImmediate(arrived.resolve));
  await arrived.promise;
  bench.vu.interrupt();
  await ended;
  // The next turn comes after the one that was given up.
  await bench.run(`async () => (await http.asyncRequest('GET', base)).status`);
  assert.equal(count, 2);
});

test('in init code a request is refused', async () => {
  bench.vu.phase = 'init';
  await assert.rejects(
    bench.run(`async () => http.asyncRequest('GET', base)`),
    /making http requests in the init context is not supported/,
  );
});

test('nothing that a script gets leads out of its realm', async () => {
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('GET', base);
    const reach = (x) => { try { return typeof x.constructor.constructor('return typeof process')() === 'string' && x.constructor.constructor('return typeof process')(); } catch (e) { return 'error'; } };
    return [r, r.headers, r.timings, r.request, r.cookies, r.json, http.get, http.cookieJar(), http.file('x'), http.expectedStatuses(200)].map(reach);
  }`);
  assert.deepEqual(new Set(seen as string[]), new Set(['undefined']));
});

test("a response lists all its fields, in k6's order, and can be copied", async () => {
  handler = (_, response) => response.end('text');
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('GET', base);
    const copy = { ...r };
    const names = [];
    for (const name in r) names.push(name);
    r.body = 'mine';
    return [Object.keys(r), names.length, copy.body, copy.request.method, r.body, JSON.parse(JSON.stringify(r)).body];
  }`);
  const fields =
    'remote_ip remote_port url status status_text proto headers cookies body timings tls_version tls_cipher_suite ocsp error error_code request';
  assert.deepEqual(seen, [fields.split(' '), 16, 'text', 'GET', 'mine', 'mine']);
});

test('what a script puts on Object.prototype is no part of a response', async () => {
  handler = (_, response) => response.end('text');
  const seen = await bench.run(`async () => {
    const bodies = [];
    for (const name of ['value', 'writable', 'get']) {
      Object.defineProperty(Object.prototype, name, { get() { throw new Error(name); }, configurable: true });
      try {
        const r = await http.asyncRequest('GET', base);
        bodies.push(r.body, Object.keys(r).length);
      } finally {
        delete Object.prototype[name];
      }
    }
    return bodies;
  }`);
  assert.deepEqual(seen, ['text', 16, 'text', 16, 'text', 16]);
});

test('what a script says about framing is not sent, an empty User-Agent is none, cookies without a value are left out', async () => {
  handler = (request, response) => response.end(JSON.stringify(request.headers));
  const seen = await bench.run(`async () => {
    const headers = { 'transfer-encoding': 'chunked', Trailer: 'x', 'Content-Length': '9', 'User-Agent': '' };
    const r = await http.asyncRequest('POST', base, 'abc', { headers, cookies: { a: null, b: undefined, c: 'ü"1' } });
    return r.json();
  }`);
  const { host: _, connection: __, ...headers } = seen as Record<string, string>;
  assert.deepEqual(headers, { 'content-length': '3', cookie: 'c=1' });
});

test('a method that is no token fails the request, none is GET', async () => {
  handler = (request, response) => response.end(request.method);
  const seen = await bench.run(`async () => {
    const bad = await http.asyncRequest('BAD METHOD', base);
    return [bad.error_code, bad.error, (await http.asyncRequest('', base)).body];
  }`);
  assert.deepEqual(seen, [1000, 'net/http: invalid method "BAD METHOD"', 'GET']);
});

test('arrays, dates and maps are no bodies; a list of files makes a multipart one', async () => {
  handler = (request, response) => response.end(request.headers['content-type'] ?? '');
  const seen = await bench.run(`async () => {
    const list = [];
    for (const body of [[1], new Date(0), new Map()]) list.push((await http.asyncRequest('POST', base, body)).error);
    const files = await http.asyncRequest('POST', base, { f: [http.file('a', 'a.txt')] });
    return [...list, files.body.split(';')[0]];
  }`);
  assert.deepEqual(seen, [
    ...['array', 'Date', 'Map'].map((type) => `unknown request body type ${type}`),
    'multipart/form-data',
  ]);
});

test('a redirect that cannot be read fails the response that sent it; one to another scheme is a request that failed', async () => {
  handler = (request, response) => {
    response.writeHead(302, { location: request.url === '/a' ? 'http://[' : 'ftp://x/y' });
    response.end();
  };
  const seen = await bench.run(`async () => {
    const out = [];
    for (const path of ['/a', '/b']) { const r = await http.asyncRequest('GET', base + path); out.push(r.status, r.error_code, r.url.replace(base, '')); }
    return out;
  }`);
  assert.deepEqual(seen, [0, 1000, '/a', 0, 1000, 'ftp://x/y']);
  assert.deepEqual(
    bench.samples
      .filter(({ metric }) => metric === 'http_reqs')
      .map(({ tags }) => [tags['url']?.replace(base, ''), tags['status']]),
    [
      ['/a', '0'],
      ['/b', '302'],
      ['ftp://x/y', '0'],
    ],
  );
});

test('a Host header goes along to a relative redirect, not to another host', async () => {
  const hosts: (string | undefined)[] = [];
  handler = (request, response) => {
    hosts.push(request.headers.host);
    if (request.url === '/a') response.writeHead(302, { location: '/b' });
    if (request.url === '/b') response.writeHead(302, { location: `${base}/c` });
    response.end();
  };
  await bench.run(
    `async () => { await http.asyncRequest('GET', base + '/a', null, { headers: { Host: 'shop.test' } }); }`,
  );
  assert.deepEqual(hosts, ['shop.test', 'shop.test', base.slice('http://'.length)]);
});

test('Set-Cookie is read as strictly as Go does', async () => {
  handler = (_, response) => {
    response.setHeader('set-cookie', [
      'noname',
      'sp ace=1',
      'x="q',
      'a="b c"; Domain=.example.com',
      'gone=1; Max-Age=0',
    ]);
    response.end();
  };
  const seen = await bench.run(`async () => {
    const { cookies } = await http.asyncRequest('GET', base);
    return [Object.keys(cookies), cookies.a[0].value, cookies.a[0].domain, cookies.gone[0].max_age];
  }`);
  assert.deepEqual(seen, [['a', 'gone'], 'b c', '.example.com', -1]);
});

test('headers that only frame the message are not shown, a reason may be missing or hold any text', async () => {
  const raw = createServer((socket) => {
    socket.once('data', (data) => {
      socket.end(
        String(data).startsWith('GET /a')
          ? 'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\nX-A: 1\r\n\r\n1\r\nx\r\n0\r\nX-T: 1\r\n\r\n'
          : 'HTTP/1.1 200 Où\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
      );
    });
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const port = (raw.address() as AddressInfo).port;
  const seen = await bench.run(`async () => {
    const a = await http.asyncRequest('GET', 'http://127.0.0.1:${port}/a');
    const b = await http.asyncRequest('GET', 'http://127.0.0.1:${port}/b');
    return [a.status_text, a.headers, a.body, b.status_text, b.headers];
  }`);
  raw.close();
  assert.deepEqual(seen, ['200', { 'X-A': '1' }, 'x', '200 Où', { 'Content-Length': '1' }]);
});

test('names that every object has are names like others, from the server and from the script', async () => {
  handler = (request, response) => {
    if (request.url === '/set') response.setHeader('Set-Cookie', ['constructor=1', '__proto__=2', 'toString=3']);
    response
      .setHeader('__proto__', 'h')
      .setHeader('constructor', 'c')
      .end(request.headers.cookie ?? '');
  };
  const seen = await bench.run(`async () => {
    const own = (object, name) => Object.getOwnPropertyDescriptor(object, name)?.value;
    const get = (path, params) => http.asyncRequest('GET', base + path, null, params);
    const first = await get('/set');
    const second = await get('/x', { headers: JSON.parse('{"__proto__":"v","constructor":"w"}'), tags: JSON.parse('{"__proto__":"t"}') });
    const found = http.cookieJar().cookiesForURL(base);
    const packed = await http.asyncRequest('POST', base + '/x', 'abc', { compression: 'constructor' });
    return [
      own(first.cookies, '__proto__')[0].value, first.cookies.constructor[0].value,
      own(second.headers, '__proto__'), own(second.headers, 'Constructor'),
      second.body, own(second.request.cookies, '__proto__')[0].value, own(second.request.headers, '__proto__'), second.request.headers.Constructor,
      own(found, '__proto__'), found.constructor, packed.error_code,
    ].map((value) => JSON.stringify(value));
  }`);
  assert.deepEqual(
    seen,
    ['2', '1', 'h', 'c', 'constructor=1; __proto__=2; toString=3', '2', ['v'], ['w'], ['2'], ['1'], 1000].map((value) =>
      JSON.stringify(value),
    ),
  );
});

test('a redirect to what cannot be requested is a failed request, cookies or not, and shows no password', async () => {
  const targets = [
    'http://127.0.0.1:99999/',
    'http://256.0.0.1:1/',
    'http://1.2.3.4.5/',
    'ftp://ann:secret@h/',
    'http://ann:secret@h:x/',
  ];
  handler = (request, response) =>
    response
      .writeHead(302, {
        location: targets[Number(request.url?.slice(1))],
        'set-cookie': 'a=b',
      })
      .end();
  const seen = (await bench.run(
    `async () => {
      const out = [];
      for (let i = 0; i < ${targets.length}; i++) {
        const r = await http.asyncRequest('GET', base + '/' + i);
        out.push([r.status, r.error_code >= 1000, JSON.stringify([r.url, r.error]).includes('secret')]);
      }
      return out;
    }`,
  )) as unknown[];
  assert.deepEqual(
    seen,
    targets.map(() => [0, true, false]),
  );
  assert.ok(!JSON.stringify(bench.samples).includes('secret'));
});

test('an exception of ours is a failed request with its own code', async () => {
  handler = (_, response) => response.end('ok');
  const whole = Object.getOwnPropertyDescriptor(ReceivedHeaders.prototype, 'isCoded')!;
  try {
    Object.defineProperty(ReceivedHeaders.prototype, 'isCoded', {
      ...whole,
      get: () => {
        throw new RangeError('array length 12345 is wrong');
      },
    });
    const seen = await bench.run(`async () => {
      const r = await http.asyncRequest('GET', base + '/');
      return [r.status, r.error_code, r.error];
    }`);
    assert.deepEqual(seen, [0, 1001, 'internal error: RangeError: array length 12345 is wrong']);
  } finally {
    Object.defineProperty(ReceivedHeaders.prototype, 'isCoded', whole);
  }
  assert.equal(await bench.run("async () => (await http.asyncRequest('GET', base + '/')).body"), 'ok');
  const failed = bench.samples.find(({ metric, tags }) => metric === 'http_reqs' && tags['error_code'] === '1001');
  assert.equal(failed?.tags['error'], 'internal error: RangeError: array length … is wrong');
});

test('a body over maxResponseBytes is 1702, packed or not, and the next request goes well', async () => {
  const packed = zlib.gzipSync(Buffer.alloc(300_000));
  handler = (request, response) => {
    if (request.url === '/ok') response.end('ok');
    else if (request.url === '/packed') response.setHeader('Content-Encoding', 'gzip').end(packed);
    else if (request.url === '/chunked') {
      response.write(Buffer.alloc(150_000));
      response.end(Buffer.alloc(150_000));
    } else response.end(Buffer.alloc(300_000));
  };
  const small = createBench({ maxResponseBytes: 100_000 });
  const seen = await small.run(`async () => {
    const out = [];
    for (const path of ['/counted', '/chunked', '/packed', '/ok']) {
      const r = await http.asyncRequest('GET', base + path);
      out.push([r.error_code, r.error || r.body]);
    }
    return out;
  }`);
  const text = 'response body over the limit of 100 kB, all bodies in progress counted (option maxResponseBytes)';
  assert.deepEqual(seen, [
    [1702, text],
    [1702, text],
    [1702, text],
    [0, 'ok'],
  ]);
});

test('unpacking counts in the time of the request', async () => {
  const bomb = zlib.brotliCompressSync(Buffer.alloc(400_000_000), {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 },
  });
  handler = (_, response) => response.setHeader('Content-Encoding', 'br').end(bomb);
  const seen = await bench.run(`async () => {
    const r = await http.asyncRequest('GET', base + '/', null, { timeout: 60 });
    return [r.status, r.error_code];
  }`);
  assert.deepEqual(seen, [0, 1050]);
});
