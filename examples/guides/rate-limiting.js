// A limit as a test should see it: refusals are expected, fast, and say when to come again.
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const accepted = new Counter('accepted');
const refused = new Counter('refused');
const refusalTime = new Trend('refusal_time', true);

export const options = {
  scenarios: {
    // An arrival rate goes on at its pace when the service refuses; waiting virtual users would not.
    twice_the_limit: {
      executor: 'constant-arrival-rate',
      rate: 20,
      timeUnit: '1s',
      duration: '2s',
      preAllocatedVUs: 10,
    },
  },
  thresholds: { checks: ['rate==1'], refused: ['count>0'], accepted: ['count>0'], http_req_failed: ['rate==0'] },
};

const expected = { responseCallback: http.expectedStatuses(200, 429) };

export default function () {
  // The shop refuses every other one, as a limit of ten in a second would.
  const path = __ITER % 2 === 0 ? '/menu' : '/status/429';
  const response = http.get(SHOP + path, expected);
  if (response.status === 200) {
    accepted.add(1);
    return;
  }
  refused.add(1);
  refusalTime.add(response.timings.duration);
  const pause = Number(response.headers['Retry-After']);
  check(response, {
    'it is this caller who sends too much': (r) => r.status === 429,
    'it says when to come again': () => pause > 0 && pause < 60,
  });
  // Whoever waits as long as told gets in.
  sleep(pause * 0.2);
  check(http.get(`${SHOP}/menu`, expected), { 'then it works': (r) => r.status === 200 });
}
