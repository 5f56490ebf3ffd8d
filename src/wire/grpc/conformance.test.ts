import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GRPC_STATUSES } from '../../codes/index.ts';
import { DATA, END_HEADERS, END_STREAM, HEADERS } from '../http2/protocol.ts';
import { block, frame, Peer, settings } from '../http2/scripted-server.fixture.ts';
import { Dialer } from '../net/dialer.ts';
import { ProtoDecodeError } from '../protobuf/codec-errors.ts';
import { MessageCodec } from '../protobuf/message-codec.ts';
import { schemaFromSources } from '../protobuf/schema/proto-source.ts';
import type { CallResult } from './call-result.ts';
import { Channel } from './channel.ts';
import { type ConformanceCase, type NamedValues, type RawItem, readCases } from './conformance-cases.fixture.ts';
import type { Metadata } from './metadata.ts';
import { INTERNAL } from './verdict.ts';

const PROTOS = fileURLToPath(new URL('../../../test/vectors/grpc-conformance/', import.meta.url));
const PREFIX = 'connectrpc/conformance/v1/';
/** The suite's own schema: every reply of its service is a payload alone, as UnaryResponse is. */
const schema = schemaFromSources([PROTOS], [`${PREFIX}service.proto`], (file) => {
  const name = path.relative(PROTOS, file);
  return name.startsWith(PREFIX) ? readFileSync(path.join(PROTOS, name.slice(PREFIX.length)), 'utf8') : undefined;
});
interface Reply {
  readonly payload: { readonly data: string } | null;
}
const reply = new MessageCodec(schema.messages.get('connectrpc.conformance.v1.UnaryResponse')!);

/** What the caller of a method sees: octets that are no message fail the call, as in k6-net-grpc's response. */
function read(result: CallResult, messages: Uint8Array[]): { status: number; bodies: unknown[] } {
  const bodies: unknown[] = [];
  for (const bytes of messages)
    try {
      bodies.push((reply.decode(bytes, () => undefined) as Reply).payload?.data ?? '');
    } catch (error) {
      if (error instanceof ProtoDecodeError && result.status === 0) return { status: INTERNAL, bodies };
      throw error;
    }
  return { status: result.status, bodies };
}

let server: Server;
let raw: ConformanceCase['request']['requestMessages'][number]['responseDefinition']['rawResponse'];

function pairs(status: number | null, values: NamedValues[] = []): [string, string][] {
  const fields: [string, string][] = status === null ? [] : [[':status', String(status)]];
  for (const { name, value } of values) for (const each of value) fields.push([name.toLowerCase(), each]);
  return fields;
}

function message({ flags = 0, payload }: RawItem): Buffer {
  let body = Buffer.from(payload?.text ?? '', 'utf8');
  const data = payload?.binary_message?.payload?.data;
  if (data !== undefined) {
    const bytes = Buffer.from(data, 'base64');
    // UnaryResponse.payload.data, both of them field 1.
    body = Buffer.concat([Uint8Array.of(10, bytes.length + 2, 10, bytes.length), bytes]);
  }
  const prefix = Buffer.alloc(5);
  prefix[0] = flags;
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

function answer(socket: Socket): void {
  const peer = new Peer(socket);
  peer.send(settings());
  void (async () => {
    await peer.until(() => peer.frames.some(({ id, flags }) => id === 1 && (flags & END_STREAM) !== 0));
    const { stream, trailers, headers } = raw;
    const items = stream?.items ?? [];
    const head = block(pairs(raw.statusCode ?? raw.status_code ?? 200, headers));
    const bare = items.length === 0 && trailers === undefined;
    const frames = [frame(HEADERS, bare ? END_HEADERS | END_STREAM : END_HEADERS, 1, head)];
    for (const [at, item] of items.entries()) {
      const last = at === items.length - 1 && trailers === undefined;
      frames.push(frame(DATA, last ? END_STREAM : 0, 1, message(item)));
    }
    if (trailers !== undefined) frames.push(frame(HEADERS, END_HEADERS | END_STREAM, 1, block(pairs(null, trailers))));
    peer.send(...frames);
  })();
}

before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

async function call(streamType: string): Promise<{ result: CallResult; messages: Uint8Array[] }> {
  const channel = await Channel.connect({
    dialer: new Dialer(),
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    tls: null,
    timeoutMs: 30_000,
    meter: { sent: 0, received: 0 },
    userAgent: 'sixfold',
  });
  try {
    const path = '/connectrpc.conformance.v1.ConformanceService/Method';
    if (streamType === 'STREAM_TYPE_UNARY') {
      const result = await channel.unary({ path, metadata: [], message: Buffer.alloc(0), timeoutMs: 30_000 });
      return { result, messages: result.message === null ? [] : [result.message] };
    }
    const messages: Uint8Array[] = [];
    const result = await new Promise<CallResult>((resolve) => {
      const stream = channel.stream(
        { path, metadata: [], timeoutMs: 30_000, singleReply: streamType === 'STREAM_TYPE_CLIENT_STREAM' },
        { onMessage: (bytes) => messages.push(bytes), onEnd: resolve },
      );
      stream.write(Buffer.alloc(0));
      stream.end();
    });
    return { result, messages };
  } finally {
    channel.close();
  }
}

function numberOf(code: string | number): number {
  if (typeof code === 'number') return code;
  const name = code.replace(/^CODE_/, '').replace('CANCELED', 'CANCELLED');
  return GRPC_STATUSES.findIndex((status) => status.name === name);
}

/** grpc-go finds a wrong number of replies INTERNAL, where the suite wants UNIMPLEMENTED. */
function allowed({ expectedResponse, otherAllowedErrorCodes = [] }: ConformanceCase): number[] {
  const codes = [expectedResponse.error?.code ?? 0, ...otherAllowedErrorCodes].map(numberOf);
  return codes.includes(12) ? [...codes, 13] : codes;
}

function assertHolds(metadata: Metadata, expected: NamedValues[] = []): void {
  for (const { name, value } of expected) {
    const found = metadata.filter(([key]) => key === name.toLowerCase()).map(([, each]) => each);
    assert.deepEqual(found, value);
  }
}

for (const file of [
  'client_http_to_rpc_code.yaml',
  'client_unexpected.yaml',
  'grpc_client_empty.yaml',
  'grpc_client_proto_subformat.yaml',
  'grpc_client_trailers.yaml',
  'grpc_client_unexpected.yaml',
])
  describe(`connectrpc conformance: ${file}`, () => {
    for (const each of readCases(file))
      it(each.request.testName, async () => {
        raw = each.request.requestMessages[0]!.responseDefinition.rawResponse;
        const { result, messages } = await call(each.request.streamType);
        const { error, payloads, responseHeaders, responseTrailers } = each.expectedResponse;
        const { status, bodies } = read(result, messages);
        assert.ok(allowed(each).includes(status), `${status} ${result.statusMessage}`);
        if (error?.message !== undefined) assert.equal(result.statusMessage, error.message);
        assertHolds(result.headers, responseHeaders);
        assertHolds(result.trailers, responseTrailers);
        if (error === undefined) {
          assert.equal(result.errorCode, 0);
          assert.deepEqual(
            bodies,
            (payloads ?? []).map(({ data }) => data ?? ''),
          );
        }
      });
  });
