// uuid: ids that a server can recognise, from the global crypto.
// try: --iterations 3
import { check } from 'k6';
import http from 'k6/http';
import { v4, v5, v7, validate, version } from 'uuid';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

const NAMED = v5('sixfold', v5.URL);

export const options = { vus: 1, iterations: 10 };

export default function () {
  const id = v4();
  const echo = http.post(`${shop}/echo`, null, { headers: { 'Idempotency-Key': id } });
  check(echo, {
    'the key arrived': (r) => r.body.includes(id),
    'it is one of version 4': () => validate(id) && version(id) === 4,
    'those of version 7 are in order': () => v7({ msecs: 1 }) < v7({ msecs: 2 }),
    'those of version 5 are always the same': () => v5('sixfold', v5.URL) === NAMED && version(NAMED) === 5,
  });
}
