// Mutated handshakes and frames against the real WebSocket: each session must end in bounded steps, with a code of the catalogue, and leave
// the connection; a good session after it must be heard rightly.
import type { Dialer } from '../../src/wire/net/dialer.ts';
import { AUTOBAHN_CASES, frameOf } from '../../src/wire/websocket/autobahn-cases.fixture.ts';
import { Opening } from '../../src/wire/websocket/dial-websocket.ts';
import { agree } from '../../src/wire/websocket/scripted-server.fixture.ts';
import { type SocketEnd, WebSocketConnection } from '../../src/wire/websocket/websocket-connection.ts';
import type { FuzzReport } from './http1-fuzz.ts';
import { ScriptedDialer } from './scripted-wire.ts';
import { mutate, SeededRandom } from './seeded-random.ts';

const SEEDS = AUTOBAHN_CASES.filter(({ bytes }) => bytes.length < 4096);
const LIMIT = 100_000;
const DICTIONARY = [
  ...[
    '8100',
    '8101',
    '817e0005',
    '817fffffffffffffffff',
    '8800',
    '880203e8',
    '8900',
    '8a00',
    'c100',
    'c10100',
    '0100',
    '8000',
    '81ff',
  ].map((hex) => Buffer.from(hex, 'hex')),
  ...['\r\n', '\r\n\r\n', ': ', 'HTTP/1.1 101 x\r\n', 'Upgrade: websocket\r\n', 'Content-Length: 5\r\n'].map((text) =>
    Buffer.from(text),
  ),
];

type Result = { readonly code: number; readonly text: string };

/**
 * @param seed of the mutations
 * @param count of hostile sessions
 * @throws Error with the seed, the number and the bytes of the session that broke something
 */
export async function fuzzWebSocket(seed: number, count: number): Promise<FuzzReport> {
  const random = new SeededRandom(seed);
  const report: FuzzReport = { count: 0, codes: new Map(), connections: 0, mostMemory: 0 };
  let script: { readonly handshake: (request: string) => Buffer; readonly frames: Buffer } | null = null;
  const dialer = new ScriptedDialer(null, (connection, bytes) => {
    if (script === null) return;
    const { handshake, frames } = script;
    script = null;
    const all = Buffer.concat([handshake(bytes.toString('latin1')), frames]);
    for (let at = 0; at < all.length; ) {
      const length = random.below(3) === 0 ? 1 + random.below(40) : all.length;
      connection.deliver(all.subarray(at, at + length));
      at += length;
    }
  });

  const session = (compression: boolean): Promise<Result> =>
    new Promise((resolve) => {
      let text = '';
      const done = (code: number): void => resolve({ code, text });
      new Opening(
        {
          authority: 'fuzz.test',
          path: '/',
          headers: [],
          protocols: [],
          compression,
          dialer: dialer as unknown as Dialer,
          dial: { host: 'fuzz.test', port: 80, tls: null, timeoutMs: 10_000, meter: { sent: 0, received: 0 } },
        },
        {
          onFailed: (error) => done(error.code),
          onOpen(agreement, connection) {
            const limits = { messageOctets: LIMIT, closeMs: 10_000, lingerMs: 1 };
            const socket = new WebSocketConnection(connection, agreement.compression, limits, {
              onMessage(data) {
                text += typeof data === 'string' ? data : '';
              },
              onPing() {},
              onPong() {},
              onEnd: (end: SocketEnd) => done(end.error?.code ?? 0),
            });
            socket.start(agreement.rest);
          },
        },
      );
    });

  for (let number = 0; number < count; number++) {
    const { bytes, compression = false } = random.pick(SEEDS);
    const frames = random.below(8) === 0 ? bytes : mutate(bytes, random, DICTIONARY);
    let head: Buffer = Buffer.alloc(0);
    const breaksHandshake = random.below(8) === 0;
    script = {
      frames,
      handshake: (request) => {
        const good = Buffer.from(agree(request), 'latin1');
        head = breaksHandshake ? mutate(good, random, DICTIONARY) : good;
        return head;
      },
    };
    const fail = (what: string): never => {
      const shown = Buffer.concat([head, frames]).toString('latin1');
      throw new Error(`${what} (seed ${seed}, session ${number}):\n${JSON.stringify(shown)}`);
    };
    const { code } = await dialer.settle(session(compression));
    report.codes.set(code, (report.codes.get(code) ?? 0) + 1);
    if (code === 1001 || code === 1050) fail(`it ended with ${code}`);
    const expected = `good ${number}`;
    script = {
      handshake: (request) => Buffer.from(agree(request), 'latin1'),
      frames: Buffer.concat([frameOf(1, expected), frameOf(8, Buffer.of(3, 232))]),
    };
    const good = await session(false);
    if (good.code !== 0 || good.text !== expected) fail(`the next session got ${good.code} ${good.text}`);
    report.count++;
    if (number % 1000 === 0) {
      report.mostMemory = Math.max(report.mostMemory, process.memoryUsage.rss());
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  report.connections = dialer.connections;
  return report;
}
