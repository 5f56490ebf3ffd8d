import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listCandidates, lookUpName, parseHosts } from './system-lookup.ts';

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
