// What browsers have, without an import: fetch and its kin, addresses, signals. The requests count like those of k6/http.
// try: --iterations 3
import { check } from 'k6';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10, thresholds: { 'http_req_failed{name:log in}': ['rate==0'] } };

export default async function () {
  const login = await fetch(`${shop}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'demo', password: 'demo' }),
    tags: { name: 'log in' },
  });
  const { token } = await login.json();
  const headers = new Headers({ Authorization: `Bearer ${token}` });

  const address = new URL('/menu', shop);
  address.searchParams.set('misbehave', 'delay=5000');
  // Given up after a tenth of a second: the signal's reason is what the promise is rejected with.
  const slow = await fetch(address, { headers, signal: AbortSignal.timeout(100) }).catch((error) => error);
  check(slow, { 'given up in time': ({ name }) => name === 'TimeoutError' });

  const me = await fetch(new Request(new URL('/me', shop), { headers }));
  check(me, { 'logged in': ({ ok }) => ok });
  check(structuredClone(await me.json()), { 'by name': ({ user }) => user === 'demo' });
}
