import type { Http2ServerRequest, Http2ServerResponse, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { breakTransport, LARGE_HEADER } from './break-transport.ts';
import type { ConnectionTable } from './connection-table.ts';
import { StatusError, type UnaryMethod } from './grpc-service.ts';
import { type Misbehaviour, parseMisbehaviour } from './misbehaviour.ts';
import { STREAM_METHODS, type StreamMethod } from './stream-methods.ts';

const PREFIX_BYTES = 5;
const LARGEST_MESSAGE = 4 * 1024 * 1024;
const TIMEOUT_UNITS_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** What is refused before it has been read is still to be answered. */
const KEPT = { destroyOnReturn: false };

/** Whether a request is gRPC, by its content type. */
export function isGrpc(headers: IncomingHttpHeaders): boolean {
  return /^application\/grpc(?:$|[+;])/.test(headers['content-type'] ?? '');
}

/**
 * Serves one unary call that came over node:http2, or misbehaves as its metadata `x-misbehave` asks to (misbehaviour.ts).
 * Every status leaves as the gRPC specification for HTTP/2 has it: in the trailers, or alone as Trailers-Only.
 */
export async function serveGrpc(
  methods: ReadonlyMap<string, UnaryMethod>,
  connections: ConnectionTable,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const { stream, headers } = request;
  request.on('error', () => {});
  response.on('error', () => {});
  stream.on('error', () => {});
  const deadline = timeoutMs(headers['grpc-timeout']);
  const given = setTimeout(
    () => refuse(stream, response, new StatusError(4, 'the deadline passed in the server')),
    Math.min(deadline, 2 ** 31 - 1),
  );
  stream.once('close', () => clearTimeout(given));
  try {
    const streaming = STREAM_METHODS.get(headers[':path'] ?? '');
    if (streaming) return await serveStream(streaming, stream, response);
    const message = await readMessage(stream, headers);
    const asked = headers['x-misbehave'];
    const misbehaviour = parseMisbehaviour(typeof asked === 'string' ? asked : null);
    if (typeof misbehaviour === 'string') throw new StatusError(3, misbehaviour);
    if (misbehaviour.delay > 0) await wait(misbehaviour.delay, stream);
    if (stream.destroyed || misbehave(misbehaviour, connections, stream, response)) return;
    if (misbehaviour.status) throw new StatusError(misbehaviour.status, `status ${misbehaviour.status}, as you asked`);
    const method = methods.get(headers[':path'] ?? '');
    if (!method) throw new StatusError(12, `unknown method ${headers[':path']}`);
    reply(stream, response, frame(method(message)));
  } catch (error) {
    refuse(stream, response, error instanceof StatusError ? error : new StatusError(13, String(error)));
  }
}

/** Answers every message of a stream as it comes. */
async function serveStream(
  { answer, staysOpen }: StreamMethod,
  stream: ServerHttp2Stream,
  response: Http2ServerResponse,
): Promise<void> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of stream.iterator(KEPT)) {
    waiting = Buffer.concat([waiting, chunk as Buffer]);
    if (waiting.length > LARGEST_MESSAGE) throw new StatusError(8, `message larger than max (${LARGEST_MESSAGE})`);
    while (waiting.length >= PREFIX_BYTES && waiting.length >= PREFIX_BYTES + waiting.readUInt32BE(1)) {
      const end = PREFIX_BYTES + waiting.readUInt32BE(1);
      const message = waiting.subarray(PREFIX_BYTES, end);
      if (waiting[0] !== 0) throw new StatusError(12, 'compressed messages are not read here');
      waiting = waiting.subarray(end);
      const answered = frame(answer(message));
      begin(stream, response);
      stream.write(answered);
    }
  }
  if (stream.destroyed || (staysOpen && stream.headersSent)) return;
  begin(stream, response);
  stream.end();
}

/** Headers of a stream that will end with OK. */
function begin(stream: ServerHttp2Stream, response: Http2ServerResponse): void {
  if (stream.headersSent || stream.destroyed) return;
  response.addTrailers({ 'grpc-status': '0' });
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
}

/** Milliseconds of a grpc-timeout such as `250m`; Infinity without one. */
function timeoutMs(text: string | string[] | undefined): number {
  const match = /^(\d{1,8})([HMSmun])$/.exec(typeof text === 'string' ? text : '');
  return match ? Number(match[1]) * (TIMEOUT_UNITS_MS[match[2]!] ?? 1) : Number.POSITIVE_INFINITY;
}

function wait(ms: number, stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function readMessage(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream.iterator(KEPT)) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_MESSAGE + PREFIX_BYTES)
      throw new StatusError(8, `message larger than max (${size} vs. ${LARGEST_MESSAGE})`);
    chunks.push(chunk as Buffer);
  }
  const whole = Buffer.concat(chunks);
  if (whole.length < PREFIX_BYTES || whole.length !== PREFIX_BYTES + whole.readUInt32BE(1))
    throw new StatusError(13, 'a unary call has exactly one message');
  const message = whole.subarray(PREFIX_BYTES);
  if (whole[0] === 0) return message;
  if (headers['grpc-encoding'] !== 'gzip')
    throw new StatusError(12, `unknown grpc-encoding ${headers['grpc-encoding'] ?? '(none)'}`);
  return gunzipSync(message, { maxOutputLength: LARGEST_MESSAGE });
}

function frame(message: Uint8Array, compressed = false): Buffer {
  const out = Buffer.alloc(PREFIX_BYTES + message.length);
  out[0] = compressed ? 1 : 0;
  out.writeUInt32BE(message.length, 1);
  out.set(message, PREFIX_BYTES);
  return out;
}

/** Headers, one frame and the trailers, which the compatibility layer sends when they are due. */
function reply(
  stream: ServerHttp2Stream,
  response: Http2ServerResponse,
  framed: Uint8Array,
  headers: object = {},
): void {
  if (stream.headersSent || stream.destroyed) return;
  response.addTrailers({ 'grpc-status': '0' });
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: true });
  stream.end(framed);
}

/** Trailers-Only: headers and status in one, unless the headers have been sent. */
function refuse(stream: ServerHttp2Stream, response: Http2ServerResponse, error: StatusError): void {
  if (stream.destroyed) return;
  const status = { 'grpc-status': String(error.status), 'grpc-message': percentEncoded(error.message) };
  if (stream.headersSent) {
    // In the middle of a stream: what comes at its end says so.
    response.addTrailers(status);
    stream.end();
  } else stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
  // A stream that is not read to its end would stay open.
  stream.resume();
}

/** grpc-message: all but printable ASCII percent-encoded, octet by octet. */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((octet) =>
      octet >= 0x20 && octet <= 0x7e && octet !== 0x25
        ? String.fromCharCode(octet)
        : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/** @returns whether that was all there is to do */
function misbehave(
  wanted: Misbehaviour,
  connections: ConnectionTable,
  stream: ServerHttp2Stream,
  response: Http2ServerResponse,
): boolean {
  const peer = stream.session?.socket;
  if (wanted.http !== null) {
    stream.respond({ ':status': wanted.http, 'content-type': 'text/html' });
    stream.end('<html>This is no gRPC</html>');
    return true;
  }
  switch (breakTransport(wanted, connections, peer, stream)) {
    case null:
      return false;
    case 'done':
      return true;
    case 'headers':
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'x-large': 'x'.repeat(LARGE_HEADER) });
      stream.end();
      return true;
    case 'half':
      // A length that is never reached, and no trailers.
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.end(Buffer.from([0, 0, 0, 1, 0, 0x08]));
      return true;
    case 'malformed':
      // A field whose length goes past the end of the message.
      reply(stream, response, frame(Buffer.from([0x0a, 0x7f, 0x00])));
      return true;
    case 'encoding':
      reply(stream, response, frame(Buffer.from('this was never compressed'), true), { 'grpc-encoding': 'gzip' });
      return true;
  }
}
