// What `sixfold demo` runs: ten seconds of HTTP and gRPC against the built-in target, with checks, a custom metric, thresholds,
// and one customer who is never lucky, for the "failures by code" of the summary.
// To run it by yourself: `sixfold demo --serve --port 8800` in one terminal, and in another
// `sixfold run -e SHOP_HTTP=http://127.0.0.1:8800 -e SHOP_GRPC=127.0.0.1:8802 examples/demo.js`.
import { check, group, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import grpc from 'k6/net/grpc';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const kitchen = __ENV.SHOP_GRPC || '127.0.0.1:8802';

const ordered = new Counter('pizzas_ordered');
const stars = new Trend('pizza_stars');

const client = new grpc.Client();
client.load(null, 'quickpizza.proto');

export const options = {
  scenarios: {
    guests: { executor: 'constant-vus', vus: 10, duration: '10s', exec: 'order' },
    critics: { executor: 'constant-vus', vus: 5, duration: '10s', exec: 'rate' },
    unlucky: { executor: 'constant-vus', vus: 1, duration: '10s', exec: 'fail' },
  },
  thresholds: {
    checks: ['rate>0.99'],
    http_req_failed: ['rate<0.05'],
    http_req_duration: ['p(95)<500'],
    grpc_req_duration: ['p(95)<500'],
    pizzas_ordered: ['count>100'],
  },
};

/** Reads the menu, orders a pizza, looks at the order. */
export function order() {
  const menu = http.get(`${shop}/menu?kind=pizza`);
  check(menu, { 'the menu is there': (r) => r.status === 200 });
  const pizzas = menu.json();

  group('order', () => {
    const item = pizzas[Math.floor(Math.random() * pizzas.length)].id;
    const body = JSON.stringify({ item, quantity: 2, name: `guest ${__VU}` });
    const placed = http.post(`${shop}/orders`, body, { headers: { 'Content-Type': 'application/json' } });
    if (check(placed, { 'the order is placed': (r) => r.status === 201 })) ordered.add(2, { item });

    const order = http.get(`${shop}/orders/${placed.json('id')}`, { tags: { name: 'order' } });
    check(order, { 'the order is right': (r) => r.json('quantity') === 2 });
  });
  sleep(0.1);
}

/** Rates pizzas over gRPC, on one connection per virtual user. */
export function rate() {
  if (__ITER === 0) client.connect(kitchen, { plaintext: true });
  const response = client.invoke('quickpizza.GRPC/RatePizza', {
    ingredients: ['Tomato', 'Cheese', 'Basil'],
    dough: 'Thin',
  });
  check(response, { 'the rating is there': (r) => r && r.status === grpc.StatusOK });
  stars.add(response.message.starsRating);
  sleep(0.1);
}

/** Asks the target to misbehave: each failure has a code of its own, which `sixfold explain` explains. */
export function fail() {
  const wishes = ['status=503', 'status=404', 'reset', 'close', 'malformed'];
  const response = http.get(`${shop}/menu?misbehave=${wishes[__ITER % wishes.length]}`, {
    tags: { name: 'misbehave' },
  });
  check(response, { 'the failure has a code': (r) => r.error_code > 1000 });
  sleep(0.5);
}
