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

test('an age is whole seconds; none, or what is no number, is no age', () => {
  const jar = new CookieJar();
  const set = (name: string, max_age: unknown): void => jar.set(at('http://h.test/'), name, '1', { max_age });
  for (const [name, age] of Object.entries({
    a: 0,
    b: Number.NaN,
    c: 'soon',
    d: 0.5,
    e: -0.5,
    f: undefined,
    g: null,
    h: 100,
    i: '100',
    j: 1e300,
  }))
    set(name, age);
  assert.deepEqual(sent(jar, 'http://h.test/'), ['a=1', 'b=1', 'c=1', 'd=1', 'e=1', 'f=1', 'g=1', 'h=1', 'i=1', 'j=1']);
  set('a', -1);
  set('h', -1.5);
  set('i', '-3');
  assert.deepEqual(sent(jar, 'http://h.test/'), ['b=1', 'c=1', 'd=1', 'e=1', 'f=1', 'g=1', 'j=1']);
});

test('a date that cannot be read is refused, one that has passed takes the cookie away', () => {
  const jar = new CookieJar();
  const url = at('http://h.test/');
  for (const expires of ['soon', '2031-01-01', '1 Jan 2031', 'Wed, 99 Jan 2031 00:00:00 GMT'])
    assert.throws(() => jar.set(url, 'a', '1', { expires }), /unable to parse "expires" date string/, expires);
  jar.set(url, 'a', '1', { expires: 'Wed, 01 Jan 2081 00:00:00 GMT' });
  jar.set(url, 'b', '2', { expires: '' });
  assert.deepEqual(sent(jar, 'http://h.test/'), ['a=1', 'b=2']);
  jar.set(url, 'a', '1', { expires: 'Thu, 01 Jan 1981 00:00:00 GMT' });
  assert.deepEqual(sent(jar, 'http://h.test/'), ['b=2']);
});

test('what is removed is gone from where it was set, and from nowhere else', () => {
  const jar = new CookieJar();
  jar.set(at('http://h.test/'), 'a', 'root', {});
  jar.set(at('http://h.test/deep/x'), 'a', 'deep', { path: '/deep' });
  jar.set(at('http://h.test/'), 'b', 'kept', {});
  jar.set(at('http://other.test/'), 'a', 'other', {});
  jar.remove(at('http://h.test/deep/'), 'a');
  assert.deepEqual(sent(jar, 'http://h.test/deep/'), ['b=kept']);
  assert.deepEqual(sent(jar, 'http://other.test/'), ['a=other']);
  jar.remove(at('http://h.test/'));
  assert.deepEqual(sent(jar, 'http://h.test/'), []);
  jar.remove(at('http://nothing.test/'), 'a');
});
