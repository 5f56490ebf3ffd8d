// Workload 4: what a script of a team looks like: POST JSON in a group, three checks, custom metrics, tags, thresholds.
import { check, group } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';

const url = `${__ENV.HTTP}/json`;
const orders = new Counter('orders');
const good = new Rate('good_orders');
const size = new Trend('order_size');

export const options = {
  thresholds: {
    http_req_failed: ['rate<0.01'],
    'http_req_duration{kind:order}': ['p(95)<1000'],
    good_orders: ['rate>0.99'],
  },
};

export default function () {
  group('order', () => {
    const body = JSON.stringify({
      item: 'margherita',
      quantity: 1 + (__ITER % 3),
      customer: { id: __VU, name: 'Ada' },
    });
    const response = http.post(url, body, {
      headers: { 'Content-Type': 'application/json', 'X-Request': `${__VU}-${__ITER}` },
      tags: { kind: 'order', name: 'place order' },
    });
    const fine = check(response, {
      'status is 200': (r) => r.status === 200,
      'it is JSON': (r) => r.headers['Content-Type'] === 'application/json',
      'it has an id': (r) => r.json('id') === 42,
    });
    orders.add(1, { kind: 'order' });
    good.add(fine);
    size.add(response.body.length);
  });
}
