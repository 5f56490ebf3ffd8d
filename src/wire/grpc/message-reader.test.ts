// Length-prefixed messages in whatever pieces they come ("gRPC over HTTP/2", "Length-Prefixed-Message" and "Compressed-Flag").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { MessageReader } from './message-reader.ts';
import type { Verdict } from './verdict.ts';

function framed(message: string | Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.from(message as Uint8Array);
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

interface Outcome {
  readonly messages: readonly string[];
  readonly fault: Verdict | null;
  readonly complete: boolean;
}

function read(chunks: readonly Buffer[], encoding: string | null = null, maxSize = 1000): Outcome {
  const reader = new MessageReader(maxSize);
  reader.encoding = encoding;
  const messages: string[] = [];
  let fault: Verdict | null = null;
  for (const chunk of chunks) {
    fault = reader.read(chunk, (message) => messages.push(message.toString()) > 0);
    if (fault !== null) break;
  }
  return { messages, fault, complete: reader.complete };
}

/** What is wrong with it. */
function faultOf(chunk: Buffer, encoding: string | null = null, maxSize = 1000): readonly [number, string, number] {
  const { fault } = read([chunk], encoding, maxSize);
  assert.ok(fault !== null);
  return [fault.status, fault.message, fault.errorCode];
}

describe('messages', () => {
  const bytes = Buffer.concat([framed('first'), framed(''), framed('x'.repeat(300)), framed('last')]);
  const expected = ['first', '', 'x'.repeat(300), 'last'];

  test('are the same whatever pieces they come in', () => {
    for (let at = 0; at <= bytes.length; at++)
      assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]).messages, expected, `cut at ${at}`);
    assert.deepEqual(read([...bytes].map((octet) => Buffer.of(octet))).messages, expected);
  });

  test('are the listener’s own: what they came in may be overwritten', () => {
    const reader = new MessageReader(1000);
    const kept: Buffer[] = [];
    const chunk = framed('mine');
    reader.read(chunk, (message) => kept.push(message) > 0);
    chunk.fill(0);
    assert.equal(String(kept[0]), 'mine');
  });

  test('may end where one ends, and nowhere else', () => {
    for (let at = 0; at <= bytes.length; at++) {
      const ends = [0, 10, 15, 320, 329].includes(at);
      assert.equal(read([bytes.subarray(0, at)]).complete, ends, `after ${at}`);
    }
  });

  test('come no more once they are not wanted', () => {
    const reader = new MessageReader(1000);
    let count = 0;
    assert.equal(
      reader.read(bytes, () => ++count < 2),
      null,
    );
    assert.equal(count, 2);
  });

  test('of megabytes are put together from small pieces', () => {
    const large = Buffer.alloc(5_000_000, 'abcdefg');
    const stream = Buffer.concat([framed(large), framed('behind')]);
    const pieces: Buffer[] = [];
    for (let at = 0; at < stream.length; at += 16_384) pieces.push(stream.subarray(at, at + 16_384));
    const { messages } = read(pieces, null, 1e7);
    assert.equal(messages[0], large.toString());
    assert.equal(messages[1], 'behind');
  });

  test('are made room for as they come, not as they are announced', () => {
    const before = process.memoryUsage().arrayBuffers;
    const announced = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]);
    const readers = Array.from({ length: 50 }, () => new MessageReader(2 ** 32));
    for (const reader of readers)
      assert.equal(
        reader.read(announced, () => assert.fail()),
        null,
      );
    const taken = process.memoryUsage().arrayBuffers - before;
    assert.ok(taken < 100_000_000, `${taken} octets for 50 messages that nobody has sent`);
    assert.equal(readers[0]!.complete, false);
  });
});

describe('a message that is too large', () => {
  test('is refused by its prefix, and one of just the limit is not', () => {
    assert.deepEqual(faultOf(framed('x'.repeat(11)).subarray(0, 5), null, 10), [
      8,
      'grpc: received message larger than max (11 vs. 10)',
      1702,
    ]);
    assert.deepEqual(faultOf(Buffer.from([0, 255, 255, 255, 255])), [
      8,
      'grpc: received message larger than max (4294967295 vs. 1000)',
      1702,
    ]);
    assert.deepEqual(read([framed('x'.repeat(10))], null, 10).messages, ['x'.repeat(10)]);
  });

  test('once it is unpacked is refused without being unpacked whole', () => {
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
    ] as const) {
      const bomb = pack(Buffer.alloc(50_000_000));
      const before = process.memoryUsage().arrayBuffers;
      assert.deepEqual(faultOf(framed(bomb, 1), encoding, 100_000), [
        8,
        'grpc: received message after decompression larger than max 100000',
        1702,
      ]);
      assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
      assert.deepEqual(read([framed(pack(Buffer.alloc(1000, 'y')), 1)], encoding).messages, ['y'.repeat(1000)]);
    }
  });
});

describe('compression', () => {
  test('is of each message alone: those without the flag come as they are', () => {
    const chunk = Buffer.concat([framed('plain'), framed(gzipSync('packed'), 1), framed(gzipSync(''), 1)]);
    assert.deepEqual(read([chunk], 'gzip').messages, ['plain', 'packed', '']);
    assert.deepEqual(read([framed('plain')], 'snappy').messages, ['plain']);
  });

  test('that was not announced, or of a kind that we do not have, is INTERNAL', () => {
    for (const encoding of [null, 'identity'])
      assert.deepEqual(faultOf(framed(gzipSync('x'), 1), encoding), [
        13,
        'grpc: compressed flag set with identity or empty encoding',
        1701,
      ]);
    assert.deepEqual(faultOf(framed('x', 1), 'snappy'), [
      13,
      'grpc: Decompressor is not installed for grpc-encoding "snappy"',
      1701,
    ]);
  });

  test('that is broken or cut off is INTERNAL', () => {
    const whole = gzipSync('a message that is packed');
    for (const bytes of [Buffer.from('no gzip at all'), whole.subarray(0, 12), Buffer.alloc(0)]) {
      const [status, message, code] = faultOf(framed(bytes, 1), 'gzip');
      assert.deepEqual([status, code], [13, 1701]);
      assert.match(message, /^grpc: failed to decompress the received message: /);
    }
  });

  test('has one flag: any other value of the octet is INTERNAL', () => {
    for (const flag of [2, 3, 128, 129, 255])
      assert.deepEqual(faultOf(framed('x', flag), 'gzip'), [
        13,
        `grpc: received unexpected payload format ${flag}`,
        1041,
      ]);
    // `<html>` read as a prefix.
    assert.equal(faultOf(Buffer.from('<html><body>'))[0], 13);
  });
});
