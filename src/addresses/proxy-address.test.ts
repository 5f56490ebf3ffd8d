// Proxies as variables and options name them, by the rules of Go's httpproxy, and what is said to them and of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isForwarded, proxyAuthorization } from '../wire/net/proxy.ts';
import { parseProxy } from './proxy-address.ts';

describe('the address of a proxy', () => {
  test('may leave out its scheme, which is http then, and its port', () => {
    for (const [text, kind, host, port, secure] of [
      ['proxy.test', 'http', 'proxy.test', 80, false],
      ['proxy.test:3128', 'http', 'proxy.test', 3128, false],
      ['HTTP://Proxy.Test/', 'http', 'proxy.test', 80, false],
      ['https://proxy.test', 'http', 'proxy.test', 443, true],
      ['socks5://Proxy.Test', 'socks5', 'proxy.test', 1080, false],
      ['socks5h://proxy.test:9', 'socks5', 'proxy.test', 9, false],
      ['10.1.2.3:8080', 'http', '10.1.2.3', 8080, false],
      ['[2001:db8::1]:8080', 'http', '2001:db8::1', 8080, false],
      ['socks5://[::1]', 'socks5', '::1', 1080, false],
    ] as const) {
      const proxy = parseProxy(text);
      assert.deepEqual([proxy.kind, proxy.host, proxy.port, proxy.secure], [kind, host, port, secure], text);
    }
  });

  test('is shown with its port and without who it lets in', () => {
    assert.equal(parseProxy('http://me:secret@proxy.test').shown, 'http://proxy.test:80');
    assert.equal(parseProxy('socks5h://me:secret@[::1]').shown, 'socks5://[::1]:1080');
  });

  test('that is none is refused, and repeated without a password, wherever that stands', () => {
    for (const text of [
      'ftp://me:secret@proxy.test',
      'socks4://me:secret@proxy.test',
      'http://me:secret@',
      'http://me:se@cret@ proxy',
      'http://me:secret/@proxy.test:3128',
      'me:sec?ret#secret@proxy.test',
      'socks5://me:secret@',
      'http://me:secret@proxy.test:port',
      'me:secret@proxy.test:99999',
      'socks5://me:secret@prö xy',
    ])
      assert.throws(
        () => parseProxy(text),
        (error: Error) => /^the proxy ".*" cannot be/.test(error.message) && !/secret|cret@/.test(error.message),
        text,
      );
  });
});

describe('credentials for a proxy', () => {
  test('are those of the address without escapes, a % that begins none as it stands', () => {
    for (const [text, user, password] of [
      ['http://me:it@p', 'me', 'it'],
      ['http://me@p', 'me', ''],
      ['http://me:@p', 'me', ''],
      ['http://m%C3%A9:p%40%3A@p', 'mé', 'p@:'],
      ['http://me:100%@p', 'me', '100%'],
      ['http://:it@p', '', 'it'],
      [':it@p:3128', '', 'it'],
    ] as const) {
      const proxy = parseProxy(text);
      assert.deepEqual(proxy.credentials, { user, password }, text);
      assert.equal(proxyAuthorization(proxy), `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
    }
  });

  test('are none without a name and a password', () => {
    for (const text of ['http://p', 'http://@p', 'http://:@p', 'socks5://p']) {
      assert.equal(parseProxy(text).credentials, null, text);
      assert.equal(proxyAuthorization(parseProxy(text)), null);
    }
  });
});

test('SOCKS5 takes no password without a name, nor what it has no room for', () => {
  const long = 'é'.repeat(128);
  for (const [text, why] of [
    ['socks5://:secret@p', /knows no password without a name/],
    ['socks5h://:secret@p:9', /knows no password without a name/],
    [`socks5://${long}:secret@p`, /room for a name and a password of 255 octets/],
    [`socks5://me:${'%C3%A9'.repeat(128)}@p`, /room for a name and a password of 255 octets/],
  ] as const)
    assert.throws(
      () => parseProxy(text),
      (error: Error) =>
        /^the proxy "socks5h?:\/\/\*\*\*\*:\*\*\*\*@p(:9)?" cannot/.test(error.message) && why.test(error.message),
      text,
    );
  assert.deepEqual(parseProxy('socks5://me@p').credentials, { user: 'me', password: '' });
  assert.equal(parseProxy(`socks5://${'m'.repeat(255)}:it@p`).credentials?.user.length, 255);
  assert.equal(parseProxy(`http://${long}:it@p`).credentials?.user, long);
});

test('plain requests are handed to a proxy of HTTP, everything else goes through it', () => {
  for (const [proxy, http, https] of [
    ['http://p', true, false],
    ['https://p', true, false],
    ['socks5://p', false, false],
  ] as const)
    assert.deepEqual(
      [isForwarded(parseProxy(proxy), 'http'), isForwarded(parseProxy(proxy), 'https')],
      [http, https],
      proxy,
    );
});
