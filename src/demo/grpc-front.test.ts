// gRPC frame by frame, by a client of HTTP/2 alone: what grpc-js would never send must be refused with its status, and end nothing.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startTarget, type Target } from './target.ts';

let target: Target;
let session: http2.ClientHttp2Session;
before(async () => {
  target = await startTarget();
  session = http2.connect(`http://${target.addresses.grpc}`);
});
after(async () => {
  session.destroy();
  await target.close();
});

interface Outcome {
  readonly status: string | undefined;
  readonly message: string | undefined;
  readonly body: Buffer;
  /** Whether headers and status came in one. */
  readonly isTrailersOnly: boolean;
}

const frame = (message: Uint8Array, compressed = 0, length = message.length): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
};

function call(path: string, pieces: readonly Uint8Array[], headers: Record<string, string> = {}): Promise<Outcome> {
  const stream = session.request({
    ':path': path,
    ':method': 'POST',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return new Promise((resolve, reject) => {
    let head: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (received) => (head = received));
    stream.on('trailers', (received) => (trailers = received));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      const all = { ...head, ...trailers };
      resolve({
        status: all['grpc-status'] as string | undefined,
        message: all['grpc-message'] as string | undefined,
        body: Buffer.concat(chunks),
        isTrailersOnly: head['grpc-status'] !== undefined,
      });
    });
  });
}

const RATE = '/quickpizza.GRPC/RatePizza';
const REFLECT = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
/** One ingredient, "Cheese", and thick dough: three stars. */
const PIZZA = Buffer.concat([
  Uint8Array.of(0x0a, 6),
  Buffer.from('Cheese'),
  Uint8Array.of(0x12, 5),
  Buffer.from('Thick'),
]);
const THREE_STARS = frame(Uint8Array.of(8, 3));

test('a message is read in whatever pieces it comes, plain or gzipped', async () => {
  const whole = frame(PIZZA);
  for (const pieces of [
    [whole],
    [whole.subarray(0, 3), whole.subarray(3, 9), whole.subarray(9)],
    [...whole].map((one) => Uint8Array.of(one)),
  ]) {
    const { status, body, isTrailersOnly } = await call(RATE, pieces);
    assert.deepEqual([status, isTrailersOnly], ['0', false]);
    assert.deepEqual(body, THREE_STARS);
  }
  const zipped = frame(gzipSync(PIZZA), 1);
  assert.deepEqual((await call(RATE, [zipped], { 'grpc-encoding': 'gzip' })).body, THREE_STARS);
  assert.deepEqual(
    (await call(RATE, [whole], { 'grpc-encoding': 'gzip' })).body,
    THREE_STARS,
    'a flag goes before a header',
  );
});

test('what is no single whole message has a status of its own', async () => {
  const cases: [name: string, pieces: Uint8Array[], headers: Record<string, string>, status: string][] = [
    ['nothing at all', [], {}, '13'],
    ['half a prefix', [Uint8Array.of(0, 0)], {}, '13'],
    ['less than the length says', [frame(PIZZA, 0, 100)], {}, '13'],
    ['more than the length says', [frame(PIZZA, 0, 1)], {}, '13'],
    ['two messages', [frame(PIZZA), frame(PIZZA)], {}, '13'],
    ['no message of protobuf', [frame(Uint8Array.of(0x0a, 0x7f, 0))], {}, '13'],
    ['a field number 0', [frame(Uint8Array.of(0, 0))], {}, '13'],
    ['compressed without saying how', [frame(gzipSync(PIZZA), 1)], {}, '12'],
    ['compressed in another way', [frame(PIZZA, 1)], { 'grpc-encoding': 'snappy' }, '12'],
    ['not compressed as it says', [frame(PIZZA, 1)], { 'grpc-encoding': 'gzip' }, '13'],
    ['more once it is unzipped', [frame(gzipSync(Buffer.alloc(5_000_000)), 1)], { 'grpc-encoding': 'gzip' }, '13'],
    ['more than 4 MiB', [frame(Buffer.alloc(4 * 1024 * 1024 + 1))], {}, '8'],
  ];
  for (const [name, pieces, headers, status] of cases) {
    const outcome = await call(RATE, pieces, headers);
    assert.deepEqual([outcome.status, outcome.isTrailersOnly], [status, true], name);
  }
  assert.equal((await call(RATE, [frame(PIZZA)])).status, '0');
});

test('a deadline that is over has its status, one in any unit that is not yet over has none', async () => {
  for (const timeout of ['1m', '0S', '1u', '99999n'])
    assert.equal(
      (await call(RATE, [frame(PIZZA)], { 'grpc-timeout': timeout, 'x-misbehave': 'hang' })).status,
      '4',
      timeout,
    );
  // The longest that can be said is more than a timer can wait; what is none is no deadline.
  for (const timeout of ['99999999H', '20M', '60S', '123456789S', 'soon', '5', ''])
    assert.equal((await call(RATE, [frame(PIZZA)], { 'grpc-timeout': timeout })).status, '0', timeout);
});

test('an unknown method is named, octet by octet where it is no plain text', async () => {
  const { status, message } = await call('/shop.Counter/Pizz%C3%A4?"%', [frame(new Uint8Array())]);
  assert.equal(status, '12');
  assert.equal(message, 'unknown method /shop.Counter/Pizz%25C3%25A4?"%25');
});

test('a misbehaviour that makes no sense is refused as an invalid argument', async () => {
  const outcome = await call(RATE, [frame(PIZZA)], { 'x-misbehave': 'status=99,explode' });
  assert.equal(outcome.status, '3');
  assert.equal((await call(RATE, [frame(PIZZA)], { 'x-misbehave': 'status=0' })).status, '0');
});

test('each message of a stream is answered as it comes, and several in one piece each', async () => {
  const list = frame(Uint8Array.of(0x3a, 1, 0x2a));
  const three = Buffer.concat([list, list, list]);
  for (const pieces of [[three], [...three].map((octet) => Uint8Array.of(octet))]) {
    const { status, body } = await call(REFLECT, pieces);
    assert.equal(status, '0');
    let answers = 0;
    for (let at = 0; at < body.length; at += 5 + body.readUInt32BE(at + 1)) answers++;
    assert.equal(answers, 3);
  }
  assert.deepEqual(await call(REFLECT, []).then(({ status, body }) => [status, body.length]), ['0', 0]);
});

test('a message that cannot be read ends a stream, the first or a later one', async () => {
  const list = frame(Uint8Array.of(0x3a, 1, 0x2a));
  const nonsense = frame(Uint8Array.of(0x0a, 0x7f, 0));
  const first = await call(REFLECT, [nonsense]);
  assert.deepEqual([first.status, first.isTrailersOnly], ['13', true]);
  const later = await call(REFLECT, [list, nonsense]);
  assert.deepEqual([later.status, later.isTrailersOnly], ['13', false]);
  assert.ok(later.body.length > 100, 'what came before has its answer');
  assert.equal((await call(REFLECT, [list, frame(gzipSync(Buffer.alloc(9)), 1)])).status, '12');
});
