// Errors are answers: they have a form, they are fast, and they are counted by kind.
import { check } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const refusals = new Counter('refusals');

export const options = { thresholds: { checks: ['rate==1'], 'refusals{status:422}': ['count>0'] } };

/** What a client makes of an answer: a problem with its parts, or null where the body is of another kind. */
function problemOf(response) {
  const type = response.headers['Content-Type'] || '';
  if (!/^application\/(?:problem\+)?json/.test(type)) return null;
  const body = response.json();
  return { title: body.title || body.error, status: body.status || response.status, type: body.type || 'about:blank' };
}

export default function () {
  const attempts = [{ item: 'margherita', quantity: 0 }, { item: 'no-such-pizza', quantity: 1 }, { quantity: 1 }];
  for (const order of attempts) {
    const response = http.post(`${SHOP}/orders`, JSON.stringify(order), {
      responseCallback: http.expectedStatuses({ min: 400, max: 499 }),
    });
    const problem = problemOf(response);
    check(response, {
      'a refusal has a body for programs': () => problem !== null && problem.title.length > 0,
      'the status in it is the real one': (r) => problem !== null && problem.status === r.status,
      'it gives nothing away': (r) => !/\bat .*:\d+:\d+|SELECT |\/home\//.test(r.body),
    });
    refusals.add(1, { status: String(response.status) });
  }

  // What a proxy says is of another form, and the client must live with it.
  const broken = http.get(`${SHOP}/menu?misbehave=malformed`);
  check(broken, { 'no answer at all has a code': (r) => r.error_code === 1041 && problemOf(r) === null });
}
