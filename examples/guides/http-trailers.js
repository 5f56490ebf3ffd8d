// Three ends of an answer: whole, cut off, and a failure that only the trailers tell.
import { check } from 'k6';
import http from 'k6/http';
import grpc from 'k6/net/grpc';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const GRPC = __ENV.SHOP_GRPC || '127.0.0.1:8802';
const shop = new grpc.Client();

export const options = { thresholds: { checks: ['rate==1'] } };

export default function () {
  const whole = http.get(`${SHOP}/bytes/5000`);
  check(whole, {
    'the whole body came': (r) => r.status === 200 && r.body.length === 5000,
    'its length was announced': (r) => r.headers['Content-Length'] === '5000',
  });

  // The status was 200 when the connection ended: only the missing rest shows it.
  const half = http.get(`${SHOP}/menu?misbehave=half`);
  check(half, { 'half a body is a failure': (r) => r.error_code === 1040 });

  shop.connect(GRPC, { plaintext: true, reflect: true });
  const refused = shop.invoke('shop.Statuses/FailedPrecondition', {});
  check(refused, {
    'the trailers have the status': (r) => r.status === grpc.StatusFailedPrecondition,
    'and the message': (r) => r.error.message.includes('as you asked'),
  });

  // Messages, and no trailers behind them.
  const cut = shop.invoke('shop.Counter/Menu', {}, { metadata: { 'x-misbehave': 'half' } });
  check(cut, { 'a call without trailers is INTERNAL': (r) => r.status === grpc.StatusInternal });
  shop.close();
}
