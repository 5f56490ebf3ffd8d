// Who is let in, and as whom: addresses behind a proxy, tokens that have leaked, names that pose as others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

let service: ServiceUnderTest;
const said: string[] = [];

before(async () => {
  service = await ServiceUnderTest.start({
    isBehindProxy: true,
    log: (level, message) => level === 'error' && void said.push(message),
  });
});
after(() => service.stop());

test('behind a proxy the address is the one that the proxy saw, not what its client wrote', async () => {
  const email = 'forged@example.com';
  await service
    .visitor()
    .call('POST', '/session', { email, password: 'no' }, { 'x-forwarded-for': '203.0.113.1, 198.51.100.7' });
  const { items } = await service.admin.get<Page<{ readonly object: string; readonly address: string }>>('/audit');
  assert.equal(items.find(({ object }) => object === email)?.address, '198.51.100.7');
});
