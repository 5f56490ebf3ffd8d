// URL and URLSearchParams as https://url.spec.whatwg.org, section 6, has them; from compiled scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';

const HEAD = `const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('a URL', () => {
  test('has all its parts read and written', async () => {
    assert.deepEqual(
      await run(`
        const u = new URL('http://h/');
        const steps = [['protocol', 'https'], ['username', 'ü:'], ['password', 'p@'], ['host', 'other:81'], ['hostname', 'EXAMPLE.test'], ['port', '8080x'], ['pathname', 'a b/ä'], ['search', 'q=1 2'], ['hash', 'h#']];
        return steps.map(([name, value]) => { u[name] = value; return [u[name], u.href]; });`),
      [
        ['https:', 'https://h/'],
        ['%C3%BC%3A', 'https://%C3%BC%3A@h/'],
        ['p%40', 'https://%C3%BC%3A:p%40@h/'],
        ['other:81', 'https://%C3%BC%3A:p%40@other:81/'],
        ['example.test', 'https://%C3%BC%3A:p%40@example.test:81/'],
        ['8080', 'https://%C3%BC%3A:p%40@example.test:8080/'],
        ['/a%20b/%C3%A4', 'https://%C3%BC%3A:p%40@example.test:8080/a%20b/%C3%A4'],
        ['?q=1%202', 'https://%C3%BC%3A:p%40@example.test:8080/a%20b/%C3%A4?q=1%202'],
        ['#h#', 'https://%C3%BC%3A:p%40@example.test:8080/a%20b/%C3%A4?q=1%202#h#'],
      ],
    );
  });

  test('keeps what it has where a part cannot be what it is told to be', async () => {
    assert.deepEqual(
      await run(`
        const u = new URL('https://h:81/p');
        u.protocol = 'mailto'; u.host = ''; u.hostname = 'a b'; u.port = 'x'; u.port = '70000';
        return u.href;`),
      'https://h:81/p',
    );
  });

  test('is resolved against a base, which may be a URL itself', async () => {
    assert.deepEqual(
      await run(`
        const base = new URL('https://h/a/b?q#f');
        return ['', '?x', '#y', '../c', '//other/p', 'http:d', '/\\u00e4'].map((v) => new URL(v, base).href);`),
      [
        'https://h/a/b?q',
        'https://h/a/b?x',
        'https://h/a/b?q#y',
        'https://h/c',
        'https://other/p',
        'http://d/',
        'https://h/%C3%A4',
      ],
    );
  });

  test('that cannot be read is a TypeError, also of a base that none needs, and leaves href as it was', async () => {
    assert.deepEqual(
      await run(`
        const u = new URL('http://h/');
        return [() => new URL(''), () => new URL(), () => new URL('a'), () => new URL('http://h/', 'no base'), () => new URL('http://[::1'), () => new URL('http://h:99999'),
          () => { u.href = 'nowhere'; }, () => URL('http://h'), () => new URL(Symbol('s'))].map(thrown).concat(u.href);`),
      [...Array(9).fill('TypeError'), 'http://h/'],
    );
  });

  test('is asked beforehand by canParse() and parse(), which throw nothing', async () => {
    assert.deepEqual(
      await run(`
        return [URL.canParse('/a', 'http://h'), URL.canParse('/a'), URL.canParse('http://h', 'no base'), URL.parse('/a', 'http://h').href, URL.parse('/a'), URL.parse('x:y') instanceof URL,
          URL.canParse(undefined), URL.canParse('http://h', undefined)];`),
      [true, false, false, 'http://h/a', null, true, false, true],
    );
  });

  test('has an origin of its own, unless it has none', async () => {
    assert.deepEqual(
      await run(
        `return ['https://u:p@h:443/x', 'http://h:8080', 'ws://h', 'data:x', 'mailto:a@b', 'blob:https://h/1'].map((v) => new URL(v).origin);`,
      ),
      ['https://h', 'http://h:8080', 'ws://h', 'null', 'null', 'https://h'],
    );
  });

  test('is text in JSON and wherever text is wanted', async () => {
    assert.deepEqual(
      await run(
        `const u = new URL('http://h/?a'); return [JSON.stringify([u]), u + '', \`\${u}\`, u.toJSON() === u.href];`,
      ),
      ['["http://h/?a"]', 'http://h/?a', 'http://h/?a', true],
    );
  });
});

describe('the query of a URL', () => {
  test('is one object, that shows each change of the URL', async () => {
    assert.deepEqual(
      await run(`
        const u = new URL('http://h/?a=1');
        const q = u.searchParams;
        u.search = '?b=2&c';
        const first = [...q];
        u.href = 'http://h/?d=4';
        return [u.searchParams === q, first, [...q]];`),
      [
        true,
        [
          ['b', '2'],
          ['c', ''],
        ],
        [['d', '4']],
      ],
    );
  });

  test('changes the URL with each of its methods, and leaves no question mark behind', async () => {
    assert.deepEqual(
      await run(`
        const u = new URL('http://h/?b=1&a=2&b=3#f');
        const q = u.searchParams;
        const seen = [];
        const after = (act) => { act(); seen.push(u.href); };
        after(() => q.sort()); after(() => q.set('b', 'x y')); after(() => q.append('ä', '&')); after(() => q.delete('ä', 'other')); after(() => q.delete('b')); after(() => { q.delete('a'); q.delete('ä'); });
        return [seen, u.search];`),
      [
        [
          'http://h/?a=2&b=1&b=3#f',
          'http://h/?a=2&b=x+y#f',
          'http://h/?a=2&b=x+y&%C3%A4=%26#f',
          'http://h/?a=2&b=x+y&%C3%A4=%26#f',
          'http://h/?a=2&%C3%A4=%26#f',
          'http://h/#f',
        ],
        '',
      ],
    );
  });
});

describe('URLSearchParams', () => {
  test('reads text with or without a question mark, and whatever is not well written', async () => {
    assert.deepEqual(
      await run(
        `return ['?a=1', '??a', 'a=b=c', '=', '&&', 'a+b=%20', '%zz=%F', 'a=%C3%A4%FF', 'a'].map((v) => [...new URLSearchParams(v)]);`,
      ),
      [
        [['a', '1']],
        [['?a', '']],
        [['a', 'b=c']],
        [['', '']],
        [],
        [['a b', ' ']],
        [['%zz', '%F']],
        [['a', 'ä\ufffd']],
        [['a', '']],
      ],
    );
  });

  test('writes what it has as a form does', async () => {
    assert.equal(
      await run(
        `return new URLSearchParams([['a b', "*-._~!'()"], ['ä', '+&=%'], ['\\ud800', '\\u{1F600}']]).toString();`,
      ),
      'a+b=*-._%7E%21%27%28%29&%C3%A4=%2B%26%3D%25&%EF%BF%BD=%F0%9F%98%80',
    );
  });

  test('sorts by UTF-16 code units, and keeps the order of what has one name', async () => {
    assert.equal(
      await run(
        `const q = new URLSearchParams('z=1&\\uffee=2&a=3&\\u{1F308}=4&a=1'); q.sort(); return [...q].map(([k, v]) => k + v).join(' ');`,
      ),
      'a3 a1 z1 \u{1F308}4 \uffee2',
    );
  });

  test('looks for a name, and for a value with it, where there is one to look for', async () => {
    assert.deepEqual(
      await run(`
        const q = new URLSearchParams('a=1&a=2&b=undefined');
        return [q.has('a', '2'), q.has('a', 3), q.has('a', undefined), q.has('b', 'undefined'), q.getAll('a'), q.get('none'), q.size, q.getAll('none')];`),
      [true, false, true, true, ['1', '2'], null, 3, []],
    );
  });

  test('needs its arguments, pairs of two and an object of its own', async () => {
    assert.deepEqual(
      await run(`
        const q = new URLSearchParams();
        return [() => q.append('a'), () => q.append(), () => q.set('a'), () => q.get(), () => q.getAll(), () => q.has(), () => q.delete(), () => new URLSearchParams([['a', 'b', 'c']]), () => new URLSearchParams([5]),
          () => URLSearchParams(''), () => URLSearchParams.prototype.get.call(new Map(), 'a'), () => new URLSearchParams(Symbol()), () => q.append('a', Symbol())].map(thrown);`),
      Array(13).fill('TypeError'),
    );
  });

  test('is made of null and of numbers as of their text', async () => {
    assert.deepEqual(await run(`return [null, 5, true, undefined].map((v) => new URLSearchParams(v).toString());`), [
      'null=',
      '5=',
      'true=',
      '',
    ]);
  });
});
