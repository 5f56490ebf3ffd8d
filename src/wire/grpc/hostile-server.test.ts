import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  ACK,
  DATA,
  END_HEADERS,
  END_STREAM,
  GOAWAY,
  HEADERS,
  PADDED,
  PING,
  RST_STREAM,
  SETTINGS,
} from '../http2/protocol.ts';
import { block, frame, Peer, settings, word } from '../http2/scripted-server.fixture.ts';
import { Dialer } from '../net/dialer.ts';
import { WireError } from '../net/wire-error.ts';
import type { CallResult } from './call-result.ts';
import { Channel, type ChannelOptions } from './channel.ts';

// gRPC's negative HTTP/2 interop cases, and other servers that do not do what a client hopes for.

const END = END_HEADERS | END_STREAM;
const HEAD = block({ ':status': '200', 'content-type': 'application/grpc' });
const TRAILERS = block({ 'grpc-status': '0' });

function framed(text: string | Uint8Array, flag = 0): Buffer {
  const body = Buffer.from(text as string);
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

function reply(id: number, text = 'ok'): Buffer {
  return Buffer.concat([
    frame(HEADERS, END_HEADERS, id, HEAD),
    frame(DATA, 0, id, framed(text)),
    frame(HEADERS, END, id, TRAILERS),
  ]);
}

let server: Server;
let peers: Peer[] = [];
let greet: (peer: Peer) => void;
const channels: Channel[] = [];

before(async () => {
  server = createServer((socket: Socket) => {
    const peer = new Peer(socket);
    peers.push(peer);
    greet(peer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  peers = [];
  greet = (peer) => peer.send(settings());
});
after(() => {
  for (const channel of channels) channel.close();
  server.close();
});

async function connect(options: Partial<ChannelOptions> = {}): Promise<{ channel: Channel; peer: Peer }> {
  const channel = await Channel.connect({
    dialer: new Dialer(),
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    tls: null,
    timeoutMs: 30_000,
    meter: { sent: 0, received: 0 },
    userAgent: 'sixfold',
    ...options,
  });
  channels.push(channel);
  return { channel, peer: peers.at(-1) as Peer };
}

function call(channel: Channel, timeoutMs: number | null = null): Promise<CallResult> {
  return channel.unary({ path: '/t.T/M', metadata: [], message: Buffer.from('q'), timeoutMs });
}

const requested = (peer: Peer, id: number): Promise<void> =>
  peer.until(() =>
    peer.frames.some((each) => each.id === id && (each.flags & END_STREAM) !== 0 && each.type <= HEADERS),
  );

async function answeredBy(...frames: Uint8Array[]): Promise<CallResult> {
  const { channel, peer } = await connect();
  const result = call(channel);
  await requested(peer, 1);
  peer.send(...frames);
  return result;
}

const brief = (result: CallResult): unknown[] => [result.status, result.errorCode, result.statusMessage];
const text = (result: CallResult): string => Buffer.from(result.message ?? []).toString();

describe('negative HTTP/2 cases', () => {
  it('goaway: the call in progress is served, the next one on a new connection', async () => {
    const { channel, peer } = await connect();
    const first = call(channel);
    await requested(peer, 1);
    peer.send(frame(GOAWAY, 0, 0, word(1, 0)));
    const second = call(channel);
    peer.send(reply(1, 'first'));
    assert.equal(text(await first), 'first');
    while (peers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await requested(peers[1] as Peer, 1);
    peers[1]?.send(reply(1, 'second'));
    assert.equal(text(await second), 'second');
  });

  it('rst_after_header, rst_during_data, rst_after_data: the call fails', async () => {
    const reset = frame(RST_STREAM, 0, 1, word(0));
    const expected = [13, 1631, 'stream terminated by RST_STREAM with error code: NO_ERROR'];
    assert.deepEqual(brief(await answeredBy(frame(HEADERS, END_HEADERS, 1, HEAD), reset)), expected);
    assert.deepEqual(
      brief(
        await answeredBy(frame(HEADERS, END_HEADERS, 1, HEAD), frame(DATA, 0, 1, framed('half').subarray(0, 7)), reset),
      ),
      expected,
    );
    assert.deepEqual(
      brief(await answeredBy(frame(HEADERS, END_HEADERS, 1, HEAD), frame(DATA, 0, 1, framed('all')), reset)),
      expected,
    );
  });

  it('ping: all are acknowledged, none costs a write of its own', async () => {
    const { channel, peer } = await connect();
    await peer.until(() => peer.frames.some(({ type, flags }) => type === SETTINGS && flags === ACK));
    let reads = 0;
    peer.socket.on('data', () => reads++);
    for (let id = 1; id < 20; id += 2) {
      const result = call(channel);
      await requested(peer, id);
      peer.send(frame(PING, 0, 0, '12345678'), reply(id), frame(PING, 0, 0, 'abcdefgh'));
      assert.equal((await result).status, 0);
    }
    await peer.until(() => peer.frames.filter(({ type }) => type === PING).length === 20);
    assert.ok(reads <= 12, `${reads} reads for 10 calls`);
  });

  it('max_streams: with one stream, ten calls come one after another', async () => {
    greet = (peer) => peer.send(settings([3, 1]));
    const { channel, peer } = await connect();
    const calls = Array.from({ length: 10 }, () => call(channel));
    for (let id = 1; id < 20; id += 2) {
      await requested(peer, id);
      assert.equal(
        peer.frames.some((each) => each.id === id + 2),
        false,
      );
      peer.send(reply(id, `${id}`));
    }
    assert.deepEqual((await Promise.all(calls)).map(text), ['1', '3', '5', '7', '9', '11', '13', '15', '17', '19']);
  });

  it('data_frame_padding: five octets and 255 of padding a frame', async () => {
    const whole = framed('x'.repeat(500));
    const frames: Buffer[] = [];
    for (let at = 0; at < whole.length; at += 5)
      frames.push(
        frame(DATA, PADDED, 1, Buffer.concat([Uint8Array.of(255), whole.subarray(at, at + 5), Buffer.alloc(255)])),
      );
    const result = await answeredBy(frame(HEADERS, END_HEADERS, 1, HEAD), ...frames, frame(HEADERS, END, 1, TRAILERS));
    assert.equal(text(result).length, 500);
  });
});

describe('retries that nobody notices', () => {
  it('follow REFUSED_STREAM, once', async () => {
    const { channel, peer } = await connect();
    const result = call(channel);
    await requested(peer, 1);
    peer.send(frame(RST_STREAM, 0, 1, word(7)));
    await requested(peer, 3);
    peer.send(reply(3));
    assert.equal(text(await result), 'ok');
    const refused = call(channel);
    await requested(peer, 5);
    peer.send(frame(RST_STREAM, 0, 5, word(7)));
    await requested(peer, 7);
    peer.send(frame(RST_STREAM, 0, 7, word(7)));
    assert.deepEqual(brief(await refused), [
      14,
      1638,
      'stream terminated by RST_STREAM with error code: REFUSED_STREAM',
    ]);
  });

  it('follow a GOAWAY that leaves the call out, for streams with what was written too', async () => {
    const { channel, peer } = await connect();
    const unary = call(channel);
    const streamed = new Promise<CallResult>((resolve) => {
      const stream = channel.stream({ path: '/t.T/S', metadata: [], timeoutMs: null }, { onEnd: resolve });
      stream.write(Buffer.from('one'));
      stream.end();
    });
    await requested(peer, 3);
    peer.send(frame(GOAWAY, 0, 0, word(0, 0)));
    while (peers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const next = peers[1] as Peer;
    await requested(next, 3);
    const written = next.frames
      .filter(({ type }) => type === DATA)
      .map(({ payload }) => payload.subarray(5).toString());
    assert.deepEqual(
      written.filter((each) => each !== ''),
      ['q', 'one'],
    );
    next.send(reply(1), reply(3));
    assert.deepEqual([(await unary).status, (await streamed).status], [0, 0]);
  });

  it('are not used up by waiting for a place: a server that serves one call a connection serves them all', async () => {
    greet = (peer) => peer.send(settings([3, 1]));
    const { channel } = await connect();
    const calls = Array.from({ length: 6 }, () => call(channel));
    for (let served = 0; served < calls.length; served++) {
      while (peers.length <= served) await new Promise((resolve) => setImmediate(resolve));
      const peer = peers[served] as Peer;
      await requested(peer, 1);
      // One is served, and whoever waits behind it is told to go elsewhere.
      peer.send(frame(GOAWAY, 0, 0, word(1, 0)), reply(1, `${served}`));
    }
    const results = await Promise.all(calls);
    assert.deepEqual(
      results.map(({ status }) => status),
      [0, 0, 0, 0, 0, 0],
    );
    assert.deepEqual(results.map(text).sort(), ['0', '1', '2', '3', '4', '5']);
  });
});

describe('a connection that breaks', () => {
  it('ends its calls with UNAVAILABLE, and the next one connects anew', async () => {
    const { channel, peer } = await connect();
    const result = call(channel);
    await requested(peer, 1);
    peer.socket.end();
    assert.deepEqual(brief(await result), [14, 1040, 'error reading from server: EOF']);
    const next = call(channel);
    while (peers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await requested(peers[1] as Peer, 1);
    peers[1]?.send(reply(1, 'back'));
    assert.equal(text(await next), 'back');
  });

  it('with a GOAWAY says why', async () => {
    const { channel, peer } = await connect();
    const result = call(channel);
    await requested(peer, 1);
    peer.send(frame(GOAWAY, 0, 0, Buffer.concat([word(1, 11), Buffer.from('too_many_pings')])));
    peer.socket.end();
    const { status, errorCode, statusMessage } = await result;
    assert.deepEqual([status, errorCode], [14, 1622]);
    assert.match(statusMessage, /ENHANCE_YOUR_CALM.*too_many_pings/);
  });

  it('before its SETTINGS fails the connect, as does a server that says nothing', async () => {
    greet = (peer) => peer.socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    await assert.rejects(connect(), (error) => error instanceof WireError && error.code === 1657);
    greet = () => {};
    await assert.rejects(
      connect({ timeoutMs: 60 }),
      (error) => error instanceof WireError && error.message === 'context deadline exceeded',
    );
  });
});

describe('resets by the server', () => {
  for (const [code, status] of [
    [2, 13],
    [3, 8],
    [8, 1],
    [11, 8],
    [12, 7],
    [99, 2],
  ] as const)
    it(`with code ${code} mean status ${status}`, async () => {
      assert.equal((await answeredBy(frame(RST_STREAM, 0, 1, word(code)))).status, status);
    });
});

describe('answers', () => {
  it('that are no gRPC are not read as messages', async () => {
    const page = block({ ':status': '503', 'content-type': 'text/html' });
    const result = await answeredBy(
      frame(HEADERS, END_HEADERS, 1, page),
      frame(DATA, END_STREAM, 1, '<html>busy</html>'),
    );
    assert.deepEqual(brief(result), [
      14,
      1503,
      'unexpected HTTP status code received from server: 503 (Service Unavailable); transport: received unexpected content-type "text/html"',
    ]);
  });

  it('may be compressed with gzip or deflate', async () => {
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
    ] as const) {
      const head = block({ ':status': '200', 'content-type': 'application/grpc', 'grpc-encoding': encoding });
      const frames = [
        frame(HEADERS, END_HEADERS, 1, head),
        frame(DATA, 0, 1, framed(compress('squeezed'), 1)),
        frame(HEADERS, END, 1, TRAILERS),
      ];
      assert.equal(text(await answeredBy(...frames)), 'squeezed');
    }
  });

  it('that are small and huge when decompressed, or broken, fail the call', async () => {
    const head = block({ ':status': '200', 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' });
    const bomb = framed(gzipSync(Buffer.alloc(5_000_000)), 1);
    assert.deepEqual(
      brief(await answeredBy(frame(HEADERS, END_HEADERS, 1, head), frame(DATA, 0, 1, bomb))).slice(0, 2),
      [8, 1702],
    );
    const broken = framed('nonsense', 1);
    assert.deepEqual(
      brief(await answeredBy(frame(HEADERS, END_HEADERS, 1, head), frame(DATA, 0, 1, broken))).slice(0, 2),
      [13, 1701],
    );
  });

  it('that end inside a message fail the call', async () => {
    const cut = framed('truncated').subarray(0, 8);
    const result = await answeredBy(
      frame(HEADERS, END_HEADERS, 1, HEAD),
      frame(DATA, 0, 1, cut),
      frame(HEADERS, END, 1, TRAILERS),
    );
    assert.deepEqual(brief(result), [13, 1041, 'unexpected EOF']);
  });

  it('with a malformed grpc-status, or one out of range, keep what the server said', async () => {
    const ending = (status: string): Buffer =>
      block({ ':status': '200', 'content-type': 'application/grpc', 'grpc-status': status });
    assert.equal((await answeredBy(frame(HEADERS, END, 1, ending('x')))).status, 2);
    assert.deepEqual(brief(await answeredBy(frame(HEADERS, END, 1, ending('99')))).slice(0, 2), [99, 1802]);
  });

  it('that come in pieces are put together', async () => {
    const { channel, peer } = await connect();
    const result = call(channel);
    await requested(peer, 1);
    const whole = framed('piece by piece');
    const pieces = Array.from(whole, (octet) => frame(DATA, 0, 1, Uint8Array.of(octet)));
    await peer.drip(frame(HEADERS, END_HEADERS, 1, HEAD), ...pieces, frame(HEADERS, END, 1, TRAILERS));
    assert.equal(text(await result), 'piece by piece');
  });
});
