// A visit with several steps: log in once for all, order, look at the order. Custom metrics count what matters to the shop.
// try: --iterations 5 --vus 2
import { check, fail, group, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

const sales = new Counter('sales_cents');
const rightOrders = new Rate('right_orders');
const timeToOrder = new Trend('time_to_order', true);

export const options = {
  vus: 5,
  iterations: 50,
  thresholds: {
    right_orders: ['rate==1'],
    time_to_order: ['p(95)<1000'],
    'http_req_duration{name:order}': ['p(95)<500'],
  },
};

/** Runs once: what it returns, every virtual user gets. */
export function setup() {
  const response = http.post(`${shop}/login`, JSON.stringify({ user: 'demo', password: 'demo' }));
  if (response.status !== 200) fail(`cannot log in: ${response.status}`);
  return { token: response.json('token') };
}

export default function ({ token }) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

  group('account', () => {
    const me = http.get(`${shop}/me`, { headers });
    check(me, { 'logged in': (r) => r.json('user') === 'demo' });
  });

  group('order', () => {
    const started = Date.now();
    const placed = http.post(`${shop}/orders`, JSON.stringify({ item: 'funghi', quantity: 3, name: 'Ada' }), {
      headers,
      tags: { name: 'order' },
    });
    const shown = http.get(`${shop}${placed.headers.Location}`, { headers, tags: { name: 'shown order' } });
    timeToOrder.add(Date.now() - started);
    rightOrders.add(shown.json('totalCents') === 3 * 950);
    sales.add(shown.json('totalCents'));
  });
  sleep(0.1);
}
