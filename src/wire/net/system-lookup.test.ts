import assert from 'node:assert/strict';
import { Resolver } from 'node:dns';
import { test } from 'node:test';
import { listCandidates, lookUpName, parseHosts, readResolverOptions } from './system-lookup.ts';

test('hosts files list addresses by name, whatever the case', () => {
  const hosts = parseHosts([['127.0.0.1', 'localhost', 'Me'], ['::1', 'localhost'], ['nonsense', 'x'], ['10.0.0.1']]);
  assert.deepEqual(
    [...hosts],
    [
      ['localhost', ['127.0.0.1', '::1']],
      ['me', ['127.0.0.1']],
    ],
  );
});

test('search domains go behind a name with dots enough, and before one without', () => {
  const search = ['ns.svc.cluster.local', 'cluster.local'];
  assert.deepEqual(listCandidates('db', search, 1), ['db.ns.svc.cluster.local', 'db.cluster.local', 'db']);
  assert.deepEqual(listCandidates('db.ns', search, 1)[0], 'db.ns');
  assert.deepEqual(listCandidates('db.ns', search, 5)[0], 'db.ns.ns.svc.cluster.local');
  assert.deepEqual(listCandidates('db.', search, 5), ['db.']);
});

test('localhost is known without asking anybody, and what stands below it', async () => {
  for (const name of ['localhost', 'LocalHost', 'shop.localhost']) {
    const addresses = await new Promise<readonly string[]>((resolve, reject) => {
      lookUpName(name, 'both', (error, found) => (error === null ? resolve(found) : reject(error)));
    });
    assert.ok(addresses.includes('127.0.0.1'), name);
  }
});

test('options of the resolver have their bounds, and what is no number is passed over: whatever they say, there is a resolver', () => {
  const usual = { timeout: 5000, tries: 2, ndots: 1 };
  for (const [options, expected] of [
    [[], usual],
    [['ndots:5', 'timeout:2', 'attempts:3', 'rotate'], { timeout: 2000, tries: 3, ndots: 5 }],
    [['ndots:0', 'timeout:0', 'attempts:0'], { timeout: 1000, tries: 1, ndots: 0 }],
    [['ndots:99', 'timeout:4294967296', 'attempts:1000'], { timeout: 30_000, tries: 5, ndots: 15 }],
    [['ndots:', 'timeout:soon', 'attempts:-1', 'timeout'], usual],
    [['timeout:1e3', 'attempts:0x5', 'ndots:1.5'], usual],
    // The last one counts.
    [['ndots:5', 'ndots:2'], { ...usual, ndots: 2 }],
  ] as const) {
    const read = readResolverOptions(options);
    assert.deepEqual(read, expected, options.join(' '));
    assert.doesNotThrow(() => new Resolver({ timeout: read.timeout, tries: read.tries }));
  }
});
