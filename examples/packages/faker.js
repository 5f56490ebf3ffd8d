// @faker-js/faker: a different customer in each iteration.
// try: --iterations 3
import { faker } from '@faker-js/faker';
import { check } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

export default function () {
  const order = { item: 'margherita', quantity: faker.number.int({ min: 1, max: 5 }), name: faker.person.firstName() };
  const placed = http.post(`${shop}/orders`, JSON.stringify(order), {
    headers: { 'Content-Type': 'application/json', From: faker.internet.email() },
  });
  check(placed, {
    'the order is placed': (r) => r.status === 201,
    'for that customer': (r) => r.json('name') === order.name,
  });
}
