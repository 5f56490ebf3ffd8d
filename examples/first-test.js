// The smallest useful test: three virtual users look at the menu for five seconds.
// try: --duration 1s
import { check, sleep } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 3, duration: '5s' };

export default function () {
  const response = http.get(`${shop}/menu`);
  check(response, {
    'status is 200': (r) => r.status === 200,
    'there is pizza': (r) => r.json().some((item) => item.kind === 'pizza'),
  });
  sleep(0.2);
}
