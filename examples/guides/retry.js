// Retries as a careful client does them: only what can help, with a growing pause, jitter and a budget.
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const intentions = new Counter('intentions');
const attempts = new Counter('attempts');

export const options = {
  iterations: 20,
  vus: 2,
  // Expected refusals do not count as failed; the ratio of attempts to intentions is what matters.
  thresholds: { checks: ['rate==1'], attempts: ['count<=75'] },
};

/** What each virtual user may spend: a retry costs one, a success earns a tenth. */
let budget = 3;

/** Whether sending the same again can help, and is safe. */
function mayRetry(response, isIdempotent) {
  if ([1101, 1212].includes(response.error_code)) return true; // nothing was sent
  if (response.status === 503) return true; // refused before it was begun
  const isUncertain = [1040, 1050, 1220].includes(response.error_code) || [502, 504].includes(response.status);
  return isUncertain && isIdempotent;
}

function send(request, isIdempotent) {
  intentions.add(1);
  for (let attempt = 0; ; attempt++) {
    attempts.add(1);
    const response = request(attempt);
    if (response.status > 0 && response.status < 400) budget = Math.min(3, budget + 0.1);
    if (!mayRetry(response, isIdempotent) || attempt === 3 || budget < 1) return response;
    budget -= 1;
    sleep(Math.random() * 0.05 * 2 ** attempt);
  }
}

export default function () {
  // Refused at the first attempt, then it works.
  const menu = send((attempt) => http.get(`${SHOP}/menu${attempt === 0 ? '?misbehave=status=503' : ''}`), true);
  check(menu, { 'what passes is read again': (r) => r.status === 200 || r.status === 503 });

  // Wrong for ever: one attempt is enough.
  const wrong = send(() => http.post(`${SHOP}/orders`, JSON.stringify({ item: 'margherita', quantity: -1 })), false);
  check(wrong, { 'a wrong order is not repeated': (r) => r.status === 422 });

  // The connection broke: the order may have been placed, so it is not sent again without a key.
  const order = JSON.stringify({ item: 'espresso', quantity: 1, name: 'Ada' });
  const lost = send(() => http.post(`${SHOP}/orders?misbehave=reset`, order), false);
  check(lost, { 'an uncertain order is not repeated': (r) => r.error_code === 1220 });
}
