// What scripts give to ping() and pingAsync(), read and refused (Grafana's page "k6/x/icmp > PingOptions").
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import { readMinimumInterval, readPingOptions, readTarget } from './ping-options.ts';

const realm = createRealm();
const read = (given?: unknown, minimumMs = 500) => readPingOptions(realm, 'ping', given, minimumMs);

test('a ping that says nothing else is one request of 56 octets, answered within ten seconds', () => {
  for (const nothing of [undefined, null, {}])
    assert.deepEqual(read(nothing), {
      id: null,
      seq: 1,
      ttl: null,
      timeoutMs: 10_000,
      deadlineMs: Number.POSITIVE_INFINITY,
      count: 1,
      threshold: 100,
      size: 56,
      intervalMs: 1000,
      source: null,
      preferred: null,
      tags: [],
    });
});

test('each option is taken up to its limits', () => {
  const lowest = {
    id: 0,
    seq: 0,
    ttl: 1,
    count: 1,
    threshold: 0,
    size: 0,
    timeout: 0.5,
    deadline: '1ms',
    interval: 500,
  };
  const { id, seq, ttl, count, threshold, size, timeoutMs, deadlineMs, intervalMs } = read(lowest);
  assert.deepEqual(
    [id, seq, ttl, count, threshold, size, timeoutMs, deadlineMs, intervalMs],
    [0, 0, 1, 1, 0, 0, 0.5, 1, 500],
  );
  const highest = read({
    id: 65_535,
    seq: 65_535,
    ttl: 255,
    count: 65_535,
    threshold: 100,
    size: 65_507,
    timeout: '1h',
  });
  assert.deepEqual(
    [highest.id, highest.seq, highest.ttl, highest.count, highest.size, highest.timeoutMs],
    [65_535, 65_535, 255, 65_535, 65_507, 3_600_000],
  );
  assert.equal(read({ threshold: 33.3 }).threshold, 33.3, 'a percentage need not be whole');
});

test('an option beyond its limits is named, with what it takes', () => {
  for (const [given, message] of [
    [{ id: -1 }, 'ping(): id must be a whole number from 0 to 65535, not -1'],
    [{ seq: 65_536 }, 'ping(): seq must be a whole number from 0 to 65535, not 65536'],
    [{ ttl: 0 }, 'ping(): ttl must be a whole number from 1 to 255, not 0'],
    [{ ttl: '64' }, 'ping(): ttl must be a whole number from 1 to 255, not "64"'],
    [{ count: 1.5 }, 'ping(): count must be a whole number from 1 to 65535, not 1.5'],
    [{ count: 0 }, 'ping(): count must be a whole number from 1 to 65535, not 0'],
    [{ size: 65_508 }, 'ping(): size must be a whole number from 0 to 65507, not 65508'],
    [{ threshold: 101 }, 'ping(): threshold must be a percentage from 0 to 100, not 101'],
    [{ threshold: Number.NaN }, 'ping(): threshold must be a percentage from 0 to 100, not NaN'],
    [{ timeout: 0 }, 'ping(): timeout must be a time above 0, in milliseconds or as in "2s", not 0'],
    [{ timeout: 'soon' }, 'ping(): timeout must be a time above 0, in milliseconds or as in "2s", not "soon"'],
    [{ deadline: '100d' }, 'ping(): deadline must be a time above 0, in milliseconds or as in "2s", not "100d"'],
    [{ deadline: -1 }, 'ping(): deadline must be a time above 0, in milliseconds or as in "2s", not -1'],
    [{ source: 'eth0' }, 'ping(): source must be an IP address of this machine, not "eth0"'],
    [{ source: 5 }, 'ping(): source must be an IP address of this machine, not 5'],
    [{ preferred_ip_version: 'ipv6' }, 'ping(): preferred_ip_version must be "ip4" or "ip6", not "ipv6"'],
    [{ preferred_ip_version: 6 }, 'ping(): preferred_ip_version must be "ip4" or "ip6", not 6'],
    [{ tags: 'a' }, 'ping(): tags must be an object of names and values'],
    ['text', 'ping() takes its options as an object, not string'],
  ] as const)
    assert.throws(() => read(given), { name: 'TypeError', message });
});

test('requests are no closer together than whoever runs the test allows', () => {
  assert.throws(() => read({ interval: '499ms' }), {
    message: 'ping(): interval must be at least 500 ms, not "499ms": K6_PING_MINIMUM_INTERVAL allows less',
  });
  assert.equal(read({ interval: 1 }, 1).intervalMs, 1);
  assert.equal(read({}, 5000).intervalMs, 5000, 'the usual interval is not below it either');
});

test('what it is allowed is a time in a variable, half a second without one', () => {
  assert.equal(readMinimumInterval({}), 500);
  for (const [text, ms] of [
    ['0', 0],
    ['10', 10],
    ['1.5s', 1500],
  ] as const)
    assert.equal(readMinimumInterval({ K6_PING_MINIMUM_INTERVAL: text }), ms);
  for (const text of ['fast', '-1', '100d', '1 s'])
    assert.throws(() => readMinimumInterval({ K6_PING_MINIMUM_INTERVAL: text }), {
      message: `K6_PING_MINIMUM_INTERVAL must be a time, such as 100ms, not ${JSON.stringify(text)}`,
    });
});

test('source and version are asked for by text, and by nothing not at all', () => {
  assert.deepEqual([read({ source: '::1' }).source, read({ source: '127.0.0.1' }).source], ['::1', '127.0.0.1']);
  for (const nothing of ['', null, undefined]) {
    assert.equal(read({ source: nothing }).source, null);
    assert.equal(read({ preferred_ip_version: nothing }).preferred, null);
  }
  assert.deepEqual(
    ['ip4', 'ip6'].map((version) => read({ preferred_ip_version: version }).preferred),
    [4, 6],
  );
});

test('tags are text, as all tags are', () => {
  assert.deepEqual(read({ tags: { a: 'b', n: 5 } }).tags, [
    ['a', 'b'],
    ['n', '5'],
  ]);
});

test('a target is a name or an address alone', () => {
  for (const target of [
    'example.com',
    'example.com.',
    'localhost',
    '192.0.2.1',
    '::1',
    'fe80::1',
    'xn--bcher-kva.example',
    'bücher.example',
    'a_b.example',
  ])
    assert.equal(readTarget('ping', target), target);
  assert.equal(readTarget('ping', '[::1]'), '::1');
  for (const target of [
    'http://example.com',
    'example.com:80',
    'example.com/',
    'a b',
    'a..b',
    '.',
    '[1]',
    'a\0b',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}aa`,
  ])
    assert.throws(
      () => readTarget('pingAsync', target),
      {
        name: 'TypeError',
        message:
          /^pingAsync\(\) cannot reach ".*": give a host's name or address alone, without scheme, port and path$/,
      },
      target,
    );
  for (const target of ['', undefined, null, 5, {}])
    assert.throws(() => readTarget('ping', target), {
      message: "ping() takes a host first, such as 'example.com' or '192.0.2.1'",
    });
});
