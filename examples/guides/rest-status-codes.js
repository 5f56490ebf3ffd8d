// What a well-behaved API answers, and how to expect it.
import { check } from 'k6';
import http from 'k6/http';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = {
  // Nothing counts as failed that the scenario is meant to meet.
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
};

/** Lets only these statuses count as what was expected. */
const expect = (...statuses) => ({ responseCallback: http.expectedStatuses(...statuses) });

export default function () {
  const order = JSON.stringify({ item: 'margherita', quantity: 2, name: 'Ada' });
  const made = http.post(`${SHOP}/orders`, order, expect(201));
  check(made, { '201 says where it is': (r) => r.status === 201 && r.headers['Location'].startsWith('/orders/') });

  const same = http.get(SHOP + made.headers['Location'], expect(200));
  check(same, { '200 has what was ordered': (r) => r.json('quantity') === 2 });

  const unread = http.post(`${SHOP}/orders`, '{ "item": ', expect(400));
  check(unread, { '400 where it cannot be read': (r) => r.status === 400 });

  const wrong = http.post(`${SHOP}/orders`, JSON.stringify({ item: 'margherita', quantity: 0 }), expect(422));
  check(wrong, { '422 where it can, and is wrong': (r) => r.status === 422 && r.json('error') !== '' });

  const stranger = http.get(`${SHOP}/me`, expect(401));
  check(stranger, { '401 says how to log in': (r) => r.headers['Www-Authenticate'] === 'Bearer' });

  const missing = http.get(`${SHOP}/orders/999999999`, expect(404));
  check(missing, { '404 for what is not there': (r) => r.status === 404 });

  const busy = http.get(`${SHOP}/status/503`, expect(503));
  check(busy, { '503 says when to come again': (r) => Number(r.headers['Retry-After']) > 0 });
}
