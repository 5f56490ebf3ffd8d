// Requests that are described and not sent, as https://fetch.spec.whatwg.org, sections 5.3 and 5.4, has them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `
  const at = 'http://h/p';
  const tried = async (fn) => { try { await fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a Request', () => {
  test('of an address alone is a GET without a body, that follows redirects', async () => {
    assert.deepEqual(
      await run(`
        const r = new Request('HTTP://H:80/a b#f');
        return [r.method, r.url, r.redirect, r.credentials, r.body, r.bodyUsed, [...r.headers], r.signal.aborted, r.keepalive, r.duplex];`),
      ['GET', 'http://h/a%20b#f', 'follow', 'same-origin', null, false, [], false, false, 'half'],
    );
  });

  test('takes a URL, or whatever is text of an address', async () => {
    assert.deepEqual(
      await run(
        `return [new Request(new URL(at)).url, new Request({ toString: () => at }).url, await tried(() => new Request('/p')), await tried(() => new Request('')), await tried(() => new Request())];`,
      ),
      ['http://h/p', 'http://h/p', 'TypeError', 'TypeError', 'TypeError'],
    );
  });

  test('writes the methods of HTTP in capitals, and others as they are', async () => {
    assert.deepEqual(
      await run(
        `return ['get', 'Post', 'pUt', 'delete', 'head', 'options', 'patch', 'Custom', 'M-SEARCH'].map((method) => new Request(at, { method }).method);`,
      ),
      ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'patch', 'Custom', 'M-SEARCH'],
    );
  });

  test('refuses methods that are none or that fetch cannot make, bodies that a method cannot have, and words that are none', async () => {
    assert.deepEqual(
      await run(`
        const inits = [{ method: '' }, { method: 'a b' }, { method: 'CONNECT' }, { method: 'trace' }, { method: 'Track' }, { body: 'x' }, { method: 'HEAD', body: '' },
          { redirect: 'maybe' }, { redirect: '' }, { credentials: 'none' }, { signal: {} }, { signal: new AbortController() }, { headers: 'a: b' }, { headers: null }];
        return Promise.all([...inits.map((init) => tried(() => new Request(at, init))), tried(() => new Request(at, 5)), tried(() => Request(at))]);`),
      Array(16).fill('TypeError'),
    );
  });

  test('takes no options, null and undefined ones', async () => {
    assert.deepEqual(
      await run(
        `return [new Request(at, null).method, new Request(at, undefined).method, new Request(at, { method: undefined, body: null, signal: null, headers: undefined }).method];`,
      ),
      ['GET', 'GET', 'GET'],
    );
  });

  test('says of its body what it is, unless the script does', async () => {
    assert.deepEqual(
      await run(`
        const type = (body, headers) => new Request(at, { method: 'POST', body, headers }).headers.get('content-type');
        return [type('x'), type(5), type(new URLSearchParams('a=b')), type(new Blob(['x'], { type: 'a/b' })), type(new Blob(['x'])), type(new Uint8Array(2)), type(new ArrayBuffer(2)), type(null),
          type('x', { 'CONTENT-type': 'own/type' }), type({ toString: () => '{}' }), type(new FormData()).split('=')[0]];`),
      [
        'text/plain;charset=UTF-8',
        'text/plain;charset=UTF-8',
        'application/x-www-form-urlencoded;charset=UTF-8',
        'a/b',
        null,
        null,
        null,
        null,
        'own/type',
        'text/plain;charset=UTF-8',
        'multipart/form-data; boundary',
      ],
    );
  });

  test('has a body of its own, whatever becomes of the buffer that it was made of', async () => {
    assert.deepEqual(
      await run(`
        const bytes = new Uint8Array([1, 2, 3, 4]);
        const whole = new Request(at, { method: 'POST', body: bytes.buffer });
        const part = new Request(at, { method: 'POST', body: new DataView(bytes.buffer, 1, 2) });
        bytes.fill(9);
        return [[...await whole.bytes()], [...await part.bytes()]];`),
      [
        [1, 2, 3, 4],
        [2, 3],
      ],
    );
  });

  test('follows a signal, with one of its own', async () => {
    assert.deepEqual(
      await run(`
        const c = new AbortController();
        const r = new Request(at, { signal: c.signal });
        const own = r.signal;
        const later = new Request(r);
        c.abort('why');
        return [own === r.signal, own === c.signal, own.aborted, own.reason, later.signal.reason, new Request(r, { signal: null }).signal.aborted, new Request(at, { signal: c.signal }).signal.aborted];`),
      [true, false, true, 'why', 'why', false, true],
    );
  });
});

describe('a Request of another one', () => {
  test('is as that is, but for what is said anew', async () => {
    assert.deepEqual(
      await run(`
        const a = new Request(at, { method: 'POST', headers: { a: '1' }, redirect: 'manual', credentials: 'omit', body: 'text' });
        const b = new Request(a, { headers: { b: '2' }, redirect: 'error' });
        return [b.method, b.url, [...b.headers.keys()], b.redirect, b.credentials, await b.text()];`),
      ['POST', 'http://h/p', ['b'], 'error', 'omit', 'text'],
    );
  });

  test('has headers of its own', async () => {
    assert.deepEqual(
      await run(`
        const a = new Request(at, { headers: { a: '1' } });
        const b = new Request(a);
        const c = a.clone();
        a.headers.set('a', '2'); b.headers.append('b', '3');
        return [[...a.headers], [...b.headers], [...c.headers]];`),
      [
        [['a', '2']],
        [
          ['a', '1'],
          ['b', '3'],
        ],
        [['a', '1']],
      ],
    );
  });

  test('takes the body over, also where null stands for one, and leaves it where it brings its own', async () => {
    assert.deepEqual(
      await run(`
        const make = () => new Request(at, { method: 'POST', body: 'first' });
        const [a, b, c] = [make(), make(), make()];
        const [fromA, fromB, fromC] = [new Request(a), new Request(b, { body: null }), new Request(c, { body: 'second' })];
        return [a.bodyUsed, await fromA.text(), b.bodyUsed, await fromB.text(), c.bodyUsed, await fromC.text(), await c.text(), await tried(() => new Request(a)), await tried(() => a.clone())];`),
      [true, 'first', true, 'first', false, 'second', 'first', 'TypeError', 'TypeError'],
    );
  });

  test('that is refused leaves the body where it was', async () => {
    assert.deepEqual(
      await run(`
        const a = new Request(at, { method: 'POST', body: 'kept' });
        const refused = [];
        for (const init of [{ method: 'GET' }, { redirect: 'maybe' }, { credentials: 'x' }, { signal: 5 }, { method: 'a b' }, { headers: [['a']] }]) refused.push(await tried(() => new Request(a, init)));
        return [refused, a.bodyUsed, await a.text()];`),
      [Array(6).fill('TypeError'), false, 'kept'],
    );
  });

  test('can be made of one whose body was read, where it brings its own', async () => {
    assert.deepEqual(
      await run(`
        const a = new Request(at, { method: 'POST', body: 'first' });
        await a.text();
        return [await new Request(a, { body: 'second' }).text(), await tried(() => new Request(a))];`),
      ['second', 'TypeError'],
    );
  });
});

describe('the body of a Request or Response', () => {
  test('is read once, by whatever reads it, and then used', async () => {
    assert.deepEqual(
      await run(`
        const out = [];
        for (const read of ['text', 'json', 'arrayBuffer', 'bytes', 'blob']) {
          const r = new Response('{"a":1}');
          await r[read]();
          out.push([r.bodyUsed, await tried(() => r.text()), await tried(() => r.clone())]);
        }
        return out;`),
      Array(5).fill([true, 'TypeError', 'TypeError']),
    );
  });

  test('that is not there can be read again and again, and is never used', async () => {
    assert.deepEqual(
      await run(`
        const r = new Response();
        return [await r.text(), (await r.arrayBuffer()).byteLength, (await r.blob()).size, (await r.bytes()).length, r.bodyUsed, r.body, await tried(() => r.json()), await tried(() => r.formData()), await r.clone().text()];`),
      ['', 0, 0, 0, false, null, 'SyntaxError', 'TypeError', ''],
    );
  });

  test('that is empty is there, though', async () => {
    assert.deepEqual(
      await run(`const r = new Response(''); await r.text(); return [r.bodyUsed, await tried(() => r.text())];`),
      [true, 'TypeError'],
    );
  });

  test('is used up by a reading that fails, too, and never throws at once', async () => {
    assert.deepEqual(
      await run(`
        const r = new Response('no json');
        const first = r.json();
        const used = r.bodyUsed;
        const wrong = Request.prototype.text.call({});
        return [first instanceof Promise, used, await tried(() => first), await tried(() => r.json()), wrong instanceof Promise, await tried(() => wrong)];`),
      [true, true, 'SyntaxError', 'TypeError', true, 'TypeError'],
    );
  });

  test('as text is UTF-8, whose mark at the beginning is left out and whose faults are replaced', async () => {
    assert.deepEqual(
      await run(`
        const text = (...bytes) => new Response(new Uint8Array(bytes)).text();
        return [await text(0xef, 0xbb, 0xbf, 0x61), await text(0x61, 0xff, 0xc3), await text(0xed, 0xa0, 0x80).then((t) => t.length), (await new Response('\\ufeff{"a":1}').json()).a];`),
      ['a', 'a\ufffd\ufffd', 3, 1],
    );
  });

  test('as a blob has the type of the headers', async () => {
    assert.deepEqual(
      await run(`
        const type = async (init) => (await new Response(new Uint8Array(1), init).blob()).type;
        return [await type({ headers: { 'Content-Type': 'Text/X' } }), await type({})];`),
      ['text/x', ''],
    );
  });

  test('as a form is refused where the type is of none', async () => {
    assert.deepEqual(
      await run(`
        return Promise.all([new Response('a=1'), new Response('a=1', { headers: { 'content-type': 'application/json' } }), new Response('x', { headers: { 'content-type': 'multipart/form-data' } }),
          new Response('x', { headers: { 'content-type': 'multipart/form-data; boundary=b' } })].map((r) => tried(() => r.formData())));`),
      Array(4).fill('TypeError'),
    );
  });
});
