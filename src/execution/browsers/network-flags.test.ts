import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserWay } from '../../vu/browsers.ts';
import { networkFlags } from './network-flags.ts';

test('hosts are rules of the resolver; a proxy stands in their place', () => {
  const hosts = { 'shop.test': '127.0.0.1:8800', '*.b.test:8080': '::1', 'under_score.test': '[::1]:443' };
  assert.deepEqual(networkFlags({ hosts, proxyPort: null }), [
    '--host-resolver-rules=MAP shop.test 127.0.0.1:8800,MAP *.b.test:8080 [::1],MAP under_score.test [::1]:443',
  ]);
  assert.deepEqual(networkFlags({ hosts, proxyPort: 1080 }), [
    '--proxy-server=socks5://127.0.0.1:1080',
    '--proxy-bypass-list=<-loopback>',
  ]);
  assert.deepEqual(networkFlags({ hosts: {}, proxyPort: null }), []);
});

test('what is no name, no address and no port becomes no flag', () => {
  for (const bad of ['a b', 'a,MAP * 127.0.0.1', '--renderer-cmd-prefix', '', 'a\n', 5]) {
    const other = bad as string;
    assert.throws(() => networkFlags({ hosts: { 'a.test': other }, proxyPort: null }), TypeError, other);
    if (bad !== 5) assert.throws(() => networkFlags({ hosts: { [other]: '127.0.0.1' }, proxyPort: null }), TypeError);
  }
  for (const bad of [0, 1.5, 65_536, Number.NaN, '1080', '1 --no-sandbox', undefined])
    assert.throws(() => networkFlags({ hosts: {}, proxyPort: bad } as BrowserWay), TypeError);
});
