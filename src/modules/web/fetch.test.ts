// fetch against a real server, from a compiled script.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';

let server: http.Server;
let base = '';
/** Requests to /wait whose client is gone. */
let gone = 0;
let told: () => void = () => {};

before(async () => {
  server = http.createServer((request, response) => {
    const url = new URL(request.url!, 'http://h');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      switch (url.pathname) {
        case '/echo':
          response.setHeader('X-Two', ['a', 'b']);
          response.setHeader('Set-Cookie', ['first=1; Path=/', 'second=2; Path=/']);
          response.setHeader('Content-Type', 'application/json');
          response.end(
            JSON.stringify({ method: request.method, headers: request.headers, body: body.toString('latin1') }),
          );
          return;
        case '/back':
          response.setHeader('Content-Type', request.headers['content-type'] ?? '');
          response.end(body);
          return;
        case '/loop':
          response.writeHead(302, { Location: '/loop' }).end();
          return;
        case '/to':
          response.writeHead(302, { Location: '/echo' }).end('moved');
          return;
        case '/wait':
          request.socket.once('close', () => {
            gone++;
            told();
          });
          return;
        default:
          response.writeHead(Number(url.pathname.slice(1)) || 404).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const create = (body: string, options: Partial<Options> = {}, head = ''): Promise<ScriptBench> =>
  createScriptBench(
    `${head}\nconst base = ${JSON.stringify(base)}; export default async function () { ${body} }`,
    options,
  );
const run = async (body: string, options: Partial<Options> = {}, head = ''): Promise<unknown> =>
  (await create(body, options, head)).run();

test('a request goes out as it is described, and the response shows what came', async () => {
  const bench = await create(`
    const r = await fetch(base + '/echo', { method: 'post', headers: { 'X-A': '1' }, body: JSON.stringify({ a: 1 }), tags: { name: 'echo' } });
    const seen = await r.json();
    let twice; try { await r.text(); } catch (e) { twice = e instanceof TypeError; }
    let fixed; try { r.headers.set('a', '1'); } catch (e) { fixed = e instanceof TypeError; }
    return [r instanceof Response, r.ok, r.status, r.statusText, r.url === base + '/echo', r.redirected, r.type, r.headers.get('x-two'), r.headers.getSetCookie(),
      seen.method, seen.headers['x-a'], seen.headers['content-type'], seen.headers['content-length'], seen.body, r.bodyUsed, twice, fixed];`);
  assert.deepEqual(await bench.run(), [
    ...[true, true, 200, 'OK', true, false, 'basic', 'a, b', ['first=1; Path=/', 'second=2; Path=/']],
    ...['POST', '1', 'text/plain;charset=UTF-8', '7', '{"a":1}', true, true, true],
  ]);
  const counted = bench.samples.filter(({ metric }) => metric === 'http_reqs');
  assert.equal(counted.length, 1);
  assert.equal(counted[0]!.tags['name'], 'echo');
  assert.equal(counted[0]!.tags['status'], '200');
  assert.deepEqual(
    bench.samples.filter(({ metric }) => metric === 'http_req_failed').map(({ value }) => value),
    [0],
  );
});

test('bodies of every kind are sent and read back', async () => {
  assert.deepEqual(
    await run(`
      const send = async (body, read = 'text') => { const r = await fetch(base + '/back', { method: 'PUT', body }); return [(r.headers.get('content-type') ?? '').split(';')[0], await r[read]()]; };
      const form = new FormData(); form.append('a"b', 'line\\nend'); form.append('f', new File([new Uint8Array([0, 255])], 'n.bin', { type: 'x/y' }));
      const [type, back] = await send(form, 'formData');
      const [, bytes] = await send(new Uint8Array([1, 2, 3]).subarray(1), 'bytes');
      const [, buffer] = await send(new Uint8Array([9]).buffer, 'arrayBuffer');
      const [blobType, blob] = await send(new Blob(['xy'], { type: 'a/b' }), 'blob');
      const [, pairs] = await send(new URLSearchParams({ q: 'ä ' }), 'formData');
      return [await send('text'), await send(new URLSearchParams({ q: '1 2' })), type, [...back.keys()], back.get('a"b'), back.get('f').name, back.get('f').type,
        [...new Uint8Array(await back.get('f').arrayBuffer())], [...bytes], buffer.byteLength, blobType, blob.type, await blob.text(), pairs.get('q'), await send(12)];`),
    [
      ['text/plain', 'text'],
      ['application/x-www-form-urlencoded', 'q=1+2'],
      'multipart/form-data',
      ['a"b', 'f'],
      'line\r\nend',
      'n.bin',
      'x/y',
      [0, 255],
      [2, 3],
      1,
      'a/b',
      'a/b',
      'xy',
      'ä ',
      ['text/plain', '12'],
    ],
  );
});

test('cookies are those of the virtual user, and are left out on demand', async () => {
  assert.deepEqual(
    await run(
      `await fetch(base + '/echo');
       const sent = async (init) => (await (await fetch(base + '/echo', init)).json()).headers.cookie ?? null;
       return [await sent(), http.cookieJar().cookiesForURL(base).first, http.get(base + '/echo').json('headers.cookie'), await sent({ credentials: 'omit' })];`,
      {},
      `import http from 'k6/http';`,
    ),
    ['first=1; second=2', ['1'], 'first=1; second=2', null],
  );
});

test('redirects are followed, handed over or refused, and have an end', async () => {
  const bench = await create(`
    const fails = async (...args) => { try { await fetch(...args); return 'no'; } catch (e) { return [e instanceof TypeError, e.error_code, e.message.split(': ').at(-1)]; } };
    const r = await fetch(base + '/to');
    const manual = await fetch(base + '/to', { redirect: 'manual' });
    return [r.redirected, r.url === base + '/echo', manual.status, manual.headers.get('location'), await fails(base + '/to', { redirect: 'error' }), await fails(base + '/loop')];`);
  assert.deepEqual(await bench.run(), [
    true,
    true,
    302,
    '/echo',
    [true, 1000, 'it is redirected, and redirect is "error"'],
    [true, 1000, 'more than 20 redirects'],
  ]);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'http_reqs').length, 2 + 1 + 1 + 21);
  assert.equal(
    await run(`return (await fetch(base + '/loop')).status;`, { maxRedirects: 3, maxRedirectsSet: true }),
    302,
  );
});

test('a status that says failure is a response, a failure below it a rejection with its code', async () => {
  assert.deepEqual(
    await run(`
      const code = async (...args) => { try { return (await fetch(...args)).status; } catch (e) { return [e instanceof TypeError, e.name, e.error_code ?? null]; } };
      return [await code(base + '/503'), await code('http://127.0.0.1:1/'), await code('/relative'), await code('ftp://h/x'), await code(base, { method: 'GET', body: 'x' }),
        await code(base, { method: 'a b' }), await code(base, { headers: { 'a b': 1 } }), await code(base, { signal: 5 }), await code(base + '/wait', { timeout: 20 })];`),
    [
      503,
      [true, 'TypeError', 1212],
      [true, 'TypeError', null],
      [true, 'TypeError', 1000],
      ...Array(4).fill([true, 'TypeError', null]),
      [true, 'TypeError', 1050],
    ],
  );
});

test('an abort ends the request at once, closes its connection, rejects with the reason and is measured', async () => {
  gone = 0;
  const closed = new Promise<void>((resolve) => {
    told = () => (gone === 3 ? resolve() : undefined);
  });
  const bench = await create(
    `const outcome = async (signal, act = () => {}) => { const p = fetch(base + '/wait', { signal }); act(); try { await p; } catch (e) { return e instanceof DOMException ? e.name : e; } };
     const a = new AbortController(), b = new AbortController(), c = new AbortController();
     // Long enough for the requests to arrive.
     setTimeout(() => a.abort(), 1000); setTimeout(() => b.abort({ own: 'reason' }), 1000);
     c.abort();
     return [await Promise.all([outcome(a.signal), outcome(b.signal)]), await outcome(AbortSignal.timeout(1000)), await outcome(c.signal),
       await outcome(new Request(base, { signal: c.signal }).signal)];`,
  );
  assert.deepEqual(await bench.run(), [['AbortError', { own: 'reason' }], 'TimeoutError', 'AbortError', 'AbortError']);
  await closed;
  assert.deepEqual(
    bench.samples.filter(({ metric }) => metric === 'http_reqs').map(({ tags }) => tags['error_code']),
    ['1030', '1030', '1050'],
  );
});

test('Request and Response can be made, cloned and read', async () => {
  assert.deepEqual(
    await run(`
      const q = new Request(base + '/echo', { method: 'POST', body: 'x', headers: [['A', 'b']] });
      const copy = q.clone();
      const first = await (await fetch(q)).json();
      const second = await (await fetch(copy, { headers: { c: 'd' }, method: 'PUT' })).json();
      let used; try { await fetch(q); } catch (e) { used = e instanceof TypeError; }
      const r = new Response('{"a":1}', { status: 201, headers: { b: 'c' } });
      const clone = r.clone();
      let range; try { new Response('', { status: 99 }); } catch (e) { range = e instanceof RangeError; }
      return [first.method, first.headers.a, second.method, second.headers.c, second.headers.a ?? null, second.body, q.bodyUsed, used, q.url === base + '/echo',
        r.status, (await r.json()).a, (await clone.text()), Response.json({ z: 1 }).headers.get('content-type'), Response.error().type,
        Response.redirect('http://h/').headers.get('location'), range, await new Request(base, { method: 'POST', body: 'ab' }).text()];`),
    [
      'POST',
      'b',
      'PUT',
      'd',
      null,
      'x',
      true,
      true,
      true,
      201,
      1,
      '{"a":1}',
      'application/json',
      'error',
      'http://h/',
      true,
      'ab',
    ],
  );
});

test('no requests are made in the init code, and an iteration waits for its own', async () => {
  await assert.rejects(
    createScriptBench(`await fetch('http://127.0.0.1:1/'); export default () => {}`),
    /init context/,
  );
  const bench = await create(`fetch(base + '/503');`);
  await bench.run();
  assert.equal(bench.samples.filter(({ metric }) => metric === 'http_reqs').length, 1);
});

test('a body is a stream, too, which uses it up', async () => {
  const read = `const all = async (stream) => { const reader = stream.getReader(); const sizes = []; for (;;) { const { done, value } = await reader.read(); if (done) return sizes; sizes.push(value.length); } };`;
  const body = `${read}
    const r = await fetch(base + '/back', { method: 'POST', body: 'x'.repeat(100_000) });
    const before = r.bodyUsed;
    const stream = r.body;
    const sizes = await all(stream);
    let twice; try { await r.text(); } catch (e) { twice = e instanceof TypeError; }
    return [before, r.body === stream, sizes, r.bodyUsed, twice, (await fetch(base + '/204')).body, await all(new Blob(['abc']).stream())]`;
  const expected = [false, true, [65_536, 34_464], true, true, null, [3]];
  assert.deepEqual(await run(`${body};`), expected);
  assert.deepEqual(
    await run(
      `${body}.concat(r.body instanceof ReadableStream);`,
      {},
      `import { ReadableStream } from 'k6/experimental/streams';`,
    ),
    [...expected, true],
  );
});

test('a stream is no body to send, and the error says what to do; a length that a script gives is left out without a word', async () => {
  const bench = await create(`
    const attempt = async (fn) => { try { return await fn(); } catch (e) { return [e.name, e.message]; } };
    const length = await fetch(base + '/echo', { method: 'POST', body: 'four', headers: { 'Content-Length': '400' } });
    return [await attempt(() => fetch(base, { method: 'POST', body: new Blob(['x']).stream() })), await attempt(() => new Response(new ReadableStream())), (await length.json()).headers['content-length']];`);
  const [sent, made, length] = (await bench.run()) as [[string, string], [string, string], string];
  assert.equal(sent[0], 'TypeError');
  assert.match(sent[1], /a ReadableStream cannot be a body here: read it to its end/);
  assert.deepEqual(made, sent);
  assert.equal(length, '4');
  assert.deepEqual(bench.logs, []);
});

test('a then on Object.prototype is handed the response, as the language has it', async () => {
  assert.equal(
    await run(`
      let given;
      Object.prototype.then = function (f) { given = this; delete Object.prototype.then; f('instead'); };
      const r = await fetch(base + '/503');
      return [r, given instanceof Response, given.status].join();`),
    'instead,true,503',
  );
});
