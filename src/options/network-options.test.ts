import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { seeded } from '../metrics/comparison/simulated-run.fixture.ts';
import { JsonReader } from './json-reader.ts';
import { ADDRESS_BLOCKS, HOST_PATTERNS, HOSTS, PROXY, parseLocalAddresses } from './network-options.ts';

const readHosts = (hosts: Record<string, string>): unknown => HOSTS.fromJson(new JsonReader(hosts, ['hosts']));

test('hosts are names, with a star in front, with a port, or addresses', () => {
  const good = [
    'a',
    'shop.example',
    'SHOP.example.',
    'a_b.c-d.e',
    '_dmarc.example',
    '*.example',
    '*example',
    '*',
    '*:80',
    'shop.example:8080',
    'shop.example:1',
    'shop.example:65535',
    '10.0.0.1',
    '10.0.0.1:80',
    '::1',
    '[::1]:80',
    '0.example',
  ];
  for (const host of good) readHosts({ [host]: '127.0.0.1' });
  const bad = [
    '',
    '.',
    '.example',
    'a..b',
    '-a',
    'a-',
    'a.-b',
    'a b',
    'a/b',
    'http://a',
    'a.*',
    '**',
    '*.*.a',
    'a*',
    'a:0',
    'a:65536',
    'a:99999999',
    'a:',
    'bücher.example',
  ];
  for (const host of bad)
    assert.throws(
      () => readHosts({ [host]: '127.0.0.1' }),
      (error: Error) => error.message.includes(`hosts has "${host}"`),
      host,
    );
});

test('hosts lead to addresses, with or without a port', () => {
  for (const target of ['1.2.3.4', '1.2.3.4:80', '::1', 'fe80::1', '[::1]:80', '1.2.3.4:65535', '::ffff:1.2.3.4'])
    readHosts({ a: target });
  for (const target of [
    '',
    'a',
    'localhost',
    'localhost:80',
    '1.2.3',
    '1.2.3.4:',
    '1.2.3.4:0',
    '1.2.3.4:65536',
    '[::1]',
    '[1.2.3.4]:80',
    '::1:80:',
    '1.2.3.4/8',
    'http://1.2.3.4',
  ])
    assert.throws(() => readHosts({ a: target }), /hosts sends "a" to .*which is no address/, target);
});

test('blocked names have no port, and a star stands at the start alone', () => {
  for (const name of ['a', '*.a', '*a', '*', 'A.b.']) assert.deepEqual(HOST_PATTERNS.fromText(name), [name]);
  for (const name of ['a:80', '1.2.3.4:80', 'a.*.b', '*.', '*..a'])
    assert.throws(() => HOST_PATTERNS.fromText(name), /blockHostnames has/, name);
});

/** The number of an address of IPv6 in any form. */
function toNumber(address: string): bigint {
  const [head, tail] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups =
    tail === undefined ? head! : [...head!, ...new Array<string>(8 - head!.length - tail.length).fill('0'), ...tail];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

test('a block shows as its network, at every length of it', () => {
  const random = seeded(15);
  const show = (block: string): string => (ADDRESS_BLOCKS.show([block]) as string[])[0]!;
  for (let bits = 0; bits <= 32; bits++) {
    const octets = Array.from({ length: 4 }, () => Math.floor(random() * 256));
    const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    const network = Number((BigInt(number) >> BigInt(32 - bits)) << BigInt(32 - bits));
    const expected = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
    assert.equal(show(`${octets.join('.')}/${bits}`), `${expected}/${bits}`);
  }
  for (let bits = 0; bits <= 128; bits++) {
    const groups = Array.from({ length: 8 }, () => (random() < 0.3 ? '0' : Math.floor(random() * 65_536).toString(16)));
    const [shown, length] = show(`${groups.join(':')}/${bits}`).split('/') as [string, string];
    assert.equal(Number(length), bits);
    assert.ok(net.isIPv6(shown), shown);
    const mask = BigInt(128 - bits);
    assert.equal(toNumber(shown), (toNumber(groups.join(':')) >> mask) << mask, `${groups.join(':')}/${bits}`);
  }
  assert.equal(show('10.1.2.3'), '10.1.2.3', 'an address alone stays as it is');
});

test('what is neither an address nor a block is named', () => {
  for (const block of [
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0/8',
    'a',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/1.5',
  ])
    assert.throws(() => ADDRESS_BLOCKS.fromText(block), /blacklistIPs has/, block);
});

test('local addresses are addresses, ranges that go up, and blocks', () => {
  assert.deepEqual(parseLocalAddresses('127.0.0.1'), ['127.0.0.1']);
  assert.deepEqual(parseLocalAddresses(' 10.0.0.1-10.0.0.9 , ::1,10.1.0.0/24'), [
    '10.0.0.1-10.0.0.9',
    '::1',
    '10.1.0.0/24',
  ]);
  for (const text of ['', ',', '10.0.0.1,', '10.0.0.9-10.0.0.1', '10.0.0.1-::1', '10.0.0.1-', 'a', '10.0.0.0/33'])
    assert.throws(() => parseLocalAddresses(text), /local IPs have/, text);
});

test('a proxy shows without its password', () => {
  assert.equal(PROXY.show(''), '');
  const shown = String(PROXY.show(PROXY.fromText('  http://ada:secret@proxy.example:3128 ')));
  assert.ok(shown.includes('proxy.example:3128') && !shown.includes('secret'), shown);
});
