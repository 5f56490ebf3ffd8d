import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CookieJar, readSetCookies } from './cookie-jar.ts';
import { parseRequestUrl } from './request-url.ts';

const at = parseRequestUrl;
const sent = (jar: CookieJar, url: string): string[] =>
  jar.cookiesFor(at(url)).map(({ name, value }) => `${name}=${value}`);

test('a domain that is no name does no harm, and its cookie is left out', () => {
  const jar = new CookieJar();
  for (const domain of ['\xe9 x', '[', 'a b', '%', '::', '..', 'x'.repeat(300), '1.2.3.4.5', '256.0.0.1', '\u{1F600}'])
    jar.store(at('http://shop.example/'), [`a=b; Domain=${domain}`, 'kept=yes']);
  assert.deepEqual(sent(jar, 'http://shop.example/'), ['kept=yes']);
});

test('hosts and ports that cannot be reached have no cookies, or their own', () => {
  const jar = new CookieJar();
  jar.store(at('http://127.0.0.1/'), ['a=b']);
  for (const url of ['http://1.2.3.4.5/', 'http://256.0.0.1/', 'http://999999999999/'])
    assert.deepEqual(sent(jar, url), []);
  assert.deepEqual(sent(jar, 'http://127.0.0.1:99999/'), ['a=b']);
});

test('a cookie of a whole domain is sent to all hosts in it, one of a single label within the site', () => {
  const jar = new CookieJar();
  jar.store(at('http://a.shop.test/'), ['wide=1; Domain=shop.test', 'one=2; Domain=test', 'own=3']);
  assert.deepEqual(sent(jar, 'http://a.shop.test/').sort(), ['one=2', 'own=3', 'wide=1']);
  assert.deepEqual(sent(jar, 'http://b.shop.test/').sort(), ['one=2', 'wide=1']);
  assert.deepEqual(sent(jar, 'http://other.test/'), []);
  jar.store(at('http://a.co.uk/'), ['suffix=1; Domain=co.uk']);
  assert.deepEqual(sent(jar, 'http://b.co.uk/'), ['suffix=1']);
});

test('names that every object has are names like others', () => {
  const jar = new CookieJar();
  const headers = ['constructor=1', '__proto__=2', 'toString=3'];
  jar.store(at('http://h.test/'), headers);
  assert.deepEqual(sent(jar, 'http://h.test/'), ['constructor=1', '__proto__=2', 'toString=3']);
  assert.deepEqual([...readSetCookies(headers).keys()], ['constructor', '__proto__', 'toString']);
});
