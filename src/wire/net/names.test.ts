import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toOpensslCiphers } from './cipher-suites.ts';
import { BlockedHostnames, HostMap } from './host-patterns.ts';
import { IpRanges, LocalAddresses } from './ip-range.ts';
import { applyPolicy } from './resolver.ts';

describe('blockHostnames', () => {
  const blocked = new BlockedHostnames(['Blocked.test', '*.family.test', '*end']);

  test('takes names in any case, and endings', () => {
    for (const host of ['blocked.test', 'BLOCKED.TEST', 'a.family.test', 'b.a.family.test', 'weekend'])
      assert.ok(blocked.find(host), host);
    for (const host of ['open.blocked.test', 'family.test', 'endless']) assert.equal(blocked.find(host), null, host);
  });

  test('refuses a star elsewhere than in front', () => {
    assert.throws(() => new BlockedHostnames(['a.*.test']), /invalid hostname pattern/);
  });
});

describe('hosts', () => {
  const hosts = new HostMap({
    'a.test': '10.0.0.1',
    'a.test:8080': '10.0.0.2:9090',
    '*.test': '10.0.0.3',
    '*.deep.test': '[::1]:81',
  });

  test('prefer the entry with the port, then the exact name, then the longest wildcard', () => {
    assert.deepEqual(hosts.find('a.test', 8080), { ip: '10.0.0.2', port: 9090 });
    assert.deepEqual(hosts.find('A.test', 80), { ip: '10.0.0.1', port: 0 });
    assert.deepEqual(hosts.find('x.deep.test', 80), { ip: '::1', port: 81 });
    assert.deepEqual(hosts.find('x.test', 80), { ip: '10.0.0.3', port: 0 });
    assert.equal(hosts.find('test', 80), null);
  });

  test('refuse what is no address', () => {
    assert.throws(() => new HostMap({ 'a.test': 'b.test' }), /invalid IP address/);
  });
});

test('blacklistIPs take ranges of both versions', () => {
  const ranges = new IpRanges(['10.0.0.0/8', 'fd00::/8', '192.0.2.7']);
  assert.equal(ranges.find('10.1.2.3'), '10.0.0.0/8');
  assert.equal(ranges.find('fd12::1'), 'fd00::/8');
  assert.equal(ranges.find('192.0.2.7'), '192.0.2.7');
  assert.equal(ranges.find('192.0.2.8'), null);
  assert.throws(() => new IpRanges(['10.0.0.0/33']), /invalid CIDR/);
});

test('local addresses go round over single ones, ranges and CIDRs without their ends', () => {
  const addresses = new LocalAddresses(['127.0.0.2-127.0.0.3', '10.0.0.0/30', '::1']);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((index) => addresses.at(index)),
    ['127.0.0.2', '127.0.0.3', '10.0.0.1', '10.0.0.2', '0:0:0:0:0:0:0:1', '127.0.0.2'],
  );
  assert.equal(new LocalAddresses([]).at(3), undefined);
});

test('the policy picks among IPv4 and IPv6', () => {
  const both = ['::1', '127.0.0.1', '127.0.0.1'];
  assert.deepEqual(applyPolicy(both, 'preferIPv4'), ['127.0.0.1']);
  assert.deepEqual(applyPolicy(both, 'preferIPv6'), ['::1']);
  assert.deepEqual(applyPolicy(['::1'], 'preferIPv4'), ['::1']);
  assert.deepEqual(applyPolicy(['::1'], 'onlyIPv4'), []);
  assert.deepEqual(applyPolicy(both, 'any'), ['::1', '127.0.0.1']);
});

test("Go's cipher names become OpenSSL's, with those of TLS 1.3 always there", () => {
  assert.equal(
    toOpensslCiphers(['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384']),
    'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES256-GCM-SHA384',
  );
  assert.equal(toOpensslCiphers(undefined), undefined);
  assert.throws(() => toOpensslCiphers(['TLS_MADE_UP']), /unknown cipher suite/);
});
