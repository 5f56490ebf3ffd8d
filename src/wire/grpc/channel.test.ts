import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { Dialer } from '../net/dialer.ts';
import { WireError } from '../net/wire-error.ts';
import type { CallResult } from './call-result.ts';
import { Channel, type ChannelOptions } from './channel.ts';
import type { Metadata } from './metadata.ts';

const same = (bytes: Buffer): Buffer => bytes;

function method(path: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

const SERVICE = {
  echo: method('/t.T/Echo', false, false),
  meta: method('/t.T/Meta', false, false),
  fail: method('/t.T/Fail', false, false),
  hang: method('/t.T/Hang', false, false),
  big: method('/t.T/Big', false, false),
  sum: method('/t.T/Sum', true, false),
  count: method('/t.T/Count', false, true),
  chat: method('/t.T/Chat', true, true),
};

let cancelled = (): void => {};

const HANDLERS: grpc.UntypedServiceImplementation = {
  echo: ((call, done) => done(null, call.request)) satisfies grpc.handleUnaryCall<Buffer, Buffer>,
  meta: ((call, done) => {
    const head = new grpc.Metadata();
    for (const value of call.metadata.get('x-twice')) head.add('x-twice', value);
    head.set('raw-bin', call.metadata.get('raw-bin')[0] ?? Buffer.alloc(0));
    head.set('agent', String(call.metadata.get('user-agent')[0]));
    call.sendMetadata(head);
    const trailer = new grpc.Metadata();
    trailer.set('end', 'yes');
    done(null, Buffer.from(String(call.getDeadline() instanceof Date || Number(call.getDeadline()) < 1e15)), trailer);
  }) satisfies grpc.handleUnaryCall<Buffer, Buffer>,
  fail: ((call, done) => {
    const metadata = new grpc.Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from([8, 5]));
    done({ code: Number(call.request.toString()), details: 'Ünlike\n 100 %', metadata });
  }) satisfies grpc.handleUnaryCall<Buffer, Buffer>,
  hang: ((call) => {
    call.on('cancelled', () => cancelled());
  }) satisfies grpc.handleUnaryCall<Buffer, Buffer>,
  big: ((call, done) => done(null, Buffer.alloc(Number(call.request.toString()), 7))) satisfies grpc.handleUnaryCall<
    Buffer,
    Buffer
  >,
  sum: ((call, done) => {
    let sum = 0;
    call.on('data', (bytes: Buffer) => (sum += bytes.length));
    call.on('end', () => done(null, Buffer.from(String(sum))));
  }) satisfies grpc.handleClientStreamingCall<Buffer, Buffer>,
  count: ((call) => {
    const upto = Number(call.request.toString());
    for (let n = 1; n <= upto; n++) call.write(Buffer.from(String(n)));
    call.end();
  }) satisfies grpc.handleServerStreamingCall<Buffer, Buffer>,
  chat: ((call) => {
    call.on('data', (bytes: Buffer) => call.write(bytes));
    call.on('end', () => call.end());
  }) satisfies grpc.handleBidiStreamingCall<Buffer, Buffer>,
};

let server: grpc.Server;
let port: number;
const open: Channel[] = [];

async function startServer(at = 0): Promise<void> {
  server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(SERVICE, HANDLERS);
  port = await new Promise((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${at}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
}

async function connect(options: Partial<ChannelOptions> = {}): Promise<Channel> {
  const channel = await Channel.connect({
    dialer: new Dialer(),
    host: '127.0.0.1',
    port,
    tls: null,
    timeoutMs: 30_000,
    meter: { sent: 0, received: 0 },
    userAgent: 'sixfold-test grpc',
    ...options,
  });
  open.push(channel);
  return channel;
}

function call(
  channel: Channel,
  name: string,
  message = '',
  metadata: Metadata = [],
  timeoutMs: number | null = 20_000,
): Promise<CallResult> {
  return channel.unary({ path: `/t.T/${name}`, metadata, message: Buffer.from(message), timeoutMs });
}

function text(result: CallResult): string | null {
  return result.message === null ? null : Buffer.from(result.message).toString();
}

function valuesOf(metadata: Metadata, name: string): string[] {
  return metadata.filter(([key]) => key === name).map(([, value]) => Buffer.from(value as string).toString());
}

before(() => startServer());
after(() => {
  for (const channel of open) channel.close();
  server.forceShutdown();
});

describe('unary calls', () => {
  it('bring a message there and back, the empty one too', async () => {
    const channel = await connect();
    for (const message of ['hello', '', 'again']) {
      const result = await call(channel, 'Echo', message);
      assert.deepEqual([result.status, result.errorCode, text(result)], [0, 0, message]);
      assert.equal(result.remoteIp, '127.0.0.1');
      assert.equal(result.remotePort, port);
      assert.ok(result.durationMs > 0);
    }
  });

  it('carry metadata both ways: duplicates in order, octets, the user agent, the deadline', async () => {
    const channel = await connect();
    const raw = Uint8Array.of(0, 255, 1);
    const result = await call(channel, 'Meta', '', [
      ['X-Twice', ' a '],
      ['x-twice', 'b'],
      ['raw-bin', raw],
      ['te', 'no'],
      [':path', '/no'],
    ]);
    assert.equal(text(result), 'true');
    assert.deepEqual(valuesOf(result.headers, 'x-twice').join(', '), 'a, b');
    assert.deepEqual(result.headers.find(([name]) => name === 'raw-bin')?.[1], Buffer.from(raw));
    assert.match(valuesOf(result.headers, 'agent')[0] as string, /^sixfold-test/);
    assert.deepEqual(valuesOf(result.trailers, 'end'), ['yes']);
    assert.deepEqual(valuesOf(result.trailers, 'grpc-status'), []);
  });

  it('refuse metadata that gRPC does not admit', async () => {
    const channel = await connect();
    const key = await call(channel, 'Echo', '', [['a b', '1']]);
    assert.deepEqual(
      [key.status, key.statusMessage],
      [13, 'header key "a b" contains illegal characters not in [0-9a-z-_.]'],
    );
    const value = await call(channel, 'Echo', '', [['a', 'é']]);
    assert.equal(value.status, 13);
  });

  it("give the server's status, its message and details", async () => {
    const channel = await connect();
    const result = await call(channel, 'Fail', '5');
    assert.deepEqual([result.status, result.errorCode, result.statusMessage], [5, 1805, 'Ünlike\n 100 %']);
    assert.deepEqual(result.detailsBin, Buffer.from([8, 5]));
    assert.equal(result.message, null);
    assert.deepEqual(result.headers, []);
    assert.equal((await call(channel, 'Nothing')).status, 12);
  });

  it('end at their deadline, and tell the server', async () => {
    const channel = await connect();
    const told = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const result = await call(channel, 'Hang', '', [], 50);
    assert.deepEqual([result.status, result.errorCode, result.statusMessage], [4, 1050, 'context deadline exceeded']);
    assert.ok(result.durationMs >= 50);
    await told;
  });

  it('can be cancelled', async () => {
    const channel = await connect();
    const result = await new Promise<CallResult>((resolve) => {
      const request = { path: '/t.T/Hang', metadata: [], message: Buffer.alloc(0), timeoutMs: null };
      channel.startUnary(request, resolve).cancel();
    });
    assert.deepEqual([result.status, result.errorCode], [1, 1030]);
    assert.equal(text(await call(channel, 'Echo', 'on')), 'on');
  });

  it('take large messages both ways, and hold to the limits', async () => {
    const channel = await connect({ maxReceiveSize: 2_000_000, maxSendSize: 3_000_000 });
    const message = Buffer.alloc(1_900_000, 'x');
    const echoed = await channel.unary({ path: '/t.T/Echo', metadata: [], message, timeoutMs: 20_000 });
    assert.ok(message.equals(echoed.message as Uint8Array));
    const over = await call(channel, 'Big', '2000001');
    assert.deepEqual(
      [over.status, over.errorCode, over.statusMessage],
      [8, 1702, 'grpc: received message larger than max (2000001 vs. 2000000)'],
    );
    const heavy = await channel.unary({
      path: '/t.T/Echo',
      metadata: [],
      message: Buffer.alloc(3_000_001),
      timeoutMs: 20_000,
    });
    assert.deepEqual(
      [heavy.status, heavy.statusMessage],
      [8, 'trying to send message larger than max (3000001 vs. 3000000)'],
    );
  });

  it('let a message write itself into the output', async () => {
    const channel = await connect();
    const message = {
      maxLength: 100,
      encodeInto: (buffer: Buffer, at: number): number => at + buffer.write('itself', at),
    };
    const result = await channel.unary({ path: '/t.T/Echo', metadata: [], message, timeoutMs: 30_000 });
    assert.equal(text(result), 'itself');
  });

  it('run side by side, more of them than the server admits at once', async () => {
    const channel = await connect();
    const results = await Promise.all(Array.from({ length: 500 }, (_, n) => call(channel, 'Echo', `${n}`)));
    assert.deepEqual(
      results.map(text),
      Array.from({ length: 500 }, (_, n) => `${n}`),
    );
  });
});

describe('streams', () => {
  interface Told {
    messages: string[];
    result: CallResult;
    headers: Metadata | null;
  }

  function run(channel: Channel, name: string, drive: (stream: ReturnType<Channel['stream']>) => void): Promise<Told> {
    return new Promise((resolve) => {
      const messages: string[] = [];
      let headers: Metadata | null = null;
      const stream = channel.stream(
        { path: `/t.T/${name}`, metadata: [], timeoutMs: null },
        {
          onHeaders: (got) => (headers = got),
          onMessage: (bytes) => messages.push(Buffer.from(bytes).toString()),
          onEnd: (result) => resolve({ messages, result, headers }),
        },
      );
      drive(stream);
    });
  }

  it('of the client bring many messages and one reply', async () => {
    const { messages, result } = await run(await connect(), 'Sum', (stream) => {
      for (const size of [27_182, 8, 1828, 45_904]) stream.write(Buffer.alloc(size));
      stream.end();
      stream.write(Buffer.alloc(1000));
    });
    assert.deepEqual([messages, result.status], [['74922'], 0]);
  });

  it('of the server bring messages in order', async () => {
    const { messages, headers } = await run(await connect(), 'Count', (stream) => {
      stream.write(Buffer.from('200'));
      stream.end();
    });
    assert.deepEqual(
      messages,
      Array.from({ length: 200 }, (_, n) => `${n + 1}`),
    );
    assert.notEqual(headers, null);
  });

  it('in both directions answer each message', async () => {
    const channel = await connect();
    const said: string[] = [];
    const result = await new Promise<CallResult>((resolve) => {
      const stream = channel.stream(
        { path: '/t.T/Chat', metadata: [], timeoutMs: null },
        {
          onMessage: (bytes) => {
            said.push(Buffer.from(bytes).toString());
            if (said.length === 5) stream.end();
            else stream.write(Buffer.from(`${said.length}`));
          },
          onEnd: resolve,
        },
      );
      stream.write(Buffer.from('0'));
    });
    assert.deepEqual([said, result.status], [['0', '1', '2', '3', '4'], 0]);
  });

  it('can be cancelled by the client, after the first reply too', async () => {
    const channel = await connect();
    const result = await new Promise<CallResult>((resolve) => {
      const stream = channel.stream(
        { path: '/t.T/Chat', metadata: [], timeoutMs: null },
        { onMessage: () => stream.cancel('canceled by client (k6)'), onEnd: resolve },
      );
      stream.write(Buffer.from('0'));
    });
    assert.deepEqual([result.status, result.errorCode, result.statusMessage], [1, 1030, 'canceled by client (k6)']);
  });

  it('ask the writer to wait, and say when it may go on', async () => {
    const channel = await connect();
    let written = 0;
    const chunk = Buffer.alloc(50_000);
    const result = await new Promise<CallResult>((resolve) => {
      let reply = '';
      const fill = (): void => {
        while (written < 100) {
          written++;
          if (!stream.write(chunk)) return;
        }
        stream.end();
      };
      const stream = channel.stream(
        { path: '/t.T/Sum', metadata: [], timeoutMs: null },
        {
          onMessage: (bytes) => (reply = Buffer.from(bytes).toString()),
          onWritable: fill,
          onEnd: (end) => resolve(Object.assign(end, { reply })),
        },
      );
      fill();
      assert.ok(written < 100);
    });
    assert.equal((result as CallResult & { reply: string }).reply, '5000000');
  });
});

describe('channels', () => {
  it('fail to connect with the code of the reason', async () => {
    await assert.rejects(connect({ port: 1 }), (error) => error instanceof WireError && error.code === 1212);
  });

  it('connect anew after the server went away, and fail fast while they cannot', async () => {
    const channel = await connect();
    assert.equal((await call(channel, 'Echo', '1')).status, 0);
    const hanging = call(channel, 'Hang');
    await call(channel, 'Echo', '2');
    server.forceShutdown();
    assert.equal((await hanging).status, 14);
    const refused = await call(channel, 'Echo', '3');
    assert.equal(refused.status, 14);
    assert.equal(refused.errorCode, 1212);
    assert.match(refused.statusMessage, /^connection error: desc = "transport: Error while dialing: /);
    const fast = await call(channel, 'Echo', '4');
    assert.deepEqual([fast.status, fast.errorCode], [14, 1212]);
    await startServer(port);
    const fresh = await connect();
    assert.equal((await call(fresh, 'Echo', '5')).status, 0);
  });

  it('end their calls with CANCELLED when they are closed', async () => {
    const channel = await connect();
    const hanging = call(channel, 'Hang');
    channel.close();
    channel.close();
    assert.deepEqual(
      [(await hanging).status, (await hanging).statusMessage],
      [1, 'grpc: the client connection is closing'],
    );
    assert.equal((await call(channel, 'Echo')).status, 1);
  });

  it('count octets both ways', async () => {
    const meter = { sent: 0, received: 0 };
    const channel = await connect({ meter });
    await call(channel, 'Echo', 'x'.repeat(1000));
    assert.ok(meter.sent > 1000 && meter.received > 1000);
  });
});
