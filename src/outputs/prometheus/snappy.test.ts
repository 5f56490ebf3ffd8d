import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { compressSnappy } from './snappy.ts';

/** Reads the format as its description has it, element by element. */
function decompress(input: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let unit = 1; ; unit *= 128) {
    const octet = input[at++]!;
    size += (octet & 127) * unit;
    if (octet < 128) break;
  }
  const output = Buffer.alloc(size);
  let length = 0;
  while (at < input.length) {
    const tag = input[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let literal = (tag >> 2) + 1;
      if (literal > 60) {
        const octets = literal - 60;
        literal = input.readUIntLE(at, octets) + 1;
        at += octets;
      }
      length += input.copy(output, length, at, at + literal);
      at += literal;
      continue;
    }
    const match = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const octets = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const offset = kind === 1 ? ((tag >> 5) << 8) | input[at]! : input.readUIntLE(at, octets);
    at += octets;
    assert.ok(offset > 0 && offset <= length, `a copy of ${match} from ${offset} back at ${length}`);
    // Octet by octet: a copy may overlap what it makes.
    for (let count = 0; count < match; count++, length++) output[length] = output[length - offset]!;
  }
  assert.equal(length, size);
  return output;
}

/** Random numbers, the same at every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test('what is compressed comes back, whatever its size and content', () => {
  const random = createRandom(7);
  const words = Array.from({ length: 50 }, () => randomBytes(1 + Math.floor(random() * 90)));
  for (let round = 0; round < 300; round++) {
    const size = Math.floor(random() ** 3 * 300_000);
    const pieces: Buffer[] = [];
    for (let length = 0; length < size; ) {
      const piece = random() < 0.2 ? randomBytes(Math.ceil(random() * 400)) : words[Math.floor(random() ** 2 * 50)]!;
      pieces.push(piece);
      length += piece.length;
    }
    const input = Buffer.concat(pieces).subarray(0, size);
    assert.ok(decompress(compressSnappy(input)).equals(input), `round ${round}, ${size} octets`);
  }
  for (const input of [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(200_000), Buffer.from('ab'.repeat(70_000))])
    assert.ok(decompress(compressSnappy(input)).equals(input));
});

test('labels that repeat take a fraction of their room', () => {
  const input = Buffer.from(
    Array.from({ length: 2000 }, (_, index) => `__name__k6_http_reqs_total name/products/${index} status200`).join(),
  );
  assert.ok(compressSnappy(input).length < input.length / 4);
});
