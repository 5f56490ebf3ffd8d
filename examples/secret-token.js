// Logs in with secrets that no log, tag or summary shows, whatever the script does with them.
// Run it with a file of lines such as token=…: sixfold run --secret-source=file=secrets.txt examples/secret-token.js
// try: --duration 1s --secret-source=mock=user=ada,password=correct-horse
import { check } from 'k6';
import encoding from 'k6/encoding';
import http from 'k6/http';
import secrets from 'k6/secrets';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 2, duration: '5s' };

export default async function () {
  const [user, password] = await Promise.all([secrets.get('user'), secrets.get('password')]);
  const credentials = encoding.b64encode(`${user}:${password}`);
  const response = http.get(`${shop}/menu`, { headers: { Authorization: `Basic ${credentials}` }, tags: { user } });
  check(response, {
    'status is 200': (r) => r.status === 200,
    'the password went along': (r) => r.request.headers.Authorization[0] === `Basic ${credentials}`,
  });
  if (__VU === 1 && __ITER === 0) console.log(`logged in with ${password}, that is ${credentials}`);
}
