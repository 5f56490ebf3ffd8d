// The module in a real realm against a real server, with compiled scripts.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { registerBuiltIns } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import type { SeriesDescription } from '../../metrics/sample-batch.ts';
import { SampleWriter } from '../../metrics/sample-writer.ts';
import { INIT_OPTIONS, type Options } from '../../options/options.ts';
import { instantiate } from '../../script/instantiate.ts';
import { loadProgram } from '../../script/load/load-program.ts';
import { createRealm } from '../../script/realm.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { Network } from '../../vu/network.ts';
import { NO_PROGRAMS } from '../../vu/programs.ts';
import { VirtualUser } from '../../vu/virtual-user.ts';
import { grpcModule } from './index.ts';

const PROTO = `syntax = "proto3";
package t;
message M { string text = 1; M child = 2; int64 big = 3; }
service S { rpc Echo(M) returns (M); rpc Fail(M) returns (M); rpc Detailed(M) returns (M); rpc Broken(M) returns (M); rpc Halfway(M) returns (M); rpc Standard(M) returns (M); }`;

const same = (bytes: Buffer): Buffer => bytes;
const unary = (name: string): object => ({
  path: `/t.S/${name}`,
  requestStream: false,
  responseStream: name === 'Halfway',
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

/** google.rpc.Status with details of the types that Google's APIs define, as protobufjs writes them. */
function standardDetails(): Buffer {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message Any { string type_url = 1; bytes value = 2; }
    message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
    message RetryInfo { Duration retry_delay = 1; }
    message Duration { int64 seconds = 1; int32 nanos = 2; }
    message BadRequest { message Violation { string field = 1; string description = 2; } repeated Violation field_violations = 1; }
    message Help { message Link { string description = 1; string url = 2; } repeated Link links = 1; }`);
  const write = (type: string, value: object): Uint8Array => {
    const found = root.lookupType(type);
    return found.encode(found.fromObject(value)).finish();
  };
  const details = Object.entries({
    ErrorInfo: { reason: 'QUOTA', domain: 'x.y', metadata: { k: 'v' } },
    RetryInfo: { retryDelay: { seconds: 1, nanos: 500_000_000 } },
    BadRequest: { fieldViolations: [{ field: 'name', description: 'is empty' }] },
    Help: { links: [{ description: 'read', url: 'https://x.y' }] },
  }).map(([type, value]) => ({ typeUrl: `type.googleapis.com/google.rpc.${type}`, value: write(type, value) }));
  return Buffer.from(write('Status', { code: 8, message: 'out of quota', details }));
}

type Call = ServerUnaryCall<Buffer, Buffer>;
type Reply = sendUnaryData<Buffer>;

let server: Server;
let address = '';
let folder = '';

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'grpc-module-'));
  writeFileSync(path.join(folder, 't.proto'), PROTO);
  server = new Server();
  const definitions = Object.fromEntries(
    ['Echo', 'Fail', 'Detailed', 'Broken', 'Halfway', 'Standard'].map((name) => [name, unary(name)]),
  );
  server.addService(definitions as never, {
    Echo: (call: Call, reply: Reply) => reply(null, call.request),
    Fail: (_: Call, reply: Reply) => reply({ code: 5, details: 'gone' }),
    Detailed: (_: Call, reply: Reply) => {
      const metadata = new Metadata();
      // google.rpc.Status {code: 9, message: 'rich', details: [t.M {text: 'x'}, an unknown type]}
      const known = Buffer.from('\x0a\x05a/t.M\x12\x03\x0a\x01x');
      const unknown = Buffer.from('\x0a\x05a/t.X\x12\x01\x00');
      const details = [known, unknown].map((any) => Buffer.concat([Buffer.from([26, any.length]), any]));
      metadata.set('grpc-status-details-bin', Buffer.concat([Buffer.from('\x08\x09\x12\x04rich'), ...details]));
      reply({ code: 9, details: 'plain', metadata });
    },
    Standard: (_: Call, reply: Reply) => {
      const metadata = new Metadata();
      metadata.set('grpc-status-details-bin', standardDetails());
      reply({ code: 8, details: 'out of quota', metadata });
    },
    Broken: (_: Call, reply: Reply) => reply(null, Buffer.from([0x0a, 0x01, 0xff])),
    // A reply, and then a failure: what no server does that knows the method to reply once.
    Halfway: (call: ServerWritableStream<Buffer, Buffer>) => {
      call.write(call.request);
      call.emit('error', { code: 10, details: 'no' });
    },
  });
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

interface Sample {
  metric: string;
  tags: Record<string, string>;
}

/** Runs a script: `init` in the init context, then `body` as an iteration whose result comes back as JSON. */
async function run(
  body: string,
  init = '',
  httpDebug: Options['httpDebug'] = null,
): Promise<{ value: unknown; samples: Sample[]; logs: string[] }> {
  const logs: string[] = [];
  const realm = createRealm();
  const registry = new MetricRegistry();
  const samples: Sample[] = [];
  const series: SeriesDescription[] = [];
  const writer = new SampleWriter((batch) => {
    series.push(...batch.series);
    for (let index = 0; index < batch.count; index++) {
      const { metric, tags } = series[batch.ids[index]!]!;
      const pairs = Object.fromEntries(
        Array.from({ length: tags.length / 2 }, (_, at) => [tags[at * 2], tags[at * 2 + 1]]),
      );
      samples.push({ metric: metric.name, tags: pairs });
    }
  });
  const environment: VuEnvironment = {
    tracer: null,
    realm,
    options: { ...INIT_OPTIONS, httpDebug },
    registry,
    metrics: registerBuiltIns(registry),
    failedIterations: null,
    samples: writer,
    network: new Network(INIT_OPTIONS),
    logger: { log: (_, message) => void logs.push(message) },
    test: { abort() {}, markFailed() {} },
    counts: { iterationsCompleted: 0, iterationsInterrupted: 0, vusActive: 1, vusInitialised: 1, testRunDurationMs: 0 },
    programs: NO_PROGRAMS,
    secrets: { get: () => Promise.reject(new Error('no secrets here')) },
    env: {},
    script: { file: null, folder },
    now: () => Date.now(),
    timeOrigin: 0,
  };
  const vu = new VirtualUser(environment, { idInInstance: 1, idInTest: 1 });
  const exports = grpcModule.create(environment)(vu);
  const source = `import grpc from 'k6/net/grpc';
    const client = new grpc.Client();
    client.load(null, 't.proto');
    ${init}
    export default function () {
      const attempt = (call) => { try { return call(); } catch (error) { return error.message; } };
      client.connect(address, { plaintext: true });
      ${body}
    }`;
  const program = await loadProgram({ path: null, source, cwd: '/' });
  const { exports: script } = await instantiate(realm, program, vu, {
    globals: { address },
    import: () => ({ default: exports.named }),
  });
  vu.phase = 'iteration';
  const { value } = await vu.loop.run(script['default'], undefined, []);
  writer.flush();
  vu.dispose();
  const text = realm.stringify(await value);
  return { value: text === undefined ? undefined : JSON.parse(text), samples, logs };
}

test('a call gives message, status, headers and trailers, and is measured', async () => {
  const { value, samples } = await run(`
    const { message, status, error, headers } = client.invoke('t.S/Echo', { text: 'a', big: 7 }, { tags: { kind: 'k' } });
    return { message, status, error, type: headers['content-type'] };`);
  const message = { text: 'a', child: null, big: '7' };
  assert.deepEqual(value, { message, status: 0, error: null, type: ['application/grpc+proto'] });
  const duration = samples.find(({ metric }) => metric === 'grpc_req_duration');
  assert.deepEqual(duration?.tags, {
    kind: 'k',
    url: `${address}/t.S/Echo`,
    name: '/t.S/Echo',
    service: 't.S',
    method: 'Echo',
    status: '0',
  });
});

test('a status that the server sent is in the response and gives its code to the samples', async () => {
  const { value, samples } = await run(
    `const { status, error, message } = client.invoke('t.S/Fail', {}); return { status, error, message };`,
  );
  const message = { text: '', child: null, big: '0' };
  assert.deepEqual(value, { status: 5, error: { code: 5, message: 'gone', details: [] }, message });
  assert.equal(samples.find(({ metric }) => metric === 'grpc_req_duration')?.tags['error_code'], '1805');
});

test('rich details are decoded, and those of an unknown type are kept as bytes', async () => {
  const { value } = await run(`return client.invoke('t.S/Detailed', {}).error;`);
  assert.deepEqual(value, {
    code: 9,
    message: 'rich',
    details: [
      { '@type': 'a/t.M', text: 'x', child: null, big: '0' },
      { '@type': 'a/t.X', value: 'AA==' },
    ],
  });
});

test('the standard details are decoded although the script did not load them', async () => {
  const { value } = await run(`return client.invoke('t.S/Standard', {}).error.details;`);
  const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
  assert.deepEqual(value, [
    { '@type': type('ErrorInfo'), reason: 'QUOTA', domain: 'x.y', metadata: { k: 'v' } },
    { '@type': type('RetryInfo'), retryDelay: '1.500s' },
    {
      '@type': type('BadRequest'),
      fieldViolations: [{ field: 'name', description: 'is empty', reason: '', localizedMessage: null }],
    },
    { '@type': type('Help'), links: [{ description: 'read', url: 'https://x.y' }] },
  ]);
});

test('a reply that cannot be read ends the call with INTERNAL', async () => {
  const { value, samples } = await run(
    `const { status, error } = client.invoke('t.S/Broken', {}); return { status, message: error.message };`,
  );
  assert.deepEqual(value, {
    status: 13,
    message: 'grpc: failed to unmarshal the received message: proto: field t.M.text contains invalid UTF-8',
  });
  assert.equal(samples.find(({ metric }) => metric === 'grpc_req_duration')?.tags['error_code'], '1701');
});

test('what cannot be called throws in k6’s words, and is not measured', async () => {
  const { value, samples } = await run(`
    const closed = new grpc.Client();
    return [
      attempt(() => closed.invoke('t.S/Echo', {})),
      attempt(() => client.invoke('', {})),
      attempt(() => client.invoke('t.S/No', {})),
      attempt(() => client.invoke('t.S/Echo')),
      attempt(() => client.invoke('t.S/Echo', { big: 'x' })),
      attempt(() => client.invoke('t.S/Echo', {}, { headers: {} })),
      attempt(() => client.connect(address, { retries: 3 })),
    ];`);
  assert.deepEqual(value, [
    'no gRPC connection, you must call connect first',
    'method to invoke cannot be empty',
    'method "/t.S/No" not found in file descriptors; did you mean "/t.S/Echo"?',
    'request cannot be nil',
    'unable to serialise request object to protocol buffer: proto: (line 1:8): invalid value for int64 field big: "x"',
    'invalid GRPC\'s client.invoke() parameters: unknown param: "headers"',
    'invalid grpc.connect() parameters: unknown connect param: "retries"',
  ]);
  assert.deepEqual(
    samples.map(({ metric }) => metric),
    ['grpc_connecting'],
  );
});

test('connecting is measured, with what the virtual user is tagged with', async () => {
  const { samples } = await run(`client.connect(address, { plaintext: true });`);
  assert.deepEqual(samples, [
    { metric: 'grpc_connecting', tags: {} },
    { metric: 'grpc_connecting', tags: {} },
  ]);
});

test('a stream on a method that replies once tells of the reply when the call has ended well, and only then', async () => {
  const { value } = await run(`
    const events = [];
    const open = (method) => {
      const stream = new grpc.Stream(client, method);
      for (const event of ['data', 'error', 'end']) stream.on(event, (it) => events.push([event, it.text ?? it.code ?? null]));
      stream.write({ text: 'a' });
      return new Promise((resolve) => stream.on('end', resolve));
    };
    return open('t.S/Echo').then(() => open('t.S/Halfway')).then(() => events);`);
  assert.deepEqual(value, [
    ['data', 'a'],
    ['end', null],
    ['error', 10],
    ['end', null],
  ]);
});

test('what does not fit a stream’s schema is an error of the stream', async () => {
  const { value } = await run(`
    const stream = new grpc.Stream(client, 't.S/Echo');
    const errors = [];
    stream.on('error', ({ code, message }) => errors.push([code, message]));
    const over = new Promise((resolve) => stream.on('end', resolve));
    stream.write({ nope: 1 });
    return over.then(() => errors);`);
  assert.deepEqual(value, [
    [2, `can't serialise request object to protocol buffer: proto: (line 1:2): unknown field "nope"`],
  ]);
});

test('httpDebug logs calls, and their messages with full', async () => {
  const body = `client.invoke('t.S/Echo', { text: 'a' }, { metadata: { 'x-one': '1' } });`;
  const { logs } = await run(body, '', 'full');
  assert.equal(logs[0], 'Request:\n/t.S/Echo\nx-one: 1\n\n{"text":"a"}\n');
  assert.match(
    logs[1]!,
    /^Response:\nstatus 0\ncontent-type: .*Trailers:\n.*\n\{"text":"a","child":null,"big":"0"\}\n$/s,
  );
  assert.doesNotMatch((await run(body, '', 'headers')).logs.join(''), /text/);
  assert.deepEqual((await run(body)).logs, []);
});

test('what scripts get is of their realm', async () => {
  const { value } = await run(`
    const res = client.invoke('t.S/Echo', { child: {} });
    return [res, res.message, res.message.child, res.headers, res.headers['content-type']].map((it) => it instanceof Object);`);
  assert.deepEqual(value, [true, true, true, true, true]);
});
