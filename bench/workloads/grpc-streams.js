// Workload 10: a hundred unary calls at once, each a stream on one and the same connection.
import { check } from 'k6';
import grpc from 'k6/net/grpc';

const client = new grpc.Client();
client.load(null, 'bench.proto');

export default async function () {
  if (__ITER === 0) client.connect(__ENV.GRPC, { plaintext: true });
  const calls = [];
  for (let i = 0; i < 100; i++) {
    calls.push(client.asyncInvoke('bench.Counter/Rate', { ingredients: ['Tomato', 'Cheese'], dough: 'Thin' }));
  }
  const responses = await Promise.all(calls);
  check(responses, { 'all are OK': (all) => all.every((r) => Number(r.status) === Number(grpc.StatusOK)) });
}
