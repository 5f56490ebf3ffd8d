// Cookies by the rules of RFC 6265, section by section, as far as they are ours to get wrong.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CookieJar, readSetCookies } from './cookie-jar.ts';
import { parseRequestUrl } from './request-url.ts';

const at = parseRequestUrl;
const sent = (jar: CookieJar, url: string): string =>
  jar
    .cookiesFor(at(url))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
/** What a request to one URL sends after a response of another has set cookies. */
const after = (from: string, to: string, ...headers: string[]): string => {
  const jar = new CookieJar();
  jar.store(at(from), headers);
  return sent(jar, to);
};
const shown = (header: string) => readSetCookies([header]).values().next().value?.[0];

describe('5.1.1 dates', () => {
  const when = Date.UTC(2037, 10, 6, 8, 49, 37);
  for (const text of [
    'Fri, 06 Nov 2037 08:49:37 GMT',
    'Friday, 06-Nov-37 08:49:37 GMT',
    'Fri Nov  6 08:49:37 2037',
    'fri, 6 nOVEMBER 2037 8:49:37',
    '2037 Nov 6 08:49:37 GMT',
    'Nov.06.2037.08:49:37',
  ])
    it(`reads ${text}`, () => {
      assert.equal(shown(`a=b; Expires=${text}`)?.expires, when);
      assert.equal(after('http://h.test/', 'http://h.test/', `a=b; Expires=${text}`), 'a=b');
    });

  it('of two digits are of the last century from 70 on', () => {
    assert.equal(shown('a=b; expires=Thu, 01-Jan-70 00:00:01 GMT')?.expires, 1000);
    assert.equal(shown('a=b; expires=Tue, 31-Dec-69 00:00:00 GMT')?.expires, Date.UTC(2069, 11, 31));
    assert.equal(after('http://h.test/', 'http://h.test/', 'a=b; expires=Fri, 31-Dec-99 23:59:59 GMT'), '');
  });

  it('that are none are as if they were not there', () => {
    for (const text of [
      '',
      'tomorrow',
      'Fri, 32 Nov 2037 08:49:37 GMT',
      'Fri, 06 Nov 2037 25:49:37 GMT',
      'Fri, 06 Nov 1600 08:49:37 GMT',
      '1',
      'Fri, 06 Nov 2037',
    ]) {
      assert.equal(shown(`a=b; Expires=${text}`)?.expires, 0, text);
      assert.equal(after('http://h.test/', 'http://h.test/', `a=b; Expires=${text}`), 'a=b', text);
    }
  });

  it('give way to Max-Age, whichever comes first', () => {
    const past = 'Expires=Thu, 01 Jan 1970 00:00:01 GMT';
    assert.equal(after('http://h.test/', 'http://h.test/', `a=b; Max-Age=60; ${past}`), 'a=b');
    assert.equal(after('http://h.test/', 'http://h.test/', `a=b; ${past}; Max-Age=60`), 'a=b');
    for (const age of ['0', '-1', '-99999'])
      assert.equal(
        after('http://h.test/', 'http://h.test/', `a=b; Max-Age=${age}; Expires=Fri, 06 Nov 2037 08:49:37 GMT`),
        '',
        age,
      );
    for (const age of ['', 'x', '1e3', '0x10', '6 0'])
      assert.equal(after('http://h.test/', 'http://h.test/', `a=b; Max-Age=${age}`), 'a=b', age);
  });
});

describe('5.1.3 domains', () => {
  for (const [domain, from, to, isSent] of [
    ['', 'h.test', 'h.test', true],
    ['', 'h.test', 'a.h.test', false],
    ['h.test', 'h.test', 'a.h.test', true],
    ['.h.test', 'h.test', 'a.h.test', true],
    ['H.TEST', 'h.test', 'A.h.Test', true],
    ['h.test', 'a.h.test', 'b.h.test', true],
    ['h.test', 'a.h.test', 'xh.test', false],
    ['a.h.test', 'h.test', 'a.h.test', false],
    ['other.test', 'h.test', 'other.test', false],
    ['.test', 'h.test', 'g.test', false],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', true],
    ['0.0.1', '127.0.0.1', '127.0.0.1', false],
    ['', '[::1]', '[::1]', true],
  ] as const)
    it(`of ${domain || 'none'} from ${from} is ${isSent ? '' : 'not '}for ${to}`, () => {
      assert.equal(
        after(`http://${from}/`, `http://${to}/`, `a=b${domain === '' ? '' : `; Domain=${domain}`}`),
        isSent ? 'a=b' : '',
      );
    });
});

describe('5.1.4 paths', () => {
  for (const [path, from, to, isSent] of [
    ['', '/', '/x/y', true],
    ['', '/a/b', '/a/c', true],
    ['', '/a/b', '/a', true],
    ['', '/a/b', '/ab', false],
    ['', '/a/b/', '/a/c', false],
    ['/a', '/x', '/a', true],
    ['/a', '/x', '/a/', true],
    ['/a', '/x', '/a?q', true],
    ['/a', '/x', '/ab', false],
    ['/a/', '/x', '/a', false],
    ['relative', '/a/b', '/a/c', true],
    ['/A', '/x', '/a', false],
    ['', '/a/b?/c/d', '/a/x', true],
  ] as const)
    it(`of ${path || 'none'} from ${from} is ${isSent ? '' : 'not '}for ${to}`, () => {
      assert.equal(
        after(`http://h.test${from}`, `http://h.test${to}`, `a=b${path === '' ? '' : `; Path=${path}`}`),
        isSent ? 'a=b' : '',
      );
    });

  it('that are longer go first, of the same length the older (5.4)', () => {
    const jar = new CookieJar();
    jar.store(at('http://h.test/a/b/c'), [
      '1=x; Path=/',
      '2=x; Path=/a/b',
      '3=x; Path=/a',
      '4=x; Path=/a/b',
      '5=x; Path=/',
    ]);
    assert.equal(sent(jar, 'http://h.test/a/b/c'), '2=x; 4=x; 3=x; 1=x; 5=x');
    // What is set anew keeps its age.
    jar.store(at('http://h.test/a/b/c'), ['1=y; Path=/']);
    assert.equal(sent(jar, 'http://h.test/'), '1=y; 5=x');
  });
});

describe('5.3 and 5.4', () => {
  it('secure ones are for https alone', () => {
    const jar = new CookieJar();
    jar.store(at('https://h.test/'), ['a=b; Secure', 'c=d']);
    assert.equal(sent(jar, 'http://h.test/'), 'c=d');
    assert.equal(sent(jar, 'https://h.test/'), 'a=b; c=d');
  });

  it('the same name at another path or domain is another cookie', () => {
    const jar = new CookieJar();
    jar.store(at('http://a.h.test/x/y'), ['n=1', 'n=2; Path=/', 'n=3; Domain=h.test; Path=/']);
    assert.equal(sent(jar, 'http://a.h.test/x/y'), 'n=1; n=2; n=3');
    jar.store(at('http://a.h.test/x/y'), ['n=; Path=/; Max-Age=0']);
    assert.equal(sent(jar, 'http://a.h.test/x/y'), 'n=1; n=3');
  });

  it('values are taken as they stand: quotes go, other marks stay', () => {
    for (const [pair, expected] of [
      ['a=', 'a='],
      ['a="q"', 'a=q'],
      ['a="', null],
      ['a= b ', 'a=b'],
      ['a=b=c==', 'a=b=c=='],
      ['a=b c', 'a=b c'],
      ['a=b,c', 'a=b,c'],
      ['a=é', null],
      ['=v', null],
      ['novalue', null],
      ['a b=c', null],
      ['', null],
    ] as const) {
      const isTaken = readSetCookies([pair]).size === 1;
      assert.equal(after('http://h.test/', 'http://h.test/', pair), isTaken && expected !== null ? expected : '', pair);
    }
  });

  it('removing takes the cookies that a URL would send, and no others', () => {
    const jar = new CookieJar();
    jar.store(at('http://a.h.test/'), ['n=1; Path=/', 'n=2; Path=/p', 'm=3', 'w=4; Domain=h.test']);
    jar.remove(at('http://a.h.test/'), 'n');
    assert.equal(sent(jar, 'http://a.h.test/p'), 'n=2; m=3; w=4');
    jar.remove(at('http://b.h.test/'));
    assert.equal(sent(jar, 'http://a.h.test/p'), 'n=2; m=3');
    jar.remove(at('http://a.h.test/p'));
    assert.equal(sent(jar, 'http://a.h.test/p'), '');
  });
});

describe('jar.set', () => {
  const set = (attributes: object, url = 'http://h.test/a/b', to = url): string => {
    const jar = new CookieJar();
    jar.set(at(url), 'n', 'v', attributes);
    return sent(jar, to);
  };

  it('takes its attributes, and only those of the right type', () => {
    assert.equal(set({}), 'n=v');
    assert.equal(set({ path: '/z' }), '');
    assert.equal(set({ path: 7 }), 'n=v');
    assert.equal(set({ domain: '.H.test' }, 'http://a.h.test/', 'http://b.h.test/'), 'n=v');
    assert.equal(set({ domain: 'other.test' }), '');
    assert.equal(set({ secure: true }), '');
    assert.equal(set({ secure: true }, 'https://h.test/'), 'n=v');
    assert.equal(set({ max_age: -1 }), '');
    assert.equal(set({ max_age: 0 }), 'n=v');
    assert.equal(set({ max_age: '60' }), 'n=v');
    assert.equal(set({ expires: 'Thu, 01 Jan 1970 00:00:01 GMT' }), '');
    assert.equal(set({ expires: 'Fri, 06 Nov 2037 08:49:37 GMT' }), 'n=v');
  });

  it('names a date that cannot be read', () => {
    for (const expires of ['tomorrow', '2037-01-01', 'Fri, 99 Nov 2037 08:49:37 GMT'])
      assert.throws(() => set({ expires }), new RegExp(`unable to parse "expires" date string "${expires}"`));
  });
});
