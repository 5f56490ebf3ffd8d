import http2, { type ServerHttp2Session } from 'node:http2';
import { Duplex } from 'node:stream';
import { BREACHED_ERRORS, type BreachedError } from './port-list.ts';

// An HTTP/2 server that keeps to the rules until it is asked to break one: GET /3 has the client end the connection with error 3.
// Node writes no wrong frames, so these are put between its own.

const HEADERS = 1;
const PING = 6;
const WINDOW_UPDATE = 8;
const END_STREAM_AND_HEADERS = 0x05;
/** More of them in a row than any client puts up with. */
const FLOOD = 20_000;

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What makes a client end a connection, by the error of HTTP/2 that it gives as its reason (RFC 9113, sections 5.4.1 and 7). */
const BREACHES: Readonly<Record<BreachedError, (stream: number) => Buffer>> = {
  // PROTOCOL_ERROR: a PING belongs to the connection.
  1: (stream) => frame(PING, 0, stream, Buffer.alloc(8)),
  // FLOW_CONTROL_ERROR: the window may not become larger than 2³¹ - 1.
  3: () => frame(WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  // FRAME_SIZE_ERROR: a PING has eight octets.
  6: () => frame(PING, 0, 0, Buffer.alloc(7)),
  // COMPRESSION_ERROR: there is no entry 0 in HPACK's table.
  9: (stream) => frame(HEADERS, END_STREAM_AND_HEADERS, stream, Buffer.from([0x80])),
  // ENHANCE_YOUR_CALM: frames that bring nothing.
  11: (stream) => {
    const nothing = frame(WINDOW_UPDATE, 0, stream, Buffer.from([0, 0, 0, 1]));
    return Buffer.concat(Array.from({ length: FLOOD }, () => nothing));
  },
};

/** Serves HTTP/2 on a socket whose handshake is over. */
export function serveBreaches(socket: Duplex): void {
  const between = new Passage(socket);
  const session = http2.performServerHandshake(between) as ServerHttp2Session;
  session.on('error', () => {});
  session.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const error = BREACHED_ERRORS.find((one) => `/${one}` === headers[':path']);
    if (error !== undefined && stream.id !== undefined) return between.put(BREACHES[error](stream.id));
    stream.respond({ ':status': 404 });
    stream.end(`GET /N breaks the rules so that you end the connection with error N: ${BREACHED_ERRORS.join(', ')}\n`);
  });
}

/** A socket with a way in beside Node's: what a session writes is whole frames, so others fit between two writes. */
class Passage extends Duplex {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', () => {});
    socket.on('close', () => this.destroy());
  }

  put(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket.writable) this.#socket.write(bytes, done);
    else done();
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
