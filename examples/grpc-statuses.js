// gRPC statuses: what the server answers, and what comes of it when nothing answers at all. One connection per virtual user.
// try: --iterations 4 --vus 2
import { check } from 'k6';
import grpc from 'k6/net/grpc';

const counter = __ENV.SHOP_GRPC || '127.0.0.1:8802';
const client = new grpc.Client();
client.load(null, 'shop.proto');

export const options = { vus: 2, iterations: 20 };

export default function () {
  if (__ITER === 0) client.connect(counter, { plaintext: true, timeout: '5s' });

  const placed = client.invoke(
    'shop.Counter/Order',
    { item: 'espresso', quantity: 2, name: 'Ada' },
    { metadata: { 'x-table': '7' } },
  );
  check(placed, {
    ordered: (r) => r.status === grpc.StatusOK,
    'the price is right': (r) => r.message.totalCents === 440,
  });

  const unknown = client.invoke('shop.Counter/Find', { id: '999999999' });
  check(unknown, { 'no such order': (r) => r.status === grpc.StatusNotFound && r.error.message.includes('no order') });

  const wrong = client.invoke('shop.Counter/Order', { item: 'espresso', quantity: 0 });
  check(wrong, { 'nothing is no order': (r) => r.status === grpc.StatusInvalidArgument });

  const busy = client.invoke('shop.Counter/Menu', {}, { metadata: { 'x-misbehave': 'status=14' } });
  check(busy, { 'the server is busy': (r) => r.status === grpc.StatusUnavailable });

  const slow = client.invoke('shop.Counter/Menu', {}, { metadata: { 'x-misbehave': 'hang' }, timeout: '100ms' });
  check(slow, { 'too slow': (r) => r.status === grpc.StatusDeadlineExceeded });
}
