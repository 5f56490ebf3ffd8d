// Every failure has a code: this script makes some, on purpose. `sixfold explain 1220` says what one means.
// try: --iterations 1
import { check } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { iterations: 1, thresholds: { checks: ['rate==1'] } };

/** What the target is asked to do, and the code that comes of it. */
const CODES = {
  'status=404': 1404,
  'status=503': 1503,
  reset: 1220,
  close: 1040,
  half: 1040,
  malformed: 1041,
};

export default function () {
  for (const [wish, code] of Object.entries(CODES)) {
    const response = http.get(`${shop}/menu?misbehave=${wish}`, { tags: { name: wish } });
    check(response, { [`${wish} is ${code}`]: (r) => r.error_code === code });
  }
  const slow = http.get(`${shop}/menu?misbehave=hang`, { timeout: '200ms', tags: { name: 'hang' } });
  check(slow, { 'no answer in time is 1050': (r) => r.error_code === 1050 });
  const nobody = http.get('http://127.0.0.1:1/', { tags: { name: 'nobody' } });
  check(nobody, { 'nobody listening is 1212': (r) => r.error_code === 1212 });
}
