// Which statuses the server chose itself, and which were made on the way.
import { check } from 'k6';
import grpc from 'k6/net/grpc';

const GRPC = __ENV.SHOP_GRPC || '127.0.0.1:8802';
const shop = new grpc.Client();

export const options = { thresholds: { checks: ['rate==1'] } };

export default function () {
  shop.connect(GRPC, { plaintext: true, reflect: true });

  const found = shop.invoke('shop.Counter/Menu', { kind: 'KIND_PIZZA' });
  check(found, { 'the menu is OK': (r) => r.status === grpc.StatusOK && r.message.items.length > 0 });

  // Expected, so it is no failure of the test: nobody has ordered that much.
  const missing = shop.invoke('shop.Counter/Find', { id: '999999999' });
  check(missing, { 'an order that is not there is NOT_FOUND': (r) => r.status === grpc.StatusNotFound });

  const wrong = shop.invoke('shop.Counter/Order', { item: 'margherita', quantity: -2, name: 'Ada' });
  check(wrong, { 'a negative quantity is INVALID_ARGUMENT': (r) => r.status === grpc.StatusInvalidArgument });

  // A proxy that knows no gRPC answers with HTTP 503: the client's library makes UNAVAILABLE of it.
  const proxied = shop.invoke('shop.Counter/Menu', {}, { metadata: { 'x-misbehave': 'http=503' } });
  check(proxied, { 'HTTP 503 is UNAVAILABLE': (r) => r.status === grpc.StatusUnavailable });

  // The deadline passes on this side; the server may have done its work.
  const late = shop.invoke('shop.Counter/Menu', {}, { timeout: '200ms', metadata: { 'x-misbehave': 'hang' } });
  check(late, { 'no answer in time is DEADLINE_EXCEEDED': (r) => r.status === grpc.StatusDeadlineExceeded });

  shop.close();
}
