// Two kinds of guests at the same time: some who come and go in waves, and one who orders ten times in a row.
// try: -e STEP=300ms
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const step = __ENV.STEP || '5s';

export const options = {
  scenarios: {
    waves: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: step, target: 10 },
        { duration: step, target: 10 },
        { duration: step, target: 0 },
      ],
      gracefulRampDown: '1s',
      exec: 'browse',
    },
    regular: { executor: 'per-vu-iterations', vus: 1, iterations: 10, exec: 'order' },
  },
  thresholds: { 'http_req_failed{scenario:waves}': ['rate<0.01'] },
};

export function browse() {
  const response = http.get(`${shop}/menu`);
  check(response, { 'the menu is there': (r) => r.status === 200 });
  sleep(0.1);
}

export function order() {
  const body = { item: 'espresso', quantity: 1, name: `${exec.scenario.name} ${exec.scenario.iterationInTest}` };
  const response = http.post(`${shop}/orders`, JSON.stringify(body));
  check(response, { ordered: (r) => r.status === 201 });
}
