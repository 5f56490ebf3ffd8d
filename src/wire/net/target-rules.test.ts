// Where a run may connect to, tried with sockets that listen.
import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { parseProxy } from '../../addresses/proxy-address.ts';
import { Dialer, type DialerOptions, type DialRequest } from './dialer.ts';
import { rulesAgainst } from './place-rules.ts';
import type { ProxyRoute } from './proxy.ts';
import { type ProxyServer, startProxy } from './proxy-server.fixture.ts';
import { checkTargetRule, type TargetSettings } from './target-rules.ts';
import { WireError } from './wire-error.ts';

let proxy: ProxyServer;
let port = 0;
let accepted = 0;
const server = net.createServer((socket) => {
  accepted++;
  socket.on('error', () => {});
  socket.pipe(socket);
});

before(async () => {
  proxy = await startProxy();
  // Both versions: names below localhost are of both.
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => {
  proxy.close();
  server.close();
});

const dialerOf = (targets: Partial<TargetSettings>, options: DialerOptions = {}): Dialer =>
  new Dialer({ ...options, targets: { allowed: null, blocked: [], ...targets } });

/** @returns 'connected', or code and words of the refusal */
async function outcome(dialer: Dialer, host: string, more: Partial<DialRequest> = {}): Promise<string> {
  const before = accepted;
  try {
    const request = { host, port, tls: null, timeoutMs: 30_000, meter: { sent: 0, received: 0 }, ...more };
    (await dialer.dial(request)).destroy();
    return 'connected';
  } catch (error) {
    assert.ok(error instanceof WireError, String(error));
    assert.equal(accepted, before, 'nothing was contacted');
    return `${error.code} ${error.message}`;
  }
}

const allowed = (rule: string, host: string): Promise<string> => outcome(dialerOf({ allowed: [rule] }), host);
const blocked = (rule: string, host: string): Promise<string> => outcome(dialerOf({ blocked: [rule] }), host);

describe('a list of what is allowed', () => {
  test('lets in by name, names below it, address, block and port, of both versions', async () => {
    for (const [rule, host] of [
      ['shop.localhost', 'shop.localhost'],
      ['SHOP.localhost', 'shop.LOCALHOST.'],
      ['*.localhost', 'a.b.localhost'],
      ['*', 'shop.localhost'],
      [`shop.localhost:${port}`, 'shop.localhost'],
      [`*:${port}`, 'shop.localhost'],
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.0/8', '127.0.0.2'],
      [`127.0.0.0/8:${port}`, '127.0.0.1'],
      ['127.0.0.0/8', '::ffff:127.0.0.1'],
      ['::1', '::1'],
      ['::/64', '::1'],
      [`[::1]:${port}`, '::1'],
      [`[::/64]:${port}`, '::1'],
    ] as const)
      assert.equal(await allowed(rule, host), 'connected', `${rule} ${host}`);
    const both = dialerOf({ allowed: ['127.0.0.0/8', '::1'] });
    assert.equal(await outcome(both, 'shop.localhost'), 'connected', 'a name by its address');
  });

  test('refuses everything else, before any of it is contacted', async () => {
    for (const [rule, host, code] of [
      ['shop.localhost', 'other.localhost', 1111],
      ['*.shop.localhost', 'shop.localhost', 1111],
      ['*.shop.localhost', 'ashop.localhost', 1111],
      ['shop.localhost:1', 'shop.localhost', 1111],
      ['*', '127.0.0.1', 1110],
      ['shop.localhost', '127.0.0.1', 1110],
      ['127.0.0.1:1', '127.0.0.1', 1110],
      ['127.0.0.1', '127.0.0.2', 1110],
      ['10.0.0.0/8', 'shop.localhost', 1110],
      ['10.0.0.0/8', '::1', 1110],
      ['::/0', '127.0.0.1', 1110],
      ['0.0.0.0/0', '::1', 1110],
    ] as const)
      assert.match(
        await allowed(rule, host),
        new RegExp(`^${code} the project of the run does not allow .*: its allowed targets have no such rule, ask its`),
        `${rule} ${host}`,
      );
    assert.match(await outcome(dialerOf({ allowed: [] }), 'shop.localhost'), /^1111 /, 'an empty list');
  });

  test('is not widened by the hosts option: what it names counts by its address', async () => {
    const hosts = { 'shop.localhost': '127.0.0.1', 'port.localhost': '127.0.0.1:1', 'far.test': `127.0.0.1:${port}` };
    const byName = dialerOf({ allowed: ['shop.localhost', '10.0.0.0/8'] }, { hosts });
    assert.match(await outcome(byName, 'shop.localhost'), /^1110 the project of the run does not allow 127\.0\.0\.1:/);
    const byAddress = dialerOf({ allowed: [`127.0.0.1:${port}`] }, { hosts });
    assert.equal(await outcome(byAddress, 'shop.localhost'), 'connected');
    assert.equal(await outcome(byAddress, 'far.test', { port: 1 }), 'connected', 'the port that is connected to');
    assert.match(await outcome(byAddress, 'port.localhost'), /^1110 .* does not allow 127\.0\.0\.1:1:/);
  });
});

describe('what is blocked', () => {
  test('is refused by name, address, block and port, however it is written', async () => {
    for (const [rule, host, code] of [
      ['shop.localhost', 'Shop.localhost.', 1111],
      [`*.localhost:${port}`, 'shop.localhost', 1111],
      ['127.0.0.0/8', '127.0.0.1', 1110],
      ['127.0.0.0/8', '::ffff:127.0.0.1', 1110],
      ['127.0.0.0/8', '0:0:0:0:0:ffff:7f00:1', 1110],
      ['::1', '0:0::1', 1110],
      ['fe80::/10', 'fe80::1%lo', 1110],
    ] as const)
      assert.match(
        await blocked(rule, host),
        new RegExp(`^${code} the service blocks .* for all runs \\(.*\\): no option of a test changes that$`),
        `${rule} ${host}`,
      );
    // Some systems take these for addresses, others for names that nobody knows.
    for (const host of ['127.1', '2130706433', '0x7f000001'])
      assert.match(await blocked(`127.0.0.0/8:${port}`, host), /^11/, host);
    for (const [rule, host] of [
      ['127.0.0.0/8:1', '127.0.0.1'],
      ['*.shop.localhost', 'shop.localhost'],
      ['127.0.0.0/8', '::1'],
    ] as const)
      assert.equal(await blocked(rule, host), 'connected', `${rule} ${host}`);
  });

  test('goes before what is allowed, and the name that leads there does not matter', async () => {
    const rules = { allowed: ['*', '0.0.0.0/0', '::/0'], blocked: [`127.0.0.0/8:${port}`, `[::1]:${port}`] };
    assert.match(await outcome(dialerOf(rules), 'shop.localhost'), /^1110 the service blocks shop\.localhost at /);
    const mapped = dialerOf(rules, { hosts: { 'shop.test': '127.0.0.1' }, blacklistIPs: [], blockHostnames: [] });
    assert.match(await outcome(mapped, 'shop.test'), /^1110 the service blocks 127\.0\.0\.1:/);
  });

  test('is looked for at each connection: a name that leads elsewhere the second time is refused then', async () => {
    const dns = { ttlMs: 0, select: 'roundRobin', policy: 'any' } as const;
    const dialer = dialerOf({ allowed: ['shop.localhost'], blocked: ['::1'] }, { dns });
    const seen = [await outcome(dialer, 'shop.localhost'), await outcome(dialer, 'shop.localhost')];
    assert.equal(seen.filter((one) => one === 'connected').length, 1, seen.join(' | '));
    assert.equal(seen.filter((one) => one.startsWith('1110 the service blocks shop.localhost at [::1]:')).length, 1);
  });
});

describe('behind a proxy', () => {
  const through = (server: ProxyServer): ProxyRoute => ({
    ...parseProxy(`http://127.0.0.1:${server.port}`),
    tls: null,
  });

  test('both the proxy and what it is to contact must be allowed, names by their names alone', async () => {
    const at = (rules: Partial<TargetSettings>, host: string) =>
      outcome(dialerOf(rules), host, { proxy: through(proxy) });
    const proxyRule = `127.0.0.1:${proxy.port}`;
    assert.equal(await at({ allowed: [proxyRule, 'shop.localhost'] }, 'shop.localhost'), 'connected');
    assert.match(await at({ allowed: ['shop.localhost'] }, 'shop.localhost'), /^1110 .* does not allow 127\.0\.0\.1:/);
    assert.match(await at({ allowed: [proxyRule] }, 'shop.localhost'), /^1111 .*by its name \(a proxy looks it up\)/);
    assert.match(await at({ allowed: [proxyRule] }, '127.0.0.1'), /^1110 the project/);
    assert.match(await at({ blocked: [`127.0.0.1:${port}`] }, '127.0.0.1'), /^1110 the service blocks/);
    assert.match(await at({ blocked: ['shop.localhost'] }, 'shop.localhost'), /^1111 the service blocks/);
    assert.match(await at({ blocked: [proxyRule] }, 'shop.localhost'), /^1110 .*the service blocks/);
  });
});

describe('rules against a place of one’s own', () => {
  test('hold for each address of this machine where it is here, at its port alone', async () => {
    for (const host of ['', '127.0.0.1', 'localhost', '::1', '0.0.0.0']) {
      const dialer = dialerOf({ blocked: await rulesAgainst([{ host, port }]) });
      for (const way of ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::', 'localhost', 'shop.localhost'])
        assert.match(await outcome(dialer, way), /^111[01] the service blocks /, `${host} ${way}`);
      const other = dialerOf({ blocked: await rulesAgainst([{ host, port: 1 }]) });
      assert.equal(await outcome(other, '127.0.0.1'), 'connected');
    }
  });

  test('elsewhere they are its name and what it stands for', async () => {
    assert.deepEqual(await rulesAgainst([{ host: '192.0.2.7', port: 5432 }]), ['192.0.2.7:5432']);
    assert.deepEqual(await rulesAgainst([{ host: '2001:db8::7', port: 5432 }]), ['[2001:db8::7]:5432']);
    assert.deepEqual(await rulesAgainst([{ host: 'nobody.invalid', port: 5432 }]), ['nobody.invalid:5432']);
  });
});

test('what is no rule is refused with how one is written', () => {
  for (const text of [
    '',
    'https://api.example.com',
    'api.example.com/path',
    'a b',
    'api.*.com',
    '*example.com',
    '*.',
    '10.0.0.0/33',
    '256.1.1.1',
    '10.0.0',
    '0x7f000001',
    '[10.0.0.1]:80',
    '[::1',
    '::1:zz',
    '2001:db8::/129',
    'fe80::1%eth0',
    'api.example.com:',
    'api.example.com:http',
    '[api.example.com]:80',
  ])
    assert.throws(() => checkTargetRule(text), /is no target: write a name \(api\.example\.com, /, text);
  for (const text of ['api.example.com:0', '10.0.0.1:65536', '[::1]:99999'])
    assert.throws(() => checkTargetRule(text), /has the port \d+: ports go from 1 to 65535$/, text);
  for (const text of ['a_b.example', 'bücher.example', 'xn--bcher-kva.example:443', '*', '*:443', 'localhost', '::/0'])
    checkTargetRule(text);
});
