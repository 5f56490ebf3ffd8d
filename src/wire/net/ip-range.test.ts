import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IpRanges, LocalAddresses } from './ip-range.ts';

function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const toFour = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
/** All eight groups written out, or with `::` where there are zeros. */
function toSix(groups: readonly number[], isShort: boolean): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  return isShort ? text.replace(/(?:^|:)0(?::0)+(?::|$)/, '::') : text;
}

describe('ranges of addresses', () => {
  it('hold those of version 4 that begin with the same bits, for each number of bits', () => {
    const random = createRandom(4);
    for (let bits = 0; bits <= 32; bits++) {
      const base = random(2 ** 32);
      const text = `${toFour(base)}/${bits}`;
      const ranges = new IpRanges([text]);
      for (let round = 0; round < 40; round++) {
        // One bit is another, or none.
        const flipped = random(33);
        const address = flipped === 32 ? base : (base ^ (2 ** flipped)) >>> 0;
        const isIn = flipped === 32 || flipped < 32 - bits;
        assert.equal(ranges.find(toFour(address)), isIn ? text : null, `${toFour(address)} in ${text}`);
        assert.equal(ranges.find(`::ffff:${toFour(address)}`), isIn ? text : null, 'written as version 6');
      }
    }
  });

  it('hold those of version 6 that begin with the same bits, however they are written', () => {
    const random = createRandom(6);
    for (let bits = 1; bits <= 128; bits++) {
      const base = Array.from({ length: 8 }, (_, at) => (at === 0 ? 0x2001 : random(2) === 0 ? 0 : random(65_536)));
      const text = `${toSix(base, random(2) === 0)}/${bits}`;
      const ranges = new IpRanges(['10.0.0.0/8', text]);
      for (let round = 0; round < 20; round++) {
        const flipped = random(129);
        const address = base.map((group, at) => (flipped >> 4 === at ? group ^ (0x8000 >> (flipped & 15)) : group));
        const isIn = flipped >= bits;
        assert.equal(ranges.find(toSix(address, random(2) === 0)), isIn ? text : null, `bit ${flipped} in ${text}`);
      }
    }
  });

  it('of version 6 hold none of version 4, unless they are ranges of those', () => {
    for (const [range, address, isIn] of [
      ['::/0', '1.2.3.4', false],
      ['::/0', '::ffff:1.2.3.4', false],
      ['::/0', '2001:db8::1', true],
      ['::/64', '10.0.0.1', false],
      ['::ffff:10.0.0.0/104', '10.9.9.9', true],
      ['::ffff:10.0.0.0/104', '11.0.0.0', false],
      ['0.0.0.0/0', '::1', false],
      ['0.0.0.0/0', '255.255.255.255', true],
    ] as const)
      assert.equal(new IpRanges([range]).find(address), isIn ? range : null, `${address} in ${range}`);
  });

  it('are told by the first that fits', () => {
    const ranges = new IpRanges(['10.1.0.0/16', '10.0.0.0/8', '10.1.2.3']);
    assert.equal(ranges.find('10.1.2.3'), '10.1.0.0/16');
    assert.equal(ranges.find('10.2.2.3'), '10.0.0.0/8');
    assert.equal(new IpRanges([]).find('10.1.2.3'), null);
  });

  it('are refused by name where they are none', () => {
    for (const wrong of [
      '',
      'x',
      '10.0.0',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/8/8',
      '1.2.3.4/08x',
    ])
      assert.throws(
        () => new IpRanges([wrong]),
        new RegExp(`invalid CIDR address: ${wrong.replace('.', '\\.')}`),
        wrong,
      );
    assert.throws(() => new IpRanges(['fe80::1%eth0']), /invalid CIDR address: fe80::1%eth0/);
  });
});

describe('local addresses', () => {
  const list = (specs: string[], count: number): (string | undefined)[] => {
    const addresses = new LocalAddresses(specs);
    return Array.from({ length: count }, (_, index) => addresses.at(index));
  };

  it('leave out both ends of a CIDR that has more than two', () => {
    assert.deepEqual(list(['192.0.2.77/29'], 7), [
      ...['192.0.2.73', '192.0.2.74', '192.0.2.75', '192.0.2.76', '192.0.2.77', '192.0.2.78'],
      '192.0.2.73',
    ]);
    assert.deepEqual(list(['192.0.2.4/31'], 3), ['192.0.2.4', '192.0.2.5', '192.0.2.4']);
    assert.deepEqual(list(['192.0.2.4/32'], 2), ['192.0.2.4', '192.0.2.4']);
    assert.deepEqual(list(['2001:db8::/126'], 3), [
      '2001:db8:0:0:0:0:0:1',
      '2001:db8:0:0:0:0:0:2',
      '2001:db8:0:0:0:0:0:1',
    ]);
  });

  it('carry over from one octet or group to the next', () => {
    assert.deepEqual(list(['10.0.255.254-10.1.0.1'], 4), ['10.0.255.254', '10.0.255.255', '10.1.0.0', '10.1.0.1']);
    assert.deepEqual(list(['::1:ffff-::2:1'], 3), ['0:0:0:0:0:0:1:ffff', '0:0:0:0:0:0:2:0', '0:0:0:0:0:0:2:1']);
    assert.deepEqual(list(['::ffff:1.2.3.4'], 1), ['0:0:0:0:0:ffff:102:304']);
    assert.equal(new LocalAddresses(['0.0.0.0/0']).at(2 ** 31), '128.0.0.1');
    assert.equal(
      new LocalAddresses(['2001:db8::/32']).at(Number.MAX_SAFE_INTEGER),
      '2001:db8:0:0:1f:ffff:ffff:ffff'.replace('1f:ffff:ffff:ffff', '20:0:0:0'),
    );
  });

  it('are refused by name where they cannot be read', () => {
    for (const [spec, message] of [
      ['10.0.0.9-10.0.0.1', /negative IP range: 10\.0\.0\.9-10\.0\.0\.1/],
      ['10.0.0.1-::1', /invalid IP address or range/],
      ['1.2.3.4-1.2.3.5-1.2.3.6', /invalid IP address or range/],
      ['localhost', /invalid IP address or range: localhost/],
      ['', /invalid IP address or range/],
      ['10.0.0.0/99', /invalid CIDR/],
      ['fe80::1%eth0', /invalid IP address or range: fe80::1%eth0/],
      ['fe80::1-fe80::2%eth0', /invalid IP address or range/],
    ] as const)
      assert.throws(() => new LocalAddresses([spec]), message, spec);
  });
});
