import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HpackDecoder } from './decoder.ts';
import { HeaderBlock, HpackEncoder } from './encoder.ts';
import type { HeaderField } from './header-field.ts';
import { HpackError } from './hpack-error.ts';
import { huffmanDecode, huffmanEncode, huffmanLength } from './huffman.ts';

const VECTORS = new URL('../../../../test/vectors/hpack/', import.meta.url);

interface Story {
  cases: { header_table_size?: number | null; wire: string; headers: Record<string, string>[] }[];
}

function stories(): { name: string; story: Story }[] {
  return readdirSync(VECTORS, { withFileTypes: true })
    .filter((folder) => folder.isDirectory())
    .flatMap((folder) =>
      readdirSync(new URL(`${folder.name}/`, VECTORS)).map((file) => ({
        name: `${folder.name}/${file}`,
        story: JSON.parse(readFileSync(new URL(`${folder.name}/${file}`, VECTORS), 'utf8')) as Story,
      })),
    );
}

function toFields(headers: Record<string, string>[]): HeaderField[] {
  return headers.map((header) => {
    const [name, value] = Object.entries(header)[0] as [string, string];
    return { name, value };
  });
}

function encode(encoder: HpackEncoder, block: HeaderBlock): Buffer {
  const out = Buffer.alloc(block.maxLength);
  return out.subarray(0, encoder.encode(block, out, 0));
}

function fields(...pairs: [string, string][]): HeaderField[] {
  return pairs.map(([name, value]) => ({ name, value }));
}

const ROOMY = { maxTableSize: 65_536, maxListSize: 1 << 20 };
const USUAL = { maxTableSize: 4096, maxListSize: 1 << 20 };
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('HPACK vectors', () => {
  for (const { name, story } of stories()) {
    it(`decodes ${name}, and what we encode of it`, () => {
      const decoder = new HpackDecoder(ROOMY);
      const encoder = new HpackEncoder();
      const back = new HpackDecoder(USUAL);
      for (const { wire, headers, header_table_size } of story.cases) {
        const expected = toFields(headers);
        assert.deepEqual(decoder.decode(hex(wire)).fields, expected);
        if (typeof header_table_size === 'number') encoder.setMaxTableSize(header_table_size);
        const block = new HeaderBlock(expected);
        for (let round = 0; round < 3; round++) assert.deepEqual(back.decode(encode(encoder, block)).fields, expected);
        assert.equal(encoder.tableSize, back.tableSize);
      }
    });
  }
});

describe('Huffman coding', () => {
  it('codes the examples of RFC 7541 appendix C', () => {
    const out = Buffer.alloc(64);
    const end = huffmanEncode('www.example.com', out, 0);
    assert.equal(out.toString('hex', 0, end), 'f1e3c2e5f23a6ba0ab90f4ff');
    assert.equal(huffmanLength('www.example.com'), 12);
    assert.equal(huffmanDecode(hex('9d29ad171863c78f0b97c8e9ae82ae43d3'), 0, 17), 'https://www.example.com');
  });

  it('gives every octet back', () => {
    const text = Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 7) & 0xff)).toString('latin1');
    const out = Buffer.alloc(2048);
    assert.equal(huffmanDecode(out, 0, huffmanEncode(text, out, 0)), text);
  });

  it('refuses EOS, padding of eight bits, and padding with a zero', () => {
    for (const wrong of ['ffffffff', '1fff', '18'])
      assert.throws(() => huffmanDecode(hex(wrong), 0, wrong.length / 2), HpackError, wrong);
  });
});

describe('HPACK decoder', () => {
  const refuse = (wire: string, message: RegExp): void => {
    assert.throws(
      () => new HpackDecoder(USUAL).decode(hex(wire)),
      (error) => error instanceof HpackError && message.test(error.message),
    );
  };

  it('refuses what RFC 7541 calls a decoding error', () => {
    refuse('80', /index 0/);
    refuse('be', /index 62/);
    refuse('82 20', /behind a field/);
    refuse('3f e2 1f', /table size of 4097/);
    refuse('ff ff ff ff ff 0f', /too long/);
    refuse('ff 80', /inside an integer/);
    refuse('40 05 61', /longer than its block/);
    refuse('40', /inside a field/);
  });

  it('takes size updates at the start of a block, two in a row as well', () => {
    const decoder = new HpackDecoder(USUAL);
    decoder.decode(hex('40 01 61 01 62'));
    assert.equal(decoder.tableSize, 34);
    assert.deepEqual(decoder.decode(hex('20 3f e1 1f 82')).fields, fields([':method', 'GET']));
    assert.equal(decoder.tableSize, 0);
  });

  it('stops keeping fields of a list that is over the limit, but keeps its table in step', () => {
    const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 100 });
    const big = Buffer.concat([hex('40 01 61 28'), Buffer.alloc(40, 'x'), Buffer.alloc(10_000, 0xbe)]);
    const { fields: kept, tooLarge } = decoder.decode(big);
    assert.equal(tooLarge, true);
    assert.equal(kept.length, 1);
    assert.deepEqual(decoder.decode(hex('be')).fields, fields(['a', 'x'.repeat(40)]));
  });

  it('does not take a block for one that meant something else before the table changed', () => {
    const decoder = new HpackDecoder(USUAL);
    decoder.decode(hex('40 01 61 01 62'));
    assert.deepEqual(decoder.decode(hex('be')).fields, fields(['a', 'b']));
    decoder.decode(hex('40 01 63 01 64'));
    assert.deepEqual(decoder.decode(hex('be')).fields, fields(['c', 'd']));
  });
});

describe('HPACK encoder', () => {
  const request = fields(
    [':method', 'POST'],
    [':path', '/shop.Cart/Add'],
    ['x-user', '7'],
    ['authorization', 'secret'],
  );

  it('sends a repeated list from its cached form, and encodes anew once the table has changed', () => {
    const encoder = new HpackEncoder();
    const decoder = new HpackDecoder(USUAL);
    const block = new HeaderBlock(request);
    const lengths = [1, 2, 3].map(() => {
      const bytes = encode(encoder, block);
      assert.deepEqual(decoder.decode(bytes).fields, request);
      return bytes.length;
    });
    assert.ok(lengths[0]! > lengths[1]!);
    assert.equal(lengths[1], lengths[2]);
    const cached = block.encoded;
    assert.notEqual(cached, null);
    decoder.decode(encode(encoder, new HeaderBlock(fields(['new', 'entry']))));
    assert.deepEqual(decoder.decode(encode(encoder, block)).fields, request);
    assert.notEqual(block.encoded, cached);
  });

  it('keeps the cached forms of several blocks apart when all are written into one buffer', () => {
    const blocks = ['/a', '/bb', '/ccc'].map((path) => new HeaderBlock(fields([':path', path], ['x-same', 'same'])));
    const [encoder, decoder] = [new HpackEncoder(), new HpackDecoder(USUAL)];
    const [out, read] = [Buffer.alloc(1000), Buffer.alloc(1000)];
    for (let round = 0; round < 4; round++)
      for (const block of blocks) {
        const end = encoder.encode(block, out, 0);
        out.copy(read, 0, 0, end);
        assert.deepEqual(decoder.decode(read, 0, end).fields, block.fields);
      }
  });

  it('does not lend the cached form to another connection', () => {
    const block = new HeaderBlock(request);
    const first = new HpackEncoder();
    encode(first, block);
    encode(first, block);
    assert.deepEqual(new HpackDecoder(USUAL).decode(encode(new HpackEncoder(), block)).fields, request);
  });

  it('agrees with its decoder on many connections that say much the same, in whatever order', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const kept = Array.from({ length: 12 }, (_, i) =>
      fields([':path', `/${i % 5}`], ['x-a', `${i % 4}`], ['x-b', 'b'.repeat(i)], ['authorization', `${i}`]),
    ).map((list) => new HeaderBlock(list));
    const once = (): HeaderBlock =>
      new HeaderBlock(fields(['x-once', `${random(1e6)}`], ['x-a', `${random(9)}`]), false);
    const connections = Array.from({ length: 8 }, () => ({
      encoder: new HpackEncoder(),
      decoder: new HpackDecoder(USUAL),
    }));
    let hits = 0;
    for (let round = 0; round < 4000; round++) {
      const { encoder, decoder } = connections[random(connections.length)]!;
      if (random(500) === 0) encoder.setMaxTableSize(random(2) === 0 ? 64 : 4096);
      const block = random(20) === 0 ? once() : kept[random(round < 200 ? 2 : kept.length)]!;
      const before = block.encoded;
      assert.deepEqual(decoder.decode(encode(encoder, block)).fields, block.fields);
      assert.equal(decoder.tableSize, encoder.tableSize);
      if (before !== null && block.encoded === before) hits++;
    }
    assert.ok(hits > 500, `${hits} blocks were taken from their encoded form`);
  });

  it('lends what one connection has encoded and decoded to all others that are as far', () => {
    const block = new HeaderBlock(request);
    const forms = [1, 2, 3].map(() => {
      const [encoder, decoder] = [new HpackEncoder(), new HpackDecoder(USUAL)];
      const first = decoder.decode(encode(encoder, block));
      const second = decoder.decode(encode(encoder, block));
      return [first, second, block.encoded];
    });
    assert.deepEqual(forms[1], forms[2]);
    assert.equal(forms[1]![0], forms[2]![0]);
    assert.equal(forms[1]![1], forms[2]![1]);
  });

  it('never puts secrets into the table, nor the ninth value of a name', () => {
    const encoder = new HpackEncoder();
    encode(encoder, new HeaderBlock(fields(['authorization', 'secret'], ['grpc-timeout', '1S'])));
    assert.equal(encoder.tableSize, 0);
    for (let id = 0; id < 20; id++) encode(encoder, new HeaderBlock(fields(['x-id', `${id}`.padStart(2)])));
    assert.equal(encoder.tableSize, 8 * (4 + 2 + 32));
  });

  it('tells both sizes when the table was lowered and raised again between two blocks', () => {
    const encoder = new HpackEncoder();
    encode(encoder, new HeaderBlock(request));
    encoder.setMaxTableSize(0);
    encoder.setMaxTableSize(8192);
    const bytes = encode(encoder, new HeaderBlock(fields([':method', 'GET'])));
    assert.equal(bytes.toString('hex'), '203fe11f82');
    assert.equal(encoder.tableSize, 0);
  });
});
