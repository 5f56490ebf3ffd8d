import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import zlib from 'node:zlib';
import { BodyBudget } from '../../wire/net/body-budget.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { readCodings, unpackBody } from './content-coding.ts';

function unpack(
  body: Buffer,
  coding: string,
  budget = new BodyBudget(1e9),
): Promise<{ error: WireError | null; body: Buffer | null }> {
  return new Promise((resolve) => {
    unpackBody(body, coding, budget, (error, unpacked) => resolve({ error, body: unpacked }));
  });
}

const CODERS = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
};

describe('unpacking a body', () => {
  for (const [coding, pack] of Object.entries(CODERS)) {
    test(`${coding}: small at once, large beside the load, both whole`, async () => {
      const small = Buffer.from('some text');
      let told = false;
      const pending = unpackBody(pack(small), coding, new BodyBudget(1e9), (_, body) => {
        told = true;
        assert.deepEqual(body, small);
      });
      assert.deepEqual([told, pending], [true, null]);
      const large = Buffer.alloc(3_000_000, 'abcdefg');
      assert.deepEqual((await unpack(pack(large), coding)).body, large);
    });

    test(`${coding}: a bomb ends at the limit, and gives back what it took`, async () => {
      const budget = new BodyBudget(8_000_000);
      const { error, body } = await unpack(pack(Buffer.alloc(50_000_000)), coding, budget);
      assert.deepEqual([error?.code, body], [1702, null]);
      assert.match(error?.message ?? '', /limit of 8 MB.*maxResponseBytes/);
      assert.equal(budget.reserve(8_000_000), true);
    });

    test(`${coding}: what is cut off or no such thing is 1701`, async () => {
      const packed = pack(Buffer.from('some text that is long enough to be cut'));
      assert.equal((await unpack(Buffer.from('nothing of the kind'), coding)).error?.code, 1701);
      assert.equal((await unpack(packed.subarray(0, packed.length - 6), coding)).error?.code, 1701);
    });
  }

  test('codings on each other are undone in turn, but not without end', async () => {
    const body = Buffer.from('text');
    assert.deepEqual((await unpack(zlib.brotliCompressSync(zlib.gzipSync(body)), 'gzip, br')).body, body);
    assert.equal((await unpack(body, Array(9).fill('gzip').join())).error?.code, 1701);
  });

  test('all bodies together keep within the limit', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(20_000_000));
    const budget = new BodyBudget(30_000_000);
    const results = await Promise.all([1, 2, 3, 4].map(() => unpack(bomb, 'gzip', budget)));
    const codes = results.map(({ error }) => error?.code ?? 0);
    assert.ok(codes.includes(1702) && codes.includes(0), String(codes));
  });

  test('one that is given up is not heard of again, and those that wait go on', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(20_000_000));
    const budget = new BodyBudget(1e9);
    const given = Array.from({ length: 6 }, () =>
      unpackBody(bomb, 'gzip', budget, () => assert.fail('it was given up')),
    );
    for (const unpacking of given) unpacking?.cancel();
    assert.equal((await unpack(bomb, 'gzip', budget)).body?.length, 20_000_000);
  });
});

test('names that every object has are no codings', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) assert.equal(readCodings(name), null);
});
