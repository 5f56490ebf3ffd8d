// Workload 3: a unary call and a check, back to back, on one connection per virtual user.
import { check } from 'k6';
import grpc from 'k6/net/grpc';

const client = new grpc.Client();
client.load(null, 'bench.proto');

export default function () {
  if (__ITER === 0) client.connect(__ENV.GRPC, { plaintext: true });
  const response = client.invoke('bench.Counter/Rate', { ingredients: ['Tomato', 'Cheese'], dough: 'Thin' });
  // k6's own statuses are objects: compared as numbers, so that the same script serves both.
  check(response, { 'status is OK': (r) => r && Number(r.status) === Number(grpc.StatusOK) });
}
