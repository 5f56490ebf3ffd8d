// Traces: every request carries the context of its span, and every span gets to a receiver on the official .proto files, also over a restart.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { WebSocketServer } from 'ws';
import { Command, runCommand, Scratch } from '../command.ts';
import { until } from '../until.ts';
import { type OtlpAttribute, OtlpReceiver } from './otlp-receiver.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly status?: { readonly code?: string; readonly message?: string };
}

interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** A line of the JSON output. */
interface Point {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly tags: { readonly url?: string }; readonly metadata?: { readonly trace_id?: string } };
}

const scratch = new Scratch();
/** Contexts as they arrived. */
const contexts: string[] = [];
let isOpen = true;
const web = http.createServer((request, response) => {
  const { traceparent, 'uber-trace-id': jaeger } = request.headers;
  contexts.push(String(traceparent ?? jaeger));
  if (request.url === '/bad') response.statusCode = 503;
  if (request.url === '/old') response.writeHead(302, { location: '/new' });
  response.end(isOpen ? 'open' : 'closed');
});
const calls = new Server();
let webPort = 0;
let callPort = 0;

before(async () => {
  const plain = (bytes: Buffer) => bytes;
  const codec = {
    requestSerialize: plain,
    requestDeserialize: plain,
    responseSerialize: plain,
    responseDeserialize: plain,
  };
  const service = {
    Echo: { path: '/t.S/Echo', requestStream: false, responseStream: false, ...codec },
    Talk: { path: '/t.S/Talk', requestStream: true, responseStream: true, ...codec },
  };
  calls.addService(service, {
    Echo: (call: { request: Buffer; metadata: { get(name: string): unknown[] } }, reply: CallableFunction) => {
      contexts.push(String(call.metadata.get('traceparent')[0]));
      reply(call.request.length > 0 ? { code: 5, details: 'no such thing' } : null, call.request);
    },
    Talk: (call: { metadata: { get(name: string): unknown[] }; on: CallableFunction; end(): void }) => {
      contexts.push(String(call.metadata.get('traceparent')[0]));
      call.on('data', () => {});
      call.on('end', () => call.end());
    },
  });
  callPort = await new Promise((resolve, reject) =>
    calls.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webPort = (web.address() as AddressInfo).port;
  scratch.write(
    't.proto',
    'syntax = "proto3"; package t; message M { string text = 1; } service S { rpc Echo(M) returns (M); rpc Talk(stream M) returns (stream M); }',
  );
});

after(() => {
  calls.forceShutdown();
  web.close();
  web.closeAllConnections();
  scratch.remove();
});

const spansOf = (receiver: OtlpReceiver): Span[] =>
  (receiver.requests as unknown as TracesRequest[]).flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
const hex = (bytes: string): string => Buffer.from(bytes, 'base64').toString('hex');
const attributesOf = ({ attributes = [] }: Span): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

test('each request and call is a span under its iteration, at the receiver exactly once, also over a restart', async () => {
  isOpen = true;
  contexts.length = 0;
  const script = scratch.write(
    'traced.js',
    `import http from 'k6/http';
    import grpc from 'k6/net/grpc';
    import { check, sleep } from 'k6';
    export const options = { vus: 2, iterations: 1e6 };
    const base = 'http://user:word@127.0.0.1:${webPort}';
    const client = new grpc.Client();
    client.load([], 't.proto');
    let isConnected = false;
    export function setup() { http.get(base + '/setup'); }
    export default function () {
      if (!isConnected) client.connect('127.0.0.1:${callPort}', { plaintext: true });
      isConnected = true;
      const first = http.get(base + '/menu?a=1', { tags: { name: 'menu' } });
      check(first, { ok: (r) => r.status === 200 });
      http.get(base + '/bad');
      http.get(base + '/old');
      http.get(base + '/own', { headers: { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' } });
      client.invoke('t.S/Echo', {});
      client.invoke('t.S/Echo', { text: 'x' });
      const stream = new grpc.Stream(client, 't.S/Talk');
      stream.write({ text: 'x' });
      stream.end();
      if (first.body === 'closed') { sleep(0.3); throw new Error('closed'); }
      sleep(0.02);
    }`,
  );
  const receiver = new OtlpReceiver('traces', 'grpc');
  await receiver.start();
  const words = ['run', '--workers', '2', '--traces-output', `otel=http://${receiver.address}`];
  const outputs = ['--out', 'json=samples.json', '--summary-export', 'summary.json'];
  const command = new Command([...words, ...outputs, script], { cwd: scratch.folder });
  try {
    await until(() => spansOf(receiver).length > 20, 'spans arrive');
    await receiver.stop();
    await command.printed(/traces .*; the test goes on/);
    await receiver.start();
    await command.printed(/traces .* works again/);
    isOpen = false;
    command.child.kill('SIGINT');
    const { stderr, stdout } = await command.ended;
    assert.doesNotMatch(`${stdout}${stderr}`, /did not get there|is lost/);
    assert.match(stdout, /output: .*traces \(grpc, 127\.0\.0\.1:\d+, insecure\)/s);
  } finally {
    command.child.kill('SIGKILL');
    await receiver.stop();
  }
  const spans = spansOf(receiver);
  const { metrics } = JSON.parse(readFileSync(`${scratch.folder}/summary.json`, 'utf8'));
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  const clients = spans.filter(({ parentSpanId }) => parentSpanId !== undefined);
  const points = readFileSync(`${scratch.folder}/samples.json`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Point)
    .filter(({ type }) => type === 'Point');
  // By what was measured: what the end cut off has arrived, and counts nowhere.
  const own = points.filter(({ metric, data }) => metric === 'http_reqs' && data.tags.url?.endsWith('/own')).length;
  // Whose context is the script's own has no span of ours.
  assert.equal(clients.length, metrics.http_reqs.count + metrics.grpc_reqs.count - own);
  assert.ok(roots.length >= metrics.iterations.count + 1, 'a trace for each iteration and setup');
  const byId = new Map(roots.map((span) => [span.spanId, span]));
  const carried = new Set(contexts);
  for (const span of clients) {
    const parent = byId.get(span.parentSpanId!);
    assert.equal(parent?.traceId, span.traceId);
    assert.ok(carried.has(`00-${hex(span.traceId)}-${hex(span.spanId)}-01`), 'what arrived is the span');
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
    assert.ok(BigInt(span.startTimeUnixNano) >= BigInt(parent!.startTimeUnixNano));
    assert.equal(span.kind, 'SPAN_KIND_CLIENT');
  }
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);

  const menu = clients.find(({ name }) => name === 'GET menu')!;
  const shown = attributesOf(menu);
  assert.equal(shown['url.full'], `http://****:****@127.0.0.1:${webPort}/menu?a=1`);
  assert.deepEqual(
    [shown['http.response.status_code'], shown['http.request.method'], menu.status],
    ['200', 'GET', undefined],
  );
  const bad = clients.find((span) => attributesOf(span)['http.response.status_code'] === '503')!;
  assert.deepEqual([bad.name, attributesOf(bad)['error_code'], bad.status?.code], ['GET', '1503', 'STATUS_CODE_ERROR']);
  const missing = clients.find((span) => attributesOf(span)['rpc.grpc.status_code'] === '5')!;
  assert.deepEqual(
    [missing.name, attributesOf(missing)['rpc.service'], attributesOf(missing)['rpc.method'], missing.status?.message],
    ['t.S/Echo', 't.S', 'Echo', 'no such thing'],
  );
  const streams = clients.filter(({ name }) => name === 't.S/Talk');
  assert.ok(streams.length > 0);
  assert.ok(clients.some((span) => attributesOf(span)['http.request.resend_count'] === '1'));
  assert.ok(roots.some(({ name }) => name === 'setup'));

  // The samples say which trace they belong to.
  const ids = new Set(roots.map(({ traceId }) => hex(traceId)));
  const traced = points.filter(({ metric }) => ['http_req_duration', 'grpc_reqs', 'checks'].includes(metric));
  assert.ok(traced.length > 0);
  for (const { data, metric } of traced) assert.ok(ids.has(data.metadata?.trace_id ?? ''), metric);
});

test('handshakes of WebSockets and requests of event streams carry a context too, and are spans until they are answered', async () => {
  const asked = new Map<string, string>();
  const server = http.createServer((request, response) => {
    asked.set(request.url!, String(request.headers['traceparent']));
    if (request.url === '/refused') response.writeHead(403).end();
    else if (request.url === '/moved') response.writeHead(307, { location: '/events' }).end();
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: one\n\n');
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    asked.set(request.url!, String(request.headers['traceparent']));
    if (request.url === '/closed') socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    else sockets.handleUpgrade(request, socket, head, (one) => one.close(1000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const own = '00-11111111111111111111111111111111-2222222222222222-01';
  const script = scratch.write(
    'lasting.js',
    `import { WebSocket } from 'k6/websockets';
    import ws from 'k6/ws';
    import sse from 'k6/x/sse';
    const at = '127.0.0.1:${port}';
    export default async function () {
      const ended = (path, params) => new Promise((resolve) => {
        const socket = new WebSocket('ws://' + at + path, null, params);
        socket.onerror = socket.onclose = () => resolve();
      });
      await ended('/socket');
      await ended('/closed');
      await ended('/own', { headers: { Traceparent: '${own}' } });
      ws.connect('ws://' + at + '/legacy', {}, (socket) => socket.on('close', () => {}));
      for (const path of ['/moved', '/refused'])
        sse.open('http://' + at + path, {}, (client) => client.on('event', () => client.close()));
    }`,
  );
  const receiver = new OtlpReceiver('traces', 'grpc');
  await receiver.start();
  try {
    const words = ['run', '--traces-output', `otel=http://${receiver.address}`, script];
    const { exit, stderr } = await runCommand(words, { cwd: scratch.folder });
    assert.equal(exit, 0, stderr);
  } finally {
    await receiver.stop();
    sockets.close();
    server.close();
    server.closeAllConnections();
  }
  const spans = spansOf(receiver);
  const [root] = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  const requests = spans.filter(({ parentSpanId }) => parentSpanId === root!.spanId);
  const shown = requests.map((span) => {
    const { 'url.full': url, 'http.response.status_code': status, error_code: code } = attributesOf(span);
    const path = new URL(String(url)).pathname;
    assert.equal(asked.get(path), `00-${hex(span.traceId)}-${hex(span.spanId)}-01`, path);
    return [path, status, code, span.status?.code];
  });
  assert.deepEqual(shown.sort(), [
    ['/closed', '503', '1901', 'STATUS_CODE_ERROR'],
    ['/events', '200', undefined, undefined],
    ['/legacy', '101', undefined, undefined],
    ['/moved', '307', undefined, undefined],
    ['/refused', '403', '1403', 'STATUS_CODE_ERROR'],
    ['/socket', '101', undefined, undefined],
  ]);
  assert.equal(asked.get('/own'), own);
  assert.equal(spans.length, requests.length + 1);
});

test('over HTTP, with a header and a share of the traces: what is not kept says so, and the header is shown nowhere', async () => {
  isOpen = true;
  contexts.length = 0;
  const script = scratch.write(
    'share.js',
    `import http from 'k6/http';
    export const options = { vus: 1, iterations: 200, tracing: { propagator: 'jaeger', sampling: 0.5 } };
    export default () => void http.get('http://127.0.0.1:${webPort}/');`,
  );
  const receiver = new OtlpReceiver('traces', 'http');
  await receiver.start();
  try {
    const target = `otel=http://${receiver.address},proto=http,header.X-Key=hush-hush`;
    const { exit, stdout, stderr } = await runCommand(['run', '--traces-output', target, script], {
      cwd: scratch.folder,
    });
    assert.equal(exit, 0, stderr);
    assert.doesNotMatch(`${stdout}${stderr}`, /hush/);
    assert.match(stdout, /traces \(http:\/\/127\.0\.0\.1:\d+\/v1\/traces\)/);
  } finally {
    await receiver.stop();
  }
  assert.deepEqual([receiver.headers['x-key'], receiver.headers[':path']], ['hush-hush', '/v1/traces']);
  const kept = contexts.filter((text) => /^[0-9a-f]{32}:[0-9a-f]{16}:0:1$/.test(text));
  const dropped = contexts.filter((text) => /^[0-9a-f]{32}:[0-9a-f]{16}:0:0$/.test(text));
  assert.equal(kept.length + dropped.length, 200);
  // 200 throws of a coin: outside of this once in 10¹⁴ times.
  assert.ok(kept.length > 40 && kept.length < 160, `${kept.length} of 200`);
  assert.equal(spansOf(receiver).length, 2 * kept.length);
});

test('the context alone, without a receiver; what cannot be meant ends with 104 before any load', async () => {
  contexts.length = 0;
  const script = scratch.write(
    'plain.js',
    `import http from 'k6/http';
    export const options = { iterations: 2 };
    export default () => void http.get('http://127.0.0.1:${webPort}/');`,
  );
  const run = (...words: string[]) => runCommand(['run', ...words, script], { cwd: scratch.folder });
  assert.equal((await run('--tracing', 'sampling=1')).exit, 0);
  assert.equal(contexts.filter((text) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(text)).length, 2);
  contexts.length = 0;
  assert.equal((await run()).exit, 0);
  assert.deepEqual(contexts, ['undefined', 'undefined']);
  for (const [target, problem] of [
    ['zipkin', /--traces-output .+zipkin.+: use none, or otel/],
    ['otel=ftp://x', /it is no address of http:\/\/ or https:\/\//],
    ['otel,proto=udp', /proto is grpc or http, not .+udp/],
    ['otel,secret=x', /takes proto=grpc, proto=http and header\.NAME=VALUE/],
  ] as const) {
    const { exit, stderr } = await run('--traces-output', target);
    assert.equal(exit, 104, target);
    assert.match(stderr, problem);
  }
  const { exit, stderr } = await run('--tracing', 'sampling=2');
  assert.notEqual(exit, 0);
  assert.match(stderr, /sampling must be a share from 0 to 1/);
  assert.equal(contexts.length, 2);
});
