// A load test among the other tests of a project: node --test examples/node-test
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from 'sixfold';

const script = fileURLToPath(new URL('../first-test.js', import.meta.url));

test('the shop serves ten customers at once', async () => {
  const { failures, checks, metrics } = await run({
    script,
    options: { vus: 10, duration: '2s' },
    env: { SHOP_HTTP: process.env['SHOP_HTTP'] ?? 'http://127.0.0.1:8800' },
  });
  assert.deepEqual(failures, []);
  assert.ok(checks.every(({ fails }) => fails === 0));
  assert.ok(metrics['http_req_duration'].values['p(95)'] < 5000);
});
