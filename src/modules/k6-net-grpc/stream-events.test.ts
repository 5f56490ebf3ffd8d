// Streams of gRPC as a script sees them, against a real server: the order of events, what ends them, what a mistake of the script does
// (k6 page "k6/net/grpc > Stream").
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Metadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { createScriptBench } from '../../../test/script-bench.ts';

const PROTO = `syntax = "proto3";
package t;
message M { string text = 1; int32 n = 2; }
service S {
  rpc Echo(stream M) returns (stream M);
  rpc Many(M) returns (stream M);
  rpc Sum(stream M) returns (M);
  rpc Fail(stream M) returns (stream M);
  rpc Broken(stream M) returns (stream M);
  rpc Told(stream M) returns (stream M);
}`;

type Call = ServerDuplexStream<Buffer, Buffer>;

/** \`n\` as the second field. */
const numbered = (n: number): Buffer => Buffer.from([16, n]);
const handlers: Readonly<Record<string, (call: Call) => void>> = {
  Echo: (call) => {
    call.on('data', (message: Buffer) => call.write(message));
    call.on('end', () => call.end());
  },
  Many: (call) => {
    call.on('data', (message: Buffer) => {
      for (let n = 1; n <= message[1]!; n++) call.write(numbered(n));
    });
    call.on('end', () => call.end());
  },
  Sum: (call) => {
    let sum = 0;
    call.on('data', (message: Buffer) => (sum += message[1] ?? 0));
    call.on('end', () => {
      call.write(numbered(sum));
      call.end();
    });
  },
  Fail: (call) => {
    call.on('data', () => {
      call.write(numbered(1));
      call.emit('error', { code: 9, details: 'not now' });
    });
  },
  Broken: (call) => {
    call.on('data', () => call.write(Buffer.from([0x0a, 5, 1])));
    call.on('end', () => call.end());
  },
  /** Says what metadata it has got. */
  Told: (call) => {
    const text = Buffer.from(String(call.metadata.get('x-key')[0] ?? 'none'));
    call.write(Buffer.concat([Buffer.from([10, text.length]), text]));
    call.on('data', () => {});
    call.on('end', () => call.end(new Metadata()));
  },
};

let server: Server;
let address = '';
let folder = '';
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'grpc-streams-'));
  writeFileSync(path.join(folder, 't.proto'), PROTO);
  server = new Server();
  const same = (bytes: Buffer): Buffer => bytes;
  const definitions = Object.keys(handlers).map((name) => [
    name,
    {
      path: `/t.S/${name}`,
      requestStream: true,
      responseStream: true,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  ]);
  server.addService(Object.fromEntries(definitions) as never, handlers as never);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  address = `127.0.0.1:${port}`;
});
after(() => {
  server.forceShutdown();
  rmSync(folder, { recursive: true });
});

/** @param body with a `client` that is connected, and `open(method, params)`, which logs what a stream says; `log` comes back */
async function run(body: string) {
  const bench = await createScriptBench(
    `import grpc from 'k6/net/grpc';
     const client = new grpc.Client();
     client.load([], 't.proto');
     const log = [];
     const open = (method, params) => {
       const stream = new grpc.Stream(client, 't.S/' + method, params);
       stream.on('data', (m) => log.push('data ' + (m.text || m.n)));
       stream.on('error', (e) => log.push('error ' + e.code + ' ' + e.message));
       stream.on('end', () => log.push('end'));
       return stream;
     };
     export default function () { client.connect('${address}', { plaintext: true }); ${body} }
     export const said = () => { client.close(); return log; };`,
    {},
    `${folder}/`,
  );
  const failure = await bench.run().then(
    () => null,
    (error: Error) => error.message,
  );
  const log = (await bench.run('said')) as string[];
  const count = (metric: string): number => bench.samples.filter((sample) => sample.metric === metric).length;
  return { log, failure, logs: bench.logs, samples: bench.samples, count };
}

test('what is written comes back in its order, and the end comes last, once the script has no more to say', async () => {
  const { log, count, samples } = await run(
    `const stream = open('Echo'); for (const n of [1, 2, 3]) stream.write({ n }); stream.write({ text: 'ü' }); stream.end();`,
  );
  assert.deepEqual(log, ['data 1', 'data 2', 'data 3', 'data ü', 'end']);
  assert.deepEqual(
    [
      count('grpc_streams'),
      count('grpc_streams_msgs_sent'),
      count('grpc_streams_msgs_received'),
      count('grpc_req_duration'),
    ],
    [1, 4, 4, 1],
  );
  const { tags } = samples.find(({ metric }) => metric === 'grpc_streams_msgs_sent')!;
  assert.deepEqual([tags['method'], tags['service'], tags['name']], ['Echo', 't.S', '/t.S/Echo']);
});

test('a method that takes one message has been told everything by it', async () => {
  const { log, count } = await run(`const stream = open('Many'); stream.write({ n: 3 }); stream.write({ n: 9 });`);
  assert.deepEqual(log, ['data 1', 'data 2', 'data 3', 'end']);
  assert.equal(count('grpc_streams_msgs_sent'), 1, 'what came later was not sent');
});

test('a method that answers once answers when the script has ended', async () => {
  const { log } = await run(
    `const stream = open('Sum'); for (const n of [1, 2, 3]) stream.write({ n }); stream.end();`,
  );
  assert.deepEqual(log, ['data 6', 'end']);
});

test('after its end a stream takes nothing, and to end it twice is no mistake', async () => {
  const { log, failure, count } = await run(
    `const stream = open('Echo'); stream.write({ n: 1 }); stream.end(); stream.end(); stream.write({ n: 2 });`,
  );
  assert.deepEqual([log, failure, count('grpc_streams_msgs_sent')], [['data 1', 'end'], null, 1]);
});

test('a status that is no OK is told as an error before the end, with what came before it', async () => {
  const { log, failure, samples } = await run(`const stream = open('Fail'); stream.write({ n: 1 });`);
  assert.deepEqual([log, failure], [['data 1', 'error 9 not now', 'end'], null]);
  const { tags } = samples.find(({ metric }) => metric === 'grpc_req_duration')!;
  assert.equal(tags['status'], '9');
});

test('an error that nobody hears is a warning of the log, and fails no iteration', async () => {
  const { log, failure, logs } = await run(
    `const stream = new grpc.Stream(client, 't.S/Fail'); stream.on('end', () => log.push('end')); stream.write({ n: 1 });`,
  );
  assert.deepEqual([log, failure], [['end'], null]);
  assert.deepEqual(logs, ['warning: a gRPC stream ended with an error and has no handler for it: not now']);
});

test('every handler of an event is called, in the order in which they were added, with what it is of', async () => {
  const { log } = await run(
    `const stream = open('Echo');
     stream.on('data', (m, meta) => log.push('second ' + m.n + ' ' + (typeof meta.ts)));
     stream.write({ n: 1 }); stream.end();`,
  );
  assert.deepEqual(log, ['data 1', 'second 1 number', 'end']);
});

test('a handler that throws fails the iteration, and the stream ends as cancelled', async () => {
  const { log, logs } = await run(
    `const stream = open('Echo'); stream.on('data', () => { throw new Error('of the handler'); });
     stream.write({ n: 1 });`,
  );
  assert.deepEqual(log, ['data 1', 'error 1 canceled by client (k6)', 'end']);
  assert.ok(
    logs.some((line) => /^unhandled: .*of the handler/.test(line)),
    logs.join('\n'),
  );
});

test('a message that does not fit its type ends the stream, which says why', async () => {
  const { log, failure } = await run(
    `const stream = open('Echo'); stream.write({ n: 'many' }); stream.write({ n: 1 });`,
  );
  assert.equal(failure, null);
  assert.equal(log.length, 2);
  assert.match(log[0]!, /^error 2 can't serialise request object to protocol buffer: /);
  assert.equal(log[1], 'end');
});

test('a message of the server that cannot be read is its failure, and the end of it', async () => {
  const { log } = await run(`const stream = open('Broken'); stream.write({ n: 1 });`);
  assert.match(log[0]!, /^error 13 grpc: failed to unmarshal the received message: /);
  assert.equal(log[1], 'end');
});

test('a stream ends when its time is over, with the status of that', async () => {
  const { log } = await run(`open('Echo', { timeout: 50 }).write({ n: 1 });`);
  assert.deepEqual(log.at(-1), 'end');
  assert.match(log.at(-2)!, /^error 4 /);
});

test('what a script does not want to see is measured all the same', async () => {
  const { log, count } = await run(
    `const stream = open('Many', { discardResponseMessage: true }); stream.write({ n: 2 });`,
  );
  assert.deepEqual(log, ['data undefined', 'data undefined', 'end']);
  assert.equal(count('grpc_streams_msgs_received'), 2);
});

test('metadata and tags are those of this stream alone', async () => {
  const { log, samples } = await run(
    `const one = open('Told', { metadata: { 'x-key': 'mine' }, tags: { kind: 'first' } }); one.end();
     one.on('end', () => open('Told').end());`,
  );
  assert.deepEqual(log, ['data mine', 'end', 'data none', 'end']);
  const kinds = samples.filter(({ metric }) => metric === 'grpc_streams').map(({ tags }) => tags['kind']);
  assert.deepEqual(kinds, ['first', undefined]);
});

test('what no stream can be is thrown where it is made', async () => {
  const { log } = await run(
    `const said = (f) => { try { f(); log.push('fine'); } catch (e) { log.push(e.message); } };
     said(() => new grpc.Stream(client, 't.S/None'));
     said(() => new grpc.Stream(client, ''));
     said(() => new grpc.Stream({}, 't.S/Echo'));
     said(() => new grpc.Stream(client, 't.S/Echo', { deadline: 5 }));
     said(() => new grpc.Stream(new grpc.Client(), 't.S/Echo'));
     const stream = open('Echo');
     said(() => stream.on('data', 'text'));
     stream.end();`,
  );
  const thrown = log.filter((line) => line !== 'end');
  assert.equal(thrown.length, 6);
  assert.ok(!thrown.includes('fine'), thrown.join('\n'));
  assert.match(thrown[0]!, /method "\/t\.S\/None" not found in file descriptors/);
  assert.match(thrown[1]!, /method to invoke cannot be empty/);
  assert.match(thrown[3]!, /unknown param: "deadline"/);
});

test('streams of one connection do not wait for each other', async () => {
  const { log } = await run(
    `const slow = open('Echo');
     const quick = new grpc.Stream(client, 't.S/Echo');
     quick.on('data', (m) => log.push('quick ' + m.n));
     quick.on('end', () => { log.push('quick end'); slow.write({ n: 1 }); slow.end(); });
     quick.write({ n: 2 }); quick.end();`,
  );
  assert.deepEqual(log, ['quick 2', 'quick end', 'data 1', 'end']);
});

test('an event that there is not is warned of, and so is a message that is none; nothing is sent', async () => {
  const { log, logs, count } = await run(
    `const stream = open('Echo'); stream.on('message', () => {}); stream.write(null); stream.write(undefined); stream.end();`,
  );
  assert.deepEqual([log, count('grpc_streams_msgs_sent')], [['end'], 0]);
  assert.deepEqual(logs, [
    'warning: Unknown event "message": a stream has data, error and end',
    'warning: can not write a message that is null or undefined to a gRPC stream',
    'warning: can not write a message that is null or undefined to a gRPC stream',
  ]);
});
