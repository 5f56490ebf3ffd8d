// Mutated HTTP/2 frames against the real client; after each answer a good one must be read rightly, or fail by its own name.
import type { ResponseState } from '../../src/modules/k6-http/response-state.ts';
import { createFuzzClient } from './fuzz-client.ts';
import type { FuzzReport } from './http1-fuzz.ts';
import { type ScriptedConnection, ScriptedDialer } from './scripted-wire.ts';
import { mutate, SeededRandom } from './seeded-random.ts';

const PREFACE_LENGTH = 24;

function frame(type: number, flags: number, id: number, payload: Buffer | readonly number[]): Buffer {
  const body = Buffer.from(payload as Buffer);
  const bytes = Buffer.alloc(9 + body.length);
  bytes.writeUIntBE(body.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(id, 5);
  body.copy(bytes, 9);
  return bytes;
}

/** A field that enters no table (RFC 7541 section 6.2.2), so that a good answer means the same whatever came before. */
function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value, 'latin1'),
  ]);
}

const STATUS_200 = 0x88;
const head = (...fields: Buffer[]): Buffer => Buffer.concat([Buffer.from([STATUS_200]), ...fields]);
const SETTINGS = frame(4, 0, 0, []);

/** Answers as frames for a stream. */
const ANSWERS: readonly ((id: number) => Buffer[])[] = [
  (id) => [
    frame(1, 4, id, head(field('content-length', '2'), field('set-cookie', 'a=b; Domain=fuzz.test'))),
    frame(0, 1, id, Buffer.from('ok')),
  ],
  (id) => [frame(1, 4, id, head(field('content-encoding', 'gzip'))), frame(0, 1, id, Buffer.from('1f8b08', 'hex'))],
  (id) => [
    frame(1, 0, id, [STATUS_200]),
    frame(9, 0, id, field('x', 'y')),
    frame(9, 4, id, field('z', '1')),
    frame(0, 1, id, []),
  ],
  (id) => [
    frame(1, 4, id, [0x48, 3, 0x31, 0x30, 0x33]),
    frame(1, 4, id, [STATUS_200]),
    frame(0, 9, id, [3, 1, 2, 0, 0, 0]),
  ],
  (id) => [
    frame(1, 0x24, id, [0, 0, 0, 0, 16, STATUS_200]),
    frame(0, 0, id, Buffer.alloc(300, 1)),
    frame(1, 5, id, field('t', 'v')),
  ],
  (id) => [frame(1, 4, id, [STATUS_200, 0x40, 1, 0x61, 1, 0x62, 0x3f, 0xe1, 0x1f]), frame(3, 0, id, [0, 0, 0, 8])],
  (id) => [
    frame(4, 0, 0, [0, 4, 0, 0, 0xff, 0xff, 0, 3, 0, 0, 0, 1]),
    frame(8, 0, 0, [0, 1, 0, 0]),
    frame(6, 0, 0, Buffer.alloc(8)),
    frame(1, 5, id, [STATUS_200]),
  ],
  (id) => [frame(7, 0, 0, [0, 0, 0, id & 255, 0, 0, 0, 2, 0x62, 0x79, 0x65]), frame(1, 5, id, [STATUS_200])],
  (id) => [frame(5, 4, id, [0, 0, 0, 2, STATUS_200]), frame(2, 0, id, [0, 0, 0, 0, 1])],
  (id) => [frame(1, 5, id, head(field('location', 'http://127.0.0.1:99999/')).fill(0x8b, 0, 1))],
];
const DICTIONARY = [
  SETTINGS,
  frame(4, 1, 0, []),
  frame(6, 0, 0, Buffer.alloc(8)),
  frame(8, 0, 0, [0x7f, 0xff, 0xff, 0xff]),
  frame(3, 0, 1, [0, 0, 0, 7]),
  frame(9, 4, 1, []),
  frame(0, 0, 3, []),
  Buffer.from([0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0, 0, 0, 0]),
  Buffer.from([0x3f, 0xe1, 0xff, 0xff, 0x7f]),
  Buffer.from([0x7f, 0x80, 0x80, 0x80, 0x80, 0x80]),
  Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
];

/** Follows what the client writes, and tells of each request. */
class ClientFrames {
  #pending: Buffer = Buffer.alloc(0);
  #greeted = false;

  /** @returns the streams whose requests have come */
  read(bytes: Buffer): number[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    if (!this.#greeted) {
      if (this.#pending.length < PREFACE_LENGTH) return [];
      this.#pending = this.#pending.subarray(PREFACE_LENGTH);
      this.#greeted = true;
    }
    const streams: number[] = [];
    while (this.#pending.length >= 9) {
      const length = this.#pending.readUIntBE(0, 3);
      if (this.#pending.length < 9 + length) break;
      if (this.#pending[3] === 1) streams.push(this.#pending.readUInt32BE(5));
      this.#pending = this.#pending.subarray(9 + length);
    }
    return streams;
  }
}

/**
 * @param seed of the mutations
 * @param count of hostile frames, about
 * @throws Error with the seed, the number and the bytes of what broke something
 */
export async function fuzzHttp2(seed: number, count: number): Promise<FuzzReport> {
  const random = new SeededRandom(seed);
  const report: FuzzReport = { count: 0, codes: new Map(), connections: 0, mostMemory: 0 };
  let isHostile = false;
  let good = '';
  let last: Buffer = Buffer.alloc(0);
  const clients = new WeakMap<ScriptedConnection, ClientFrames>();
  const dialer = new ScriptedDialer('h2', (connection, bytes) => {
    let frames = clients.get(connection);
    if (frames === undefined) {
      clients.set(connection, (frames = new ClientFrames()));
      connection.deliver(SETTINGS);
    }
    for (const id of frames.read(bytes)) {
      if (!isHostile) {
        connection.deliver(
          Buffer.concat([
            frame(1, 4, id, head(field('content-length', String(good.length)))),
            frame(0, 1, id, Buffer.from(good)),
          ]),
        );
        continue;
      }
      isHostile = false;
      const whole = random.pick(ANSWERS)(id);
      report.count += whole.length;
      last = Buffer.concat(whole.map((one) => (random.below(3) > 0 ? mutate(one, random, DICTIONARY) : one)));
      for (let at = 0; at < last.length; ) {
        const length = random.below(3) === 0 ? 1 + random.below(20) : last.length;
        connection.deliver(last.subarray(at, at + length));
        at += length;
      }
    }
  });
  const client = await createFuzzClient(dialer);
  const call = (url: string): Promise<ResponseState> =>
    dialer.settle(new Promise((resolve) => client.get(url, false, resolve)));
  for (let number = 0; report.count < count; number++) {
    const fail = (what: string): never => {
      throw new Error(`${what} (seed ${seed}, answer ${number}):\n${last.toString('hex')}`);
    };
    isHostile = true;
    const state = await call('https://fuzz.test/hostile');
    isHostile = false;
    report.codes.set(state.errorCode, (report.codes.get(state.errorCode) ?? 0) + 1);
    if (state.errorCode === 1001) fail(state.error);
    if (state.errorCode === 1050) fail('it hung');
    good = `good ${number}`;
    let next = await call('https://fuzz.test/good');
    // A connection whose peer has broken its state may fail, saying so; never may it answer something else.
    if (next.errorCode !== 0) next = await call('https://fuzz.test/good');
    if (next.errorCode !== 0 || next.bytes?.toString() !== good) {
      fail(`the next request got ${next.errorCode} ${next.error} ${next.bytes?.toString().slice(0, 200)}`);
    }
    if (number % 1000 === 0) report.mostMemory = Math.max(report.mostMemory, process.memoryUsage.rss());
  }
  report.connections = dialer.connections;
  return report;
}
