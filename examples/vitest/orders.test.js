// A load test among the other tests of a project: npx vitest run. Beside vitest it needs `npm install --save-dev sixfold`.
import { fileURLToPath } from 'node:url';
import { run } from 'sixfold';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../first-test.js', import.meta.url));

test('the shop serves ten customers at once', { timeout: 60_000 }, async () => {
  const { failures, checks, metrics } = await run({
    script,
    options: { vus: 10, duration: '2s' },
    env: { SHOP_HTTP: process.env.SHOP_HTTP ?? 'http://127.0.0.1:8800' },
  });
  expect(failures).toEqual([]);
  expect(checks.filter(({ fails }) => fails > 0)).toEqual([]);
  expect(metrics.http_req_duration.values['p(95)']).toBeLessThan(5000);
});
