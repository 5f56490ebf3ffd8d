// jsonpath-plus: values of a response by paths with conditions.
// try: --iterations 3
import { JSONPath } from 'jsonpath-plus';
import { check } from 'k6';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

export default function () {
  const json = http.get(`${shop}/menu`).json();
  const coffees = JSONPath({ path: "$[?(@.kind === 'coffee')].id", json });
  check(coffees, {
    'coffee is sold': (ids) => ids.length > 0,
    'and nothing else was found': (ids) =>
      ids.every((id) => json.some((item) => item.id === id && item.kind === 'coffee')),
  });
}
