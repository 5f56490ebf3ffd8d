// What the target says over HTTP, to requests that are right and to those that are not: none of them may end it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { startTarget, type Target } from './target.ts';

let target: Target;
let session: http2.ClientHttp2Session;
before(async () => {
  target = await startTarget();
  session = http2.connect(target.addresses.https, { ca: target.addresses.ca });
});
after(async () => {
  session.destroy();
  await target.close();
});

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Wish {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function overHttp1(path: string, { method = 'GET', headers = {}, body }: Wish = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    http
      .request(target.addresses.http + path, { method, headers, agent: false }, async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      })
      .on('error', reject)
      .end(body);
  });
}

async function overHttp2(path: string, { method = 'GET', headers = {}, body }: Wish = {}): Promise<Reply> {
  const stream = session.request({ ':path': path, ':method': method, ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & { ':status': number }];
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return { status: head[':status'], headers: head, body: text };
}

/** Requests that say the same in both versions. */
const BOTH = { 'HTTP/1.1': overHttp1, 'HTTP/2': overHttp2 };

const order = (body: string): Wish => ({ method: 'POST', body });

for (const [version, ask] of Object.entries(BOTH)) {
  test(`paths have a status each over ${version}`, async () => {
    const cases: [path: string, status: number, wish?: Wish][] = [
      ['/', 200],
      ['/?a=b', 200],
      ['/health', 200],
      ['/menu', 200],
      ['/menu?kind=tea', 422],
      ['/menu?kind=', 422],
      ['/menu/%F0%9F%8D%95', 404],
      ['/menu/%', 404],
      ['/menu/constructor', 404],
      ['/orders', 404],
      ['/orders/0', 404],
      ['/orders/abc', 404],
      ['/orders/1e999', 404],
      ['/nowhere', 404],
      ['/__proto__', 404],
      ['/menu', 404, { method: 'POST', body: '{}' }],
      ['/menu', 404, { method: 'DELETE' }],
      ['/echo', 200, { method: 'DELETE' }],
      ['/me', 401],
      ['/me', 401, { headers: { authorization: 'Bearer wrong' } }],
      ['/me', 401, { headers: { cookie: 'session=demo-token-and-more' } }],
      ['/me', 200, { headers: { cookie: 'a=b; session=demo-token; c=d' } }],
      ['/login', 401, order('{"user":"demo"}')],
      ['/login', 404],
    ];
    for (const [path, status, wish] of cases)
      assert.equal((await ask(path, wish)).status, status, `${path} ${wish?.method}`);
  });

  test(`bodies that are no order are refused over ${version}, and the shop stays open`, async () => {
    const cases: [path: string, body: string, status: number][] = [
      ['/orders', '', 400],
      ['/orders', '{', 400],
      ['/orders', 'null', 422],
      ['/orders', '5', 422],
      ['/orders', '[]', 422],
      ['/orders', '{}', 422],
      ['/orders', '{"item":null}', 422],
      ['/orders', '{"item":"funghi","quantity":null}', 201],
      ['/orders', '{"item":"funghi","quantity":"3"}', 201],
      ['/orders', '{"item":"funghi","quantity":""}', 422],
      ['/orders', '{"item":"funghi","quantity":1e400}', 422],
      ['/orders', '{"item":"funghi","quantity":-1}', 422],
      ['/orders', '{"item":"funghi","quantity":[2]}', 422],
      // What has no text and no number, whatever it says of itself.
      ['/orders', '{"item":{"toString":1}}', 422],
      ['/orders', '{"item":"funghi","quantity":{"valueOf":1,"toString":1}}', 422],
      ['/orders', '{"item":"funghi","name":{"toString":1}}', 422],
      ['/orders', '{"item":"funghi","name":"Ada \\ud83c"}', 201],
      ['/ratings', '{}', 422],
      ['/ratings', '{"ingredients":"Cheese"}', 422],
      ['/ratings', '{"ingredients":[]}', 422],
      ['/ratings', '{"ingredients":[{"toString":1}]}', 422],
      ['/ratings', '{"ingredients":["Cheese"],"dough":{"toString":1}}', 422],
      ['/ratings', '{"ingredients":["Cheese"]}', 200],
    ];
    for (const [path, body, status] of cases)
      assert.equal((await ask(path, order(body))).status, status, `${path} ${body}`);
    assert.equal((await ask('/health')).status, 200);
  });

  test(`any status can be asked for over ${version}; what is none is a mistake of who asks`, async () => {
    const all = Array.from({ length: 400 }, (_, index) => 200 + index);
    const replies = await Promise.all(all.map((status) => ask(`/status/${status}`)));
    for (const [index, { status: got, headers, body }] of replies.entries()) {
      const status = all[index];
      assert.equal(got, status);
      if (status === 204 || status === 304) assert.equal(body + (headers['content-type'] ?? ''), '');
      if (status >= 300 && status < 400) assert.equal(headers.location, '/');
    }
    for (const text of ['abc', '-1', '0', '99', '199', '200.5', '1000', '1e9', 'NaN', 'Infinity', '%20'])
      assert.equal((await ask(`/status/${text}`)).status, 400, text);
    assert.equal((await ask('/status/101')).status, 426);
    assert.equal((await ask('/status/426')).headers.upgrade, version === 'HTTP/2' ? undefined : 'websocket');
    // HTTP/2 has no status from 600 on in Node; HTTP/1.1 has.
    for (const path of ['/status/700', '/?misbehave=status=999', '/menu?misbehave=status=600'])
      assert.equal((await ask(path)).status, version === 'HTTP/2' ? 400 : Number(/\d+/.exec(path)![0]), path);
    assert.equal((await ask('/?misbehave=status=0')).status, 400);
  });

  test(`interim answers end in an answer over ${version}`, async () => {
    for (const status of [100, 102, 103])
      assert.deepEqual(JSON.parse((await ask(`/status/${status}`)).body), { interim: status });
  });

  test(`bytes are as many as are asked for over ${version}`, async () => {
    for (const [text, length] of [
      ['0', 0],
      ['1', 1],
      ['8', 8],
      ['100000', 100_000],
      ['-5', 0],
      ['abc', 0],
      ['', 0],
    ] as const) {
      const { body, headers } = await ask(`/bytes/${text}`);
      assert.deepEqual([body.length, headers['content-length']], [length, String(length)], text);
      assert.ok('sixfold '.repeat(12_500).startsWith(body));
    }
    const head = await ask('/bytes/1000', { method: 'HEAD' });
    assert.deepEqual([head.body, head.headers['content-length']], ['', '1000']);
  });

  test(`an echo has the request as it came over ${version}`, async () => {
    const { body } = await ask('/echo/deep?a=1&a=2&b=%C3%A9&__proto__=x', {
      method: 'PUT',
      headers: { 'x-mine': 'yes' },
      body: 'Grüße 🍕',
    });
    const told = JSON.parse(body) as Record<string, unknown> & { headers: Record<string, string> };
    assert.deepEqual([told['method'], told['path'], told['body']], ['PUT', '/echo/deep', 'Grüße 🍕']);
    assert.deepEqual(Object.entries(told['query'] as object), [
      ['a', '2'],
      ['b', 'é'],
      ['__proto__', 'x'],
    ]);
    assert.equal(told.headers['x-mine'], 'yes');
    assert.ok(Object.keys(told.headers).every((name) => !name.startsWith(':')));
    assert.equal(told['proto'], version === 'HTTP/2' ? 'HTTP/2.0' : 'HTTP/1.1');
  });
}

test('a body over the limit is refused, and one at the limit is not', async () => {
  const most = 16 * 1024 * 1024;
  assert.equal((await overHttp1('/health', { method: 'POST', body: 'x'.repeat(most) })).status, 404);
  for (const size of [most + 1, 2 * most]) {
    const body = Buffer.alloc(size, 'x');
    assert.equal((await overHttp1('/echo', { method: 'POST', body: body.toString() })).status, 413, `${size} bytes`);
    const own = http2.connect(target.addresses.https, { ca: target.addresses.ca, maxSessionMemory: 100 });
    const stream = own.request({ ':path': '/echo', ':method': 'POST' });
    stream.end(body);
    stream.on('error', () => {});
    const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & { ':status': number }];
    assert.equal(head[':status'], 413, `${size} bytes over HTTP/2`);
    own.destroy();
  }
});

test('over HTTP/2 the target is no proxy either', async () => {
  for (const [headers, status] of [
    [{}, 407],
    [{ 'proxy-authorization': 'Basic ZGVtbzpkZW1v' }, 403],
  ] as const) {
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'shop.test:443', ...headers });
    const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & { ':status': number }];
    assert.equal(head[':status'], status);
    if (status === 407) assert.match(String(head['proxy-authenticate']), /^Basic realm=/);
    stream.close();
  }
});

test('what is no HTTP is told so, and a target that is left in the middle goes on', async () => {
  const say = async (text: string): Promise<string> => {
    const socket = net.connect(Number(new URL(target.addresses.http).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(text);
    let heard = '';
    for await (const chunk of socket.setEncoding('latin1')) heard += chunk;
    return heard;
  };
  assert.match(await say('\u0016\u0003\u0001\u0000\u0005hello'), /^HTTP\/1\.1 400 /);
  assert.match(await say('NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400 /);
  for (const path of ['/menu?misbehave=delay=60000', '/menu?misbehave=hang', '/bytes/64000000']) {
    const request = http.get(target.addresses.http + path, { agent: false }).on('error', () => {});
    await once(request, 'socket');
    await once(request.socket!, 'connect');
    request.destroy();
  }
  assert.equal((await overHttp1('/health')).status, 200);
});

test('a misbehaviour that makes no sense is refused before anything is done', async () => {
  for (const wish of ['explode', 'delay=1=2', 'delay=', 'status=1.5', 'reset=1', 'half,', ','])
    assert.equal((await overHttp1(`/menu?misbehave=${wish}`)).status, 400, wish);
  // A header goes before the address.
  const { status } = await overHttp1('/menu?misbehave=status=500', { headers: { 'x-misbehave': 'status=503' } });
  assert.equal(status, 503);
});

test('interim answers come before the answer over HTTP/2 too', async () => {
  for (const status of [100, 102, 103]) {
    const stream = session.request({ ':path': `/status/${status}` });
    const seen: unknown[] = [];
    stream.on('headers', (headers) => seen.push(headers[':status']));
    const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & { ':status': number }];
    assert.deepEqual([...seen, head[':status']], [status, 200]);
    stream.close();
  }
});
