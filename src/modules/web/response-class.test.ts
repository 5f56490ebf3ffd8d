// Responses that a script makes, as https://fetch.spec.whatwg.org, section 5.5, has them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a Response', () => {
  test('of nothing is a 200 that comes from nowhere', async () => {
    assert.deepEqual(
      await run(
        `const r = new Response(); return [r.status, r.statusText, r.ok, r.type, r.url, r.redirected, r.body, [...r.headers]];`,
      ),
      [200, '', true, 'default', '', false, null, []],
    );
  });

  test('is ok from 200 to 299, and has a status from 200 to 599', async () => {
    assert.deepEqual(
      await run(`
        const of = (status) => { try { return new Response(null, { status }).ok; } catch (e) { return e.name; } };
        return [200, 299, 300, 404, 599, '201', 600, 199, 101, 0, -1, NaN, 'x', null].map(of);`),
      [true, true, false, false, false, true, ...Array(8).fill('RangeError')],
    );
  });

  test('has no body with a status that says that there is none', async () => {
    assert.deepEqual(
      await run(
        `return [204, 205, 304].flatMap((status) => [thrown(() => new Response('', { status })), thrown(() => new Response(null, { status })), thrown(() => Response.json(1, { status }))]);`,
      ),
      Array(3).fill(['TypeError', 'nothing', 'TypeError']).flat(),
    );
  });

  test('has a statusText that a status line can hold', async () => {
    assert.deepEqual(
      await run(`
        const of = (statusText) => { try { return new Response(null, { statusText }).statusText; } catch (e) { return e.name; } };
        return ['Fine\\tso far', 'très', '', 5, 'a\\r\\nb', '\\0', '€', '\\x7f', Symbol()].map(of);`),
      ['Fine\tso far', 'très', '', '5', ...Array(5).fill('TypeError')],
    );
  });

  test('has headers that can be changed, the same object each time', async () => {
    assert.deepEqual(
      await run(`
        const r = new Response('x', { headers: [['a', '1'], ['a', '2']] });
        r.headers.append('b', '3');
        return [r.headers === r.headers, [...r.headers]];`),
      [
        true,
        [
          ['a', '1, 2'],
          ['b', '3'],
          ['content-type', 'text/plain;charset=UTF-8'],
        ],
      ],
    );
  });
});

describe('clone()', () => {
  test('gives another with the same, each with a body to read and headers of its own', async () => {
    assert.deepEqual(
      await run(`
        const r = new Response('text', { status: 418, statusText: 'teapot', headers: { a: '1' } });
        const c = r.clone();
        c.headers.set('a', '2');
        return [c.status, c.statusText, r.headers.get('a'), c.headers.get('a'), await r.text(), c.bodyUsed, await c.text(), await new Response('x').clone().clone().text()];`),
      [418, 'teapot', '1', '2', 'text', false, 'text', 'x'],
    );
  });

  test('of what cannot be changed cannot be changed either', async () => {
    assert.deepEqual(
      await run(
        `return [Response.error(), Response.error().clone(), Response.redirect('http://h/'), Response.redirect('http://h/').clone()].map((r) => thrown(() => r.headers.set('a', '1')));`,
      ),
      Array(4).fill('TypeError'),
    );
  });
});

describe('Response.json()', () => {
  test('writes what JSON can hold, and says so unless the script does', async () => {
    assert.deepEqual(
      await run(`
        const show = async (...args) => { const r = Response.json(...args); return [r.status, r.headers.get('content-type'), await r.text()]; };
        return [await show({ a: [1, null] }), await show(null), await show('text', { status: 201, headers: { 'content-type': 'own/json' } }), await show({ toJSON: () => 'own' })];`),
      [
        [200, 'application/json', '{"a":[1,null]}'],
        [200, 'application/json', 'null'],
        [201, 'own/json', '"text"'],
        [200, 'application/json', '"own"'],
      ],
    );
  });

  test('refuses what JSON cannot hold', async () => {
    assert.deepEqual(
      await run(
        `const circle = {}; circle.circle = circle; return [undefined, () => 1, Symbol(), 1n, circle].map((v) => thrown(() => Response.json(v)));`,
      ),
      Array(5).fill('TypeError'),
    );
  });
});

describe('Response.redirect()', () => {
  test('is a 302 unless it says otherwise, whose address is written whole', async () => {
    assert.deepEqual(
      await run(`
        const show = (...args) => { const r = Response.redirect(...args); return [r.status, r.statusText, r.headers.get('location'), r.type, r.body]; };
        return [show('http://h/ä'), show(new URL('http://h'), 308)];`),
      [
        [302, '', 'http://h/%C3%A4', 'default', null],
        [308, '', 'http://h/', 'default', null],
      ],
    );
  });

  test('refuses a status that redirects nobody with a RangeError, and an address that is none with a TypeError', async () => {
    assert.deepEqual(
      await run(
        `return [thrown(() => Response.redirect('http://h', 200)), thrown(() => Response.redirect('http://h', 304)), thrown(() => Response.redirect('/p')), thrown(() => Response.redirect())];`,
      ),
      ['RangeError', 'RangeError', 'TypeError', 'TypeError'],
    );
  });
});

test('Response.error() has status 0, no body and the type that says so', async () => {
  assert.deepEqual(
    await run(`const r = Response.error(); return [r.status, r.ok, r.type, r.statusText, r.body, await r.text()];`),
    [0, false, 'error', '', null, ''],
  );
});
