import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRequestUrl, resolveLocation, suggestUrl, UrlError } from './request-url.ts';

function kindOf(text: string): string {
  try {
    parseRequestUrl(text);
    return 'fine';
  } catch (error) {
    assert.ok(error instanceof UrlError);
    return error.invalid ? 'invalid' : 'unsupported';
  }
}

describe('a URL', () => {
  test('is taken apart without being changed', () => {
    const url = parseRequestUrl('https://Shop.test:8443/a/../b?q=1&r=%20#part');
    assert.deepEqual(
      [url.scheme, url.host, url.port, url.path, url.authority],
      ['https', 'Shop.test', 8443, '/a/../b?q=1&r=%20', 'Shop.test:8443'],
    );
    assert.deepEqual(
      [parseRequestUrl('http://h?x').path, parseRequestUrl('http://h').path, parseRequestUrl('http://h').port],
      ['/?x', '/', 80],
    );
  });

  test('may hold an IPv6 address, another script, and what has to be escaped', () => {
    assert.deepEqual(
      [parseRequestUrl('http://[::1]:90/').host, parseRequestUrl('http://[::1]:90/').authority],
      ['::1', '[::1]:90'],
    );
    assert.equal(parseRequestUrl('http://žluť.test/').host, 'xn--lu-yta1h.test');
    assert.equal(parseRequestUrl('http://h/a b/ž?q=a b').path, '/a%20b/%C5%BE?q=a%20b');
  });

  test('gives its credentials decoded, and shows them masked', () => {
    const url = parseRequestUrl('http://a%40b:p%3Aq@h/x');
    assert.deepEqual(
      [url.credentials, url.authority, url.masked],
      [{ user: 'a@b', password: 'p:q' }, 'h', 'http://****:****@h/x'],
    );
  });

  test('that is none is told from one with another scheme', () => {
    for (const text of [
      'http://127.0.0.1:port/',
      'http://[::1/',
      'http://a b/',
      '127.0.0.1:80/x',
      'http://h/%zz',
      'http://h/\n',
      '://h',
    ]) {
      assert.equal(kindOf(text), 'invalid', text);
    }
    for (const text of ['lab.test/path', 'ftp://lab.test/path', '', 'http://', '/path'])
      assert.equal(kindOf(text), 'unsupported', text);
  });
});

test('a Location is resolved against the URL that sent it', () => {
  const base = parseRequestUrl('http://h:81/a/b?q');
  assert.equal(resolveLocation(base, '/x?y').text, 'http://h:81/x?y');
  assert.equal(resolveLocation(base, 'c').text, 'http://h:81/a/c');
  assert.equal(resolveLocation(base, '//other/c').text, 'http://other/c');
  assert.equal(resolveLocation(base, 'https://other/c').scheme, 'https');
});

describe('what a URL shows', () => {
  test('has its path escaped and its scheme in small letters', () => {
    assert.equal(parseRequestUrl('HTTP://u:p@h/a b/é?q=x y#f').masked, 'http://****:****@h/a%20b/%C3%A9?q=x y#f');
    assert.equal(parseRequestUrl('http://h?x#y').text, 'http://h?x#y');
  });

  test('no host, odd credentials, escapes in the host and impossible ports are told apart', () => {
    assert.equal(kindOf('http://user@'), 'unsupported');
    assert.equal(kindOf('http://:80/'), 'unsupported');
    assert.equal(kindOf('http://us er:p@h/'), 'invalid');
    assert.equal(kindOf('http://%41/'), 'invalid');
    assert.equal(kindOf('http://h:x/'), 'invalid');
    // It can be read, but not dialled.
    assert.equal(parseRequestUrl('http://h:99999/').port, 99999);
  });
});

test('what a URL without a usable scheme was meant to be', () => {
  const cases: [string, RegExp][] = [
    ['example.com/x', /did you mean "http:\/\/example\.com\/x"/],
    ['//example.com', /did you mean "http:\/\/example\.com"/],
    ['user:secret@example.com', /^(?!.*secret)/],
    ['htps://example.com', /did you mean "https:\/\/example\.com"/],
    ['ws://example.com', /k6\/websockets/],
    ['ftp://example.com', /http:\/\/ and https:\/\//],
    ['', /^$/],
    ['/path', /^$/],
  ];
  for (const [text, pattern] of cases) assert.match(suggestUrl(text), pattern, text);
  assert.doesNotMatch(suggestUrl('htps://me:secret@example.com'), /secret/);
});

describe('a URL beside what WHATWG makes of it', () => {
  const parts = {
    scheme: ['http', 'HTTPS'],
    user: ['', 'u@', 'u:p@', 'a%40b:c%3Ad@', ':@'],
    host: ['h', 'a.b-c.test', '127.0.0.1', '[::1]', '[2001:db8::7]', 'žluť.test', 'xn--lu-yta1h.test'],
    port: ['', ':1', ':8080', ':65535'],
    path: [
      '',
      '/',
      '/a/b;c=d',
      '/%41%zz'.replace('%zz', '%7a'),
      '/a b',
      '/ž',
      '/"<>`{}',
      "/'()*!$&+,:@",
      '/h',
      '//h',
      '/žluť.test',
    ],
    query: ['', '?', '?a=b&c', '?a b', '?ž', '?"<>', '?x?y/z'],
    fragment: ['', '#', '#a b', '#?x'],
  };
  const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!;
  const texts: [text: string, host: string, port: string][] = [];
  // Not all of the product: each value of each part meets each of the next.
  for (let at = 0; at < 400; at++) {
    const host = pick(parts.host, at * 3 + (at >> 3));
    const port = pick(parts.port, at + (at >> 4));
    texts.push([
      `${pick(parts.scheme, at)}://${pick(parts.user, at + (at >> 2))}${host}${port}${pick(parts.path, at * 7 + (at >> 1))}${pick(parts.query, at * 5 + (at >> 3))}${pick(parts.fragment, at >> 2)}`,
      host,
      port,
    ]);
  }

  test('goes to the same place with the same credentials', () => {
    for (const [text, host] of texts) {
      const ours = parseRequestUrl(text);
      const theirs = new URL(text);
      assert.equal(ours.scheme, theirs.protocol.slice(0, -1), text);
      assert.equal(`${host.startsWith('[') ? `[${ours.host}]` : ours.host}`, theirs.hostname, text);
      assert.equal(ours.port, Number(theirs.port || (ours.scheme === 'https' ? 443 : 80)), text);
      const { user, password } = ours.credentials ?? { user: '', password: '' };
      assert.deepEqual([user, password], [theirs.username, theirs.password].map(decodeURIComponent), text);
      assert.equal(ours.authority.includes('@'), false, text);
      assert.equal(ours.masked.includes('****:****@'), ours.credentials !== null, text);
    }
  });

  test('asks for a path that means the same and breaks no request line', () => {
    for (const [text] of texts) {
      const { path } = parseRequestUrl(text);
      assert.match(path, /^\/[!-~]*$/, text);
      const { pathname, search } = new URL(text);
      const [ourPath = '', ...ourQuery] = path.split('?');
      assert.equal(decodeURIComponent(ourPath), decodeURIComponent(pathname), text);
      assert.equal(decodeURIComponent(ourQuery.join('?')), decodeURIComponent(search.slice(1)), text);
    }
  });

  test('shows a text that leads to the very same place again', () => {
    for (const [text, host, port] of texts) {
      const first = parseRequestUrl(text);
      const again = parseRequestUrl(first.text);
      assert.deepEqual({ ...again, text: '' }, { ...first, text: '' }, text);
      assert.ok(first.text.includes(`${host}${port}`), `${text} is shown as ${first.text}`);
    }
  });
});

describe('a Location', () => {
  const base = parseRequestUrl('http://u:p@h:81/a/b/c?q#f');
  test('is resolved as RFC 3986 section 5.4 has it', () => {
    const from = parseRequestUrl('http://a/b/c/d;p?q');
    for (const [location, expected] of [
      ['g', 'http://a/b/c/g'],
      ['./g', 'http://a/b/c/g'],
      ['g/', 'http://a/b/c/g/'],
      ['/g', 'http://a/g'],
      ['//g', 'http://g/'],
      ['?y', 'http://a/b/c/d;p?y'],
      ['g?y', 'http://a/b/c/g?y'],
      [';x', 'http://a/b/c/;x'],
      ['g;x=1/../y', 'http://a/b/c/y'],
      ['', 'http://a/b/c/d;p?q'],
      ['.', 'http://a/b/c/'],
      ['..', 'http://a/b/'],
      ['../..', 'http://a/'],
      ['../../../g', 'http://a/g'],
      ['/../g', 'http://a/g'],
      ['g..', 'http://a/b/c/g..'],
      ['..g', 'http://a/b/c/..g'],
      ['HTTP://x/Y', 'http://x/Y'],
    ] as const)
      assert.equal(resolveLocation(from, location).text, expected, location);
  });

  test('to another host takes no credentials along', () => {
    assert.equal(resolveLocation(base, '//other/x').credentials, null);
    assert.equal(resolveLocation(base, 'http://other/x').credentials, null);
  });

  test('that cannot be read is said without its credentials', () => {
    for (const location of ['http://me:secret@[x', 'http://me:secret@a b/', '//me:secret@[::1/'])
      assert.throws(
        () => resolveLocation(base, location),
        (error: Error) => error instanceof UrlError && !error.message.includes('secret'),
        location,
      );
    assert.throws(() => resolveLocation(base, 'ftp://h/x'), /unsupported protocol scheme "ftp"/);
  });
});
