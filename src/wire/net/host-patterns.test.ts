import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedHostnames, HostMap } from './host-patterns.ts';

describe('patterns of blockHostnames', () => {
  it('name what blocks, and a lone star blocks all', () => {
    const blocked = new BlockedHostnames(['exact.test', '*.wild.test', '*']);
    assert.equal(blocked.find('EXACT.test'), 'exact.test');
    assert.equal(blocked.find('a.wild.test'), '*.wild.test');
    assert.equal(blocked.find('anything'), '*');
    assert.equal(new BlockedHostnames([]).find('anything'), null);
  });

  it('are refused with what they say where they are no names', () => {
    for (const wrong of ['', 'a*b', '**', 'a b', 'http://x', 'x:80', '*.*.test', 'a/b', '[::1]'])
      assert.throws(
        () => new BlockedHostnames(['fine.test', wrong]),
        (error: Error) => error.message.includes(`'${wrong}'`),
        wrong,
      );
  });
});

describe('the hosts option', () => {
  it('knows addresses alone and with ports, of both versions', () => {
    const hosts = new HostMap({
      a: '1.2.3.4',
      b: '1.2.3.4:0',
      c: '1.2.3.4:65535',
      d: '::1',
      e: '[::1]:443',
      '::2': '10.0.0.1',
    });
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e', '::2'].map((name) => hosts.find(name, 80)),
      [
        { ip: '1.2.3.4', port: 0 },
        { ip: '1.2.3.4', port: 0 },
        { ip: '1.2.3.4', port: 65_535 },
        { ip: '::1', port: 0 },
        { ip: '::1', port: 443 },
        { ip: '10.0.0.1', port: 0 },
      ],
    );
    assert.equal(hosts.find('f', 80), null);
    assert.equal(new HostMap({}).find('a', 80), null);
  });

  it('prefers the longest ending, and of two the one with the port', () => {
    const hosts = new HostMap({
      '*': '10.0.0.1',
      '*:443': '10.0.0.2',
      '*.b.test': '10.0.0.3',
      '*.b.test:443': '10.0.0.4',
      '*.a.b.test': '10.0.0.5',
    });
    const find = (host: string, port: number): string | undefined => hosts.find(host, port)?.ip;
    assert.deepEqual(
      [
        find('x', 80),
        find('x', 443),
        find('x.b.test', 80),
        find('x.b.test', 443),
        find('x.a.b.test', 443),
        find('b.test', 443),
      ],
      ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.2'],
    );
  });

  it('is refused with the key or address that cannot be read', () => {
    for (const [key, value, message] of [
      ['a b', '1.2.3.4', /invalid host 'a b'/],
      ['http://a', '1.2.3.4', /invalid host 'http:\/\/a'/],
      ['a:999999', '1.2.3.4', /invalid host 'a:999999'/],
      ['*.a:x', '1.2.3.4', /invalid host pattern '\*\.a:x'/],
      ['a*', '1.2.3.4', /invalid host 'a\*'/],
      ['a', '', /invalid IP address ''/],
      ['a', '1.2.3', /invalid IP address '1\.2\.3'/],
      ['a', '1.2.3.4:65536', /invalid IP address '1\.2\.3\.4:65536'/],
      ['a', '1.2.3.4:', /invalid IP address/],
      ['a', '[::1]', /invalid IP address/],
      ['a', '::1:443x', /invalid IP address/],
      ['a', 'localhost:80', /invalid IP address 'localhost:80'/],
    ] as const)
      assert.throws(() => new HostMap({ [key]: value }), message, `${key} → ${value}`);
  });
});
