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
