// Libraries that come with Sixfold, in place of those that scripts for k6 import from https://jslib.k6.io: no network is needed.
import http from 'k6/http';
import tempo from 'sixfold/jslib/http-instrumentation-tempo';
import { Httpx } from 'sixfold/jslib/httpx';
import { textSummary } from 'sixfold/jslib/k6-summary';
import { expect } from 'sixfold/jslib/k6-testing';
import { check, randomItem, uuidv4 } from 'sixfold/jslib/utils';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

// Each request begins a trace: it has a header traceparent, and its samples the metadata trace_id.
tempo.instrumentHTTP({ propagator: 'w3c' });

const session = new Httpx({ baseURL: shop, headers: { 'X-Test': 'in place of jslib' }, tags: { part: 'session' } });

export const options = { vus: 1, iterations: 5, thresholds: { checks: ['rate==1'] } };

export default async function () {
  const item = randomItem(http.get(`${shop}/menu`).json());
  expect(item.priceCents).toBeGreaterThan(0);

  const id = uuidv4();
  const echo = session.post('/echo', JSON.stringify({ id, item: item.id }));
  await check(echo, {
    'the id arrived': async (r) => r.body.includes(id),
    'so did the header of the session': (r) => r.body.includes('in place of jslib'),
    'and a trace': (r) => /00-[0-9a-f]{32}-[0-9a-f]{16}-01/.test(r.body),
  });
}

export function handleSummary(data) {
  return { stdout: textSummary(data, { indent: ' ', enableColors: false }) };
}
