// crypto-js: requests that are signed, and texts that are encrypted as another program expects them.
// try: --iterations 3
import CryptoJS from 'crypto-js';
import { check } from 'k6';
import { hmac } from 'k6/crypto';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

export default function () {
  const body = JSON.stringify({ item: 'funghi', quantity: 1, name: 'Ada' });
  const signature = CryptoJS.HmacSHA256(body, 'secret').toString();
  const echo = http.post(`${shop}/echo`, body, { headers: { 'X-Signature': signature } });
  const packed = CryptoJS.AES.encrypt(body, 'key').toString();
  check(echo, {
    'the signature arrived': (r) => r.body.includes(signature),
    'k6/crypto signs alike': () => hmac('sha256', 'secret', body, 'hex') === signature,
    'what was encrypted comes back': () => CryptoJS.AES.decrypt(packed, 'key').toString(CryptoJS.enc.Utf8) === body,
  });
}
