// Orders by people who do not exist: k6/x/faker makes them up, the same ones in each run (XK6_FAKER_SEED or `new Faker(seed)`).
// try: --iterations 5
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Faker } from 'k6/x/faker';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 2, iterations: 20 };

export default function () {
  const faker = new Faker(exec.scenario.iterationInTest);
  const { token } = http.post(`${shop}/login`, JSON.stringify({ user: 'demo', password: 'demo' })).json();
  const order = { item: 'margherita', quantity: faker.numbers.intRange(1, 4), name: faker.person.firstName() };
  const response = http.post(`${shop}/orders`, JSON.stringify(order), {
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  });
  check(response, {
    'the order is there': (r) => r.status === 201,
    'in the name of the person': (r) => r.json('name') === order.name,
  });
}
