// A session against a broker of the test's own, which sends exactly the packets that it is told to.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { generate, type Packet, parser } from 'mqtt-packet';
import { Dialer } from '../net/dialer.ts';
import { WireError } from '../net/wire-error.ts';
import { parseBrokerUrl } from './broker-url.ts';
import { MqttSession } from './mqtt-session.ts';
import { openTransport, type Transport } from './transport.ts';

const LIMITS = { packetOctets: 100_000, connectMs: 20_000, acknowledgeMs: 20_000, keepaliveMs: 0 };
const CONNACK: Packet = { cmd: 'connack', returnCode: 0, sessionPresent: false };

class Bench implements AsyncDisposable {
  readonly session: MqttSession;
  readonly packets: Packet[] = [];
  readonly messages: string[] = [];
  lost: WireError | null = null;
  readonly #socket: Socket;
  readonly #close: () => Promise<void>;
  #watchers: (() => void)[] = [];

  constructor(transport: Transport, socket: Socket, limits: Partial<typeof LIMITS>, close: () => Promise<void>) {
    this.#socket = socket;
    this.#close = close;
    const reader = parser({ protocolVersion: 4 });
    reader.on('packet', (packet) => {
      this.packets.push(packet);
      this.#wake();
    });
    socket.on('data', (bytes) => reader.parse(bytes as Buffer));
    socket.on('error', () => {});
    this.session = new MqttSession(
      transport,
      { ...LIMITS, ...limits },
      {
        onMessage: (topic, payload) => {
          this.messages.push(`${topic} ${payload}`);
          this.#wake();
        },
        onLost: (error) => {
          assert.equal(this.lost, null, 'told once');
          this.lost = error;
          this.#wake();
        },
      },
    );
  }

  #wake(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Waits for the n-th packet of a kind from the client. */
  async packet(cmd: Packet['cmd'], n = 1): Promise<Packet & { messageId?: number }> {
    const found = () => this.packets.filter((packet) => packet.cmd === cmd)[n - 1];
    await this.until(() => found() !== undefined);
    return found()!;
  }

  send(...packets: Packet[]): void {
    this.#socket.write(Buffer.concat(packets.map((packet) => generate(packet))));
  }

  raw(bytes: string): void {
    this.#socket.write(Buffer.from(bytes, 'hex'));
  }

  async open(): Promise<this> {
    const opened = this.session.connect({ clientId: 'c', clean: true, keepalive: 0 });
    await this.packet('connect');
    this.send(CONNACK);
    await opened;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.end();
    this.#socket.destroy();
    await this.#close();
  }
}

async function start(limits: Partial<typeof LIMITS> = {}): Promise<Bench> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as { port: number };
  const transport = await new Promise<Transport>((resolve, reject) =>
    openTransport(
      parseBrokerUrl(`127.0.0.1:${port}`),
      new Dialer(),
      { host: '127.0.0.1', port, tls: null, timeoutMs: 20_000, meter: { sent: 0, received: 0 } },
      100_000,
      (outcome) => (outcome instanceof WireError ? reject(outcome) : resolve(outcome)),
    ),
  );
  const [socket] = await accepted;
  return new Bench(transport, socket, limits, async () => {
    server.close();
    await once(server, 'close');
  });
}

const outcome = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: WireError) => `${error.code} ${error.message}`,
  );

describe('identifiers', () => {
  it('that wait for an answer are not given again, and go round', async () => {
    await using bench = await (await start()).open();
    const { session } = bench;
    const first = session.publish('t', Buffer.from('1'), 1, false);
    const second = session.publish('t', Buffer.from('2'), 1, false);
    const [one, two] = [await bench.packet('publish', 1), await bench.packet('publish', 2)];
    assert.notEqual(one.messageId, two.messageId);
    bench.send({ cmd: 'puback', messageId: two.messageId! });
    assert.equal(await outcome(second), 'fine');
    // An answer to nothing, and one of another kind, settle nothing.
    bench.send(
      { cmd: 'puback', messageId: 999 },
      { cmd: 'suback', messageId: one.messageId!, granted: [0] },
      { cmd: 'puback', messageId: one.messageId! },
    );
    assert.equal(await outcome(first), 'fine');
  });
});

it('nothing waits for the answer to a packet that cannot be written', async () => {
  await using bench = await start({ connectMs: 20 });
  const { session } = bench;
  const strays: unknown[] = [];
  const keep = (error: unknown): void => void strays.push(error);
  process.on('unhandledRejection', keep);
  try {
    for (const wrong of [
      { clientId: '', clean: false, keepalive: 0 },
      { clientId: 'c', clean: true, keepalive: 70_000 },
    ])
      assert.throws(
        () => session.connect(wrong),
        (error) => error instanceof WireError && error.code === 2304,
      );
    // One that fails in time shows that the time of the others would have been over.
    const opened = session.connect({ clientId: 'c', clean: true, keepalive: 0 });
    assert.match(await outcome(opened), /^2305 mqtt: no CONNACK in time/);
    await new Promise<void>((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', keep);
  }
  assert.deepEqual(strays, []);
});

describe('quality of service 2', () => {
  it('of the client goes through all four packets', async () => {
    await using bench = await (await start()).open();
    const published = bench.session.publish('t', Buffer.from('x'), 2, true);
    const { messageId } = await bench.packet('publish');
    bench.send({ cmd: 'pubcomp', messageId: messageId! }, { cmd: 'pubrec', messageId: messageId! });
    await bench.packet('pubrel');
    bench.send({ cmd: 'pubcomp', messageId: messageId! });
    assert.equal(await outcome(published), 'fine');
  });

  it('of the broker is handed on once, however often it comes before it is released, and anew afterwards', async () => {
    await using bench = await (await start()).open();
    const message = (payload: string, dup: boolean): Packet => ({
      cmd: 'publish',
      topic: 't',
      payload,
      qos: 2,
      retain: false,
      dup,
      messageId: 5,
    });
    bench.send(message('one', false), message('one', true), message('one', true));
    await bench.packet('pubrec', 3);
    bench.send({ cmd: 'pubrel', messageId: 5 });
    await bench.packet('pubcomp');
    bench.send({ cmd: 'pubrel', messageId: 5 }, message('two', false));
    await bench.packet('pubrec', 4);
    await bench.packet('pubcomp', 2);
    assert.deepEqual(bench.messages, ['t one', 't two']);
  });

  it('of 0 and 1 are handed on each time', async () => {
    await using bench = await (await start()).open();
    for (const qos of [0, 1] as const)
      bench.send({
        cmd: 'publish',
        topic: `q${qos}`,
        payload: Buffer.from([0x41]),
        qos,
        retain: false,
        dup: qos === 1,
        messageId: 5,
      });
    await bench.packet('puback');
    assert.deepEqual(bench.messages, ['q0 A', 'q1 A']);
  });
});

describe('a broker', () => {
  it('may refuse the connection, each reason in words', async () => {
    for (const [returnCode, code, words] of [
      [1, 2300, 'unacceptable protocol version'],
      [4, 2301, 'bad user name or password'],
      [5, 2301, 'not authorized'],
      [77, 2300, 'return code 77'],
    ] as const) {
      await using bench = await start();
      const opened = bench.session.connect({ clientId: 'c', clean: true, keepalive: 0 });
      bench.send({ cmd: 'connack', returnCode, sessionPresent: false });
      assert.equal(await outcome(opened), `${code} mqtt: connection refused: ${words}`);
      assert.equal(bench.session.isOpen, false);
      assert.equal(bench.lost, null, 'it was never open');
    }
  });

  it('may refuse one topic of a subscription, which is named', async () => {
    await using bench = await (await start()).open();
    const subscribed = bench.session.subscribe(['a', 'b', 'c'], 1);
    const { messageId } = await bench.packet('subscribe');
    bench.send({ cmd: 'suback', messageId: messageId!, granted: [1, 0x80, 0] });
    assert.equal(await outcome(subscribed), '2302 mqtt: the broker refuses the subscription to b');
    const left = bench.session.unsubscribe(['a']);
    bench.send({ cmd: 'unsuback', messageId: (await bench.packet('unsubscribe')).messageId! } as Packet);
    assert.equal(await outcome(left), 'fine');
  });

  for (const [what, bytes] of [
    ['a packet that only clients send', 'c000'],
    ['a second CONNACK', '20020000'],
    ['a reserved packet', '0000'],
    ['a length without end', '30ffffffffff'],
    ['a topic longer than its packet', '3003ffff41'],
    ['more than a packet may have', `30a08d06${'41'.repeat(100_010)}`],
  ] as const)
    it(`that sends ${what} is left, and what waits fails`, async () => {
      await using bench = await (await start()).open();
      const waits = outcome(bench.session.publish('t', Buffer.from('x'), 1, false));
      await bench.packet('publish');
      bench.raw(bytes);
      await bench.until(() => bench.lost !== null);
      assert.equal(bench.lost?.code, 2304);
      assert.equal(await waits, `2304 ${bench.lost?.message}`);
      assert.equal(bench.session.isOpen, false);
      assert.match(await outcome(bench.session.publish('t', Buffer.from('x'), 1, false)), /^2303/);
    });

  it('that does not answer a ping is left', async () => {
    await using bench = await (await start({ keepaliveMs: 15 })).open();
    await bench.packet('pingreq');
    await bench.until(() => bench.lost !== null);
    assert.equal(bench.lost?.message, 'mqtt: no answer to a ping');
  });

  it('hears a goodbye, and what still waits fails with 1030', async () => {
    await using bench = await (await start()).open();
    const waits = outcome(bench.session.subscribe(['a'], 0));
    bench.session.end();
    await bench.packet('disconnect');
    assert.match(await waits, /^1030 /);
    bench.session.end();
    assert.equal(bench.lost, null);
  });
});
