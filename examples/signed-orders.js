// Signs each order as many APIs want it: a digest of the body and an HMAC over method, path, time and that digest.
// try: --duration 1s
import { check } from 'k6';
import { hexEncode, hmac, randomBytes, sha256 } from 'k6/crypto';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const key = __ENV.SIGNING_KEY || 'a secret that only the test and the shop know';

export const options = { vus: 2, duration: '5s' };

function sign(method, path, body) {
  const time = new Date().toISOString();
  const digest = sha256(body, 'base64');
  return {
    'X-Nonce': hexEncode(randomBytes(8)),
    'X-Time': time,
    'Content-Digest': `sha-256=:${digest}:`,
    'X-Signature': hmac('sha256', key, [method, path, time, digest].join('\n'), 'base64rawurl'),
  };
}

export default function () {
  const headers = sign('GET', '/menu', '');
  const response = http.get(`${shop}/menu`, { headers });
  check(response, {
    'status is 200': (r) => r.status === 200,
    'the signature went along': (r) => r.request.headers['X-Signature'][0] === headers['X-Signature'],
  });
}
