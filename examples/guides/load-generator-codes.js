// Which failures are the generator's own: they have codes, and thresholds of their own.
import { check } from 'k6';
import http from 'k6/http';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = {
  blockHostnames: ['forbidden.test'],
  thresholds: {
    checks: ['rate==1'],
    // A run with one of these is void, not bad.
    'http_req_failed{error_code:1216}': ['rate==0'],
    'http_req_failed{error_code:1217}': ['rate==0'],
  },
};

export default function () {
  const cases = [
    ['nothing was sent: no URL', 'http://[', 1020],
    ['nothing was sent: the options forbid it', 'http://forbidden.test/', 1111],
    ['nobody listens', 'http://127.0.0.1:1/', 1212],
    ['reset on the way', `${SHOP}/code/1220`, 1220],
    ['closed without an answer', `${SHOP}/code/1040`, 1040],
    ['refused by the server', `${SHOP}/code/1503`, 1503],
  ];
  for (const [what, url, code] of cases) check(http.get(url), { [what]: (r) => r.error_code === code });

  // The clock is ours, the slowness the server's.
  const late = http.get(`${SHOP}/menu?misbehave=delay=5000`, { timeout: '200ms' });
  check(late, { 'the time was over': (r) => r.error_code === 1050 && r.timings.waiting >= 0 });
}
