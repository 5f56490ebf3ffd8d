import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseProxy } from '../../addresses/proxy-address.ts';
import { ProxyRules } from './proxy-rules.ts';

const HTTP = 'http://proxy:3128';
const HTTPS = 'http://secure-proxy:3129';

function isProxied(noProxy: string, host: string, port = 80): boolean {
  return new ProxyRules({ all: null, http: HTTP, https: HTTPS, noProxy }).find('http', host, port) !== null;
}

describe('NO_PROXY', () => {
  for (const [noProxy, direct, proxied] of [
    ['', [], ['shop.example', '10.1.2.3', '2001:db8::1']],
    ['*', ['shop.example', '10.1.2.3'], []],
    ['shop.example', ['shop.example', 'SHOP.example', 'api.shop.example'], ['workshop.example', 'example']],
    ['.shop.example', ['api.shop.example', 'a.b.shop.example'], ['shop.example', 'workshop.example']],
    ['*.shop.example', ['api.shop.example'], ['shop.example']],
    ['10.1.2.3', ['10.1.2.3'], ['10.1.2.4', 'shop.example']],
    ['10.0.0.0/8', ['10.1.2.3', '10.255.0.1'], ['11.0.0.1', 'ten.example']],
    ['2001:db8::/32', ['2001:db8::1'], ['2001:db9::1', '10.1.2.3']],
    ['[2001:db8::1]', ['2001:db8::1', '2001:db8:0::1'], ['2001:db8::2']],
    [' a.example , b.example,,', ['a.example', 'b.example'], ['c.example']],
    ['10.0.0.0/99,a/b,.,:80, b.example', ['b.example'], ['10.1.2.3', 'a.example']],
  ] as const) {
    test(JSON.stringify(noProxy), () => {
      assert.deepEqual(
        direct.filter((host) => isProxied(noProxy, host)),
        [],
      );
      assert.deepEqual(
        proxied.filter((host) => !isProxied(noProxy, host)),
        [],
      );
    });
  }

  test('with a port holds for that port', () => {
    for (const [entry, host] of [
      ['shop.example:8080', 'shop.example'],
      ['10.1.2.3:8080', '10.1.2.3'],
      ['[2001:db8::1]:8080', '2001:db8::1'],
    ] as const) {
      assert.equal(isProxied(entry, host, 8080), false, entry);
      assert.equal(isProxied(entry, host, 80), true, entry);
    }
  });
});

describe('what the environment says', () => {
  test('holds by scheme', () => {
    const rules = new ProxyRules({ all: null, http: HTTP, https: HTTPS, noProxy: '' });
    assert.equal(rules.find('http', 'shop.example', 80)?.shown, HTTP);
    assert.equal(rules.find('https', 'shop.example', 443)?.shown, HTTPS);
    const plainOnly = new ProxyRules({ all: null, http: HTTP, https: '', noProxy: '' });
    assert.equal(plainOnly.find('https', 'shop.example', 443), null);
  });

  test('never holds for this machine', () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1'])
      assert.equal(isProxied('', host), false, host);
    assert.equal(isProxied('', 'localhost.example'), true);
  });
});

test('a proxy that was asked for by name holds for both schemes and for this machine, but not for NO_PROXY', () => {
  const rules = new ProxyRules({ all: 'http://mine:1', http: HTTP, https: HTTPS, noProxy: 'shop.example' });
  for (const host of ['localhost', '127.0.0.1', 'other.example'])
    for (const scheme of ['http', 'https'] as const) assert.equal(rules.find(scheme, host, 80)?.shown, 'http://mine:1');
  assert.equal(rules.find('http', 'shop.example', 80), null);
  const none = new ProxyRules({ all: '', http: HTTP, https: HTTPS, noProxy: '' });
  assert.equal(none.find('http', 'other.example', 80), null);
});

describe('the address of a proxy', () => {
  for (const [text, shown, kind, secure] of [
    ['proxy.example:3128', 'http://proxy.example:3128', 'http', false],
    ['http://Proxy.Example', 'http://proxy.example:80', 'http', false],
    ['https://proxy.example', 'https://proxy.example:443', 'http', true],
    ['http://[::1]:3128/', 'http://[::1]:3128', 'http', false],
    ['socks5://proxy.example', 'socks5://proxy.example:1080', 'socks5', false],
    ['socks5h://10.0.0.1:9050', 'socks5://10.0.0.1:9050', 'socks5', false],
  ] as const) {
    test(text, () => {
      const proxy = parseProxy(text);
      assert.deepEqual([proxy.shown, proxy.kind, proxy.secure, proxy.credentials], [shown, kind, secure, null]);
    });
  }

  test('may have credentials, percent-encoded', () => {
    const { credentials, shown } = parseProxy('http://me%40work:p%3Aass@proxy:3128');
    assert.deepEqual(credentials, { user: 'me@work', password: 'p:ass' });
    assert.equal(shown, 'http://proxy:3128');
  });

  for (const text of [
    'ftp://user:secret@proxy',
    'http://',
    'http://user:secret@',
    'http://pro xy:1',
    'proxy:99999',
    '://x',
  ])
    test(`cannot be ${JSON.stringify(text)}, and the error does not tell its password`, () => {
      assert.throws(
        () => parseProxy(text),
        (error: Error) => /proxy/.test(error.message) && !error.message.includes('secret'),
      );
    });
});
