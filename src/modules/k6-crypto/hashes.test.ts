// All hash functions and HMACs beside OpenSSL's own, at the borders of their blocks; MD4, which OpenSSL 3 no longer has, by its RFC.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { createDigester, createHmacDigester, HASH_NAMES } from './hashes.ts';

const opensslName = (name: string): string => name.replace('_', '-');
const OF_OPENSSL = HASH_NAMES.filter((name) => name !== 'md4');
/** Around the ends of blocks of 64 and 128 octets, and of what is filled up with a length of 8 or 16. */
const LENGTHS = [0, 1, 55, 56, 57, 63, 64, 65, 111, 112, 113, 119, 120, 127, 128, 129, 1000];
const data = (length: number, from = 0): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + from) & 255));

describe('hashes', () => {
  for (const name of OF_OPENSSL)
    test(`${name} is OpenSSL's, in pieces too, and goes on after a digest`, () => {
      for (const length of LENGTHS) {
        const bytes = data(length);
        const expected = createHash(opensslName(name)).update(bytes).digest('hex');
        const digester = createDigester(name);
        for (const [from, to] of [
          [0, length >> 1],
          [length >> 1, length >> 1],
          [length >> 1, length],
        ] as const) {
          digester.update(bytes.subarray(from, to));
          digester.peek();
        }
        assert.equal(digester.peek().toString('hex'), expected, `${length}`);
        assert.equal(digester.peek().toString('hex'), expected, 'asked twice');
      }
    });

  test('md4 is that of RFC 1320 for lengths around the end of a block', () => {
    const of = (text: string): string => {
      const digester = createDigester('md4');
      digester.update(Buffer.from(text));
      return digester.peek().toString('hex');
    };
    for (const [text, digest] of [
      ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
      ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
      ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
      ['message digest', 'd9130a8164549fe818874806e1c7014b'],
      ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
      ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
      ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
    ] as const)
      assert.equal(of(text), digest, text);
    // Pieces of any size give the same: the padding begins anew block by block.
    for (const length of LENGTHS) {
      const whole = createDigester('md4');
      whole.update(data(length));
      const pieces = createDigester('md4');
      for (const byte of data(length)) pieces.update(Buffer.of(byte));
      assert.deepEqual(pieces.peek(), whole.peek(), `${length}`);
    }
  });
});

describe('HMAC', () => {
  for (const name of OF_OPENSSL)
    test(`of ${name} is OpenSSL's for keys around the size of a block`, () => {
      for (const keyLength of LENGTHS)
        for (const length of [0, 1, 64, 200]) {
          const [key, bytes] = [data(keyLength, 3), data(length)];
          const digester = createHmacDigester(name, key);
          digester.update(bytes.subarray(0, length >> 1));
          digester.peek();
          digester.update(bytes.subarray(length >> 1));
          assert.deepEqual(
            digester.peek(),
            createHmac(opensslName(name), key).update(bytes).digest(),
            `${keyLength} ${length}`,
          );
        }
    });

  test('does not change with its key afterwards', () => {
    const key = data(20);
    const digester = createHmacDigester('sha256', key);
    const expected = createHmac('sha256', data(20)).update('x').digest();
    key.fill(0);
    digester.update(Buffer.from('x'));
    assert.deepEqual(digester.peek(), expected);
  });

  test('names what there is where there is none of that name', () => {
    for (const name of ['sha3', 'SHA256', 'constructor', '__proto__', ''])
      for (const make of [() => createDigester(name), () => createHmacDigester(name, Buffer.alloc(1))])
        assert.throws(make, /invalid hash algorithm: ".*"; there are md4, md5, sha1/, name);
  });
});
