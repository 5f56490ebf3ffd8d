// The peer of workload 3: @grpc/grpc-js as it is meant to be used, one channel per virtual user, one call at a time on each.
//   node grpc-js-client.ts ADDRESS USERS SECONDS   prints the number of calls as JSON
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const [address = '', users = '50', seconds = '5'] = process.argv.slice(2);
const root = protobuf.loadSync(fileURLToPath(new URL('../workloads/bench.proto', import.meta.url)));
const [input, output] = [root.lookupType('bench.RateRequest'), root.lookupType('bench.RateReply')];
const serialize = (value: object) => Buffer.from(input.encode(input.fromObject(value)).finish());
const deserialize = (bytes: Buffer) => output.toObject(output.decode(bytes), { defaults: true });
const until = performance.now() + Number(seconds) * 1000;
let calls = 0;
let failed = 0;

async function user(): Promise<void> {
  // A channel of its own, not one shared by equal options.
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  while (performance.now() < until) {
    const status = await new Promise<number>((resolve) =>
      client.makeUnaryRequest(
        '/bench.Counter/Rate',
        serialize,
        deserialize,
        { ingredients: ['Tomato', 'Cheese'], dough: 'Thin' },
        (error) => resolve(error?.code ?? 0),
      ),
    );
    if (status === 0) calls++;
    else failed++;
  }
  client.close();
}

await Promise.all(Array.from({ length: Number(users) }, user));
console.log(JSON.stringify({ calls, failed }));
