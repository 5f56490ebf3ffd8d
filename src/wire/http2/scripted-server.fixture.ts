import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { ByteMeter } from '../net/byte-meter.ts';
import { Dialer } from '../net/dialer.ts';
import type { Resend } from '../net/resend.ts';
import type { WireError } from '../net/wire-error.ts';
import { Http2Connection, type Http2Options, type Http2Request } from './connection.ts';
import { HpackDecoder } from './hpack/decoder.ts';
import { HeaderBlock, HpackEncoder } from './hpack/encoder.ts';
import type { HeaderField } from './hpack/header-field.ts';
import { CONTINUATION, FRAME_HEADER, GOAWAY, HEADERS, PREFACE, RST_STREAM, SETTINGS } from './protocol.ts';
import type { Http2Stream, StreamHandler } from './stream.ts';

/** For tests: a server that sends exactly the frames it is told to, legal or not. */

export interface Frame {
  type: number;
  flags: number;
  id: number;
  payload: Buffer;
}

export function frame(type: number, flags: number, id: number, payload: Uint8Array | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const bytes = Buffer.alloc(FRAME_HEADER + body.length);
  bytes.writeUIntBE(body.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(id, 5);
  bytes.set(body, FRAME_HEADER);
  return bytes;
}

export function settings(...parameters: [id: number, value: number][]): Buffer {
  const payload = Buffer.alloc(parameters.length * 6);
  for (const [at, [id, value]] of parameters.entries()) {
    payload.writeUInt16BE(id, at * 6);
    payload.writeUInt32BE(value, at * 6 + 2);
  }
  return frame(SETTINGS, 0, 0, payload);
}

/** A 32-bit number, as RST_STREAM and WINDOW_UPDATE carry it. */
export function word(...values: number[]): Buffer {
  const payload = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) payload.writeUInt32BE(value, at * 4);
  return payload;
}

/** A header block that leaves the tables as they are. */
export function block(fields: Record<string, string> | [string, string][]): Buffer {
  const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
  const list = new HeaderBlock(pairs.map(([name, value]) => ({ name, value })));
  const out = Buffer.alloc(list.maxLength);
  // A table of no size: nothing is worth indexing.
  const encoder = new HpackEncoder(0);
  return out.subarray(0, encoder.encode(list, out, 0));
}

/** One connection of a client. */
export class Peer {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  /** Closed by the client. */
  ended = false;
  readonly #decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1 << 20 });
  #input = Buffer.alloc(0);
  #opened = false;
  #watchers: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#read(chunk as Buffer));
    socket.on('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  #read(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    if (!this.#opened) {
      if (this.#input.length < PREFACE.length) return;
      if (!this.#input.subarray(0, PREFACE.length).equals(PREFACE)) throw new Error('no preface');
      this.#input = this.#input.subarray(PREFACE.length);
      this.#opened = true;
    }
    while (this.#input.length >= FRAME_HEADER) {
      const end = FRAME_HEADER + this.#input.readUIntBE(0, 3);
      if (this.#input.length < end) break;
      const [type, flags] = [this.#input[3] as number, this.#input[4] as number];
      const id = this.#input.readUInt32BE(5) & 0x7fff_ffff;
      this.frames.push({ type, flags, id, payload: this.#input.subarray(FRAME_HEADER, end) });
      this.#input = this.#input.subarray(end);
    }
    this.#wake();
  }

  #wake(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }

  /** Waits until something is true of what came from the client. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.ended) throw new Error('the client has closed the connection');
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** The first frame of a type (and stream), now or later. */
  async frame(type: number, id?: number): Promise<Frame> {
    const find = (): Frame | undefined => this.frames.find((each) => each.type === type && (id ?? each.id) === each.id);
    await this.until(() => find() !== undefined);
    return find() as Frame;
  }

  /** Waits for the stream's request head. Must be asked for in the order of the streams. */
  async headers(id: number): Promise<Record<string, string>> {
    const { payload, flags } = await this.frame(HEADERS, id);
    let whole = payload;
    if ((flags & 4) === 0) {
      await this.until(() => this.frames.some((each) => each.type === CONTINUATION && (each.flags & 4) !== 0));
      whole = Buffer.concat([
        payload,
        ...this.frames.filter((each) => each.type === CONTINUATION).map((each) => each.payload),
      ]);
    }
    return Object.fromEntries(this.#decoder.decode(whole).fields.map(({ name, value }) => [name, value]));
  }

  async closed(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  send(...frames: Uint8Array[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Sends each octet as a segment of its own. */
  async drip(...frames: Uint8Array[]): Promise<void> {
    for (const octet of Buffer.concat(frames)) {
      await new Promise<void>((resolve) => this.socket.write(Uint8Array.of(octet), () => resolve()));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** The code of the GOAWAY that the client sent. */
  async goaway(): Promise<number> {
    return (await this.frame(GOAWAY)).payload.readUInt32BE(4);
  }

  async reset(id: number): Promise<number> {
    return (await this.frame(RST_STREAM, id)).payload.readUInt32BE(0);
  }
}

/** Everything that a request heard. */
export interface Outcome {
  status: number;
  fields: readonly HeaderField[];
  body: string;
  trailers: readonly HeaderField[];
  error: WireError | null;
  retry: Resend | null;
}

export class Recorder implements StreamHandler {
  readonly outcome: Promise<Outcome>;
  readonly #outcome: Outcome = { status: 0, fields: [], body: '', trailers: [], error: null, retry: null };
  readonly #resolve: (outcome: Outcome) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.outcome = promise;
    this.#resolve = resolve;
  }

  onHeaders(fields: readonly HeaderField[], status: number): void {
    this.#outcome.fields = fields;
    this.#outcome.status = status;
  }

  onData(chunk: Buffer): void {
    this.#outcome.body += chunk.toString('latin1');
  }

  onTrailers(fields: readonly HeaderField[]): void {
    this.#outcome.trailers = fields;
  }

  onEnd(): void {
    this.#resolve(this.#outcome);
  }

  onError(error: WireError, retry: Resend): void {
    this.#outcome.error = error;
    this.#outcome.retry = retry;
    this.#resolve(this.#outcome);
  }
}

/** A connection of ours to a scripted server. */
export class Session implements AsyncDisposable {
  readonly client: Http2Connection;
  readonly peer: Peer;
  readonly meter: ByteMeter;
  readonly #server: Server;

  constructor(client: Http2Connection, peer: Peer, meter: ByteMeter, server: Server) {
    this.client = client;
    this.peer = peer;
    this.meter = meter;
    this.#server = server;
  }

  request(request: Partial<Http2Request> = {}): { stream: Http2Stream; outcome: Promise<Outcome> } {
    const recorder = new Recorder();
    const whole = { method: 'GET', scheme: 'http', authority: 'test', path: '/', headers: [], body: null, ...request };
    return { stream: this.client.request(whole, recorder), outcome: recorder.outcome };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    this.peer.socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Connects; `greeting` is what the server sends first, and the client is ready when it has read its SETTINGS. */
export async function connectTo(
  greeting: Uint8Array | null = settings(),
  options: Http2Options = {},
): Promise<Session> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as { port: number };
  const meter = { sent: 0, received: 0 };
  const request = { host: '127.0.0.1', port, tls: null, timeoutMs: 5000, meter };
  const connection = await new Dialer().dial(request);
  const peer = new Peer((await accepted)[0]);
  const client = Http2Connection.over(connection, options);
  if (greeting !== null) {
    const ready = new Promise<void>((resolve) => {
      client.onReady = resolve;
    });
    peer.send(greeting);
    await ready;
  }
  return new Session(client, peer, meter, server);
}
