// otpauth: one-time passwords for a login, as jslib's totp makes them.
// try: --iterations 2
import { check } from 'k6';
import http from 'k6/http';
import { HOTP, Secret, TOTP } from 'otpauth';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const secret = Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const totp = new TOTP({ secret, digits: 8 });

export const options = { vus: 1, iterations: 10 };

export default function () {
  const code = totp.generate();
  const echo = http.post(`${shop}/echo`, JSON.stringify({ code }));
  check(echo, {
    'the code arrived': (r) => r.body.includes(code),
    // https://www.rfc-editor.org/rfc/rfc6238#appendix-B
    'codes are those of the RFC': () => totp.generate({ timestamp: 59_000 }) === '94287082',
    'and of counters': () => new HOTP({ secret }).generate({ counter: 0 }) === '755224',
  });
}
