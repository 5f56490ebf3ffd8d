// RFC 7541, appendix C: sequences of blocks with the table that each leaves behind.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HpackDecoder } from './decoder.ts';
import { HeaderBlock, HpackEncoder } from './encoder.ts';

type Pairs = [name: string, value: string][];

interface Example {
  readonly wire: string;
  readonly fields: Pairs;
  /** Octets of the dynamic table afterwards. */
  readonly tableSize: number;
}

const REQUESTS: readonly { fields: Pairs; tableSize: number }[] = [
  {
    fields: [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ],
    tableSize: 57,
  },
  {
    fields: [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
      ['cache-control', 'no-cache'],
    ],
    tableSize: 110,
  },
  {
    fields: [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':path', '/index.html'],
      [':authority', 'www.example.com'],
      ['custom-key', 'custom-value'],
    ],
    tableSize: 164,
  },
];

const LATER = 'Mon, 21 Oct 2013 20:13:22 GMT';
const COMMON: Pairs = [
  ['cache-control', 'private'],
  ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
  ['location', 'https://www.example.com'],
];
/** With a table of 256 octets, so that entries are driven out. */
const RESPONSES: readonly { fields: Pairs; tableSize: number }[] = [
  { fields: [[':status', '302'], ...COMMON], tableSize: 222 },
  { fields: [[':status', '307'], ...COMMON], tableSize: 222 },
  {
    fields: [
      [':status', '200'],
      ['cache-control', 'private'],
      ['date', LATER],
      ['location', 'https://www.example.com'],
      ['content-encoding', 'gzip'],
      ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
    ],
    tableSize: 215,
  },
];

const withWires = (examples: readonly { fields: Pairs; tableSize: number }[], wires: readonly string[]): Example[] =>
  examples.map((example, at) => ({ ...example, wire: wires[at]! }));

const SEQUENCES: Record<string, { maxTableSize: number; examples: Example[] }> = {
  'C.3 requests without Huffman coding': {
    maxTableSize: 4096,
    examples: withWires(REQUESTS, [
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ]),
  },
  'C.4 requests with Huffman coding': {
    maxTableSize: 4096,
    examples: withWires(REQUESTS, [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ]),
  },
  'C.5 responses without Huffman coding': {
    maxTableSize: 256,
    examples: withWires(RESPONSES, [
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54' +
        '6e1768747470733a2f2f7777772e6578616d706c652e636f6d',
      '4803333037c1c0bf',
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b42' +
        '5a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
    ]),
  },
  'C.6 responses with Huffman coding': {
    maxTableSize: 256,
    examples: withWires(RESPONSES, [
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
      '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f36' +
        '72c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ]),
  },
};

const pairsOf = (fields: readonly { name: string; value: string }[]): Pairs =>
  fields.map(({ name, value }) => [name, value]);

describe('RFC 7541, appendix C', () => {
  for (const [what, { maxTableSize, examples }] of Object.entries(SEQUENCES)) {
    // A second connection hears the same: what was learnt from the first must hold for its own table.
    for (const connection of ['first', 'second'])
      it(`${what}, on a ${connection} connection`, () => {
        const decoder = new HpackDecoder({ maxTableSize, maxListSize: 1 << 16 });
        for (const { wire, fields, tableSize } of examples) {
          assert.deepEqual(pairsOf(decoder.decode(Buffer.from(wire, 'hex')).fields), fields);
          assert.equal(decoder.tableSize, tableSize);
        }
      });

    it(`${what}, each block from the middle of a larger buffer`, () => {
      const decoder = new HpackDecoder({ maxTableSize, maxListSize: 1 << 16 });
      for (const { wire, fields } of examples) {
        const bytes = Buffer.from(`ffff${wire}ffff`, 'hex');
        assert.deepEqual(pairsOf(decoder.decode(bytes, 2, bytes.length - 2).fields), fields);
      }
    });

    it(`${what}, cut short anywhere, are an error or a shorter list, never a field that was not there`, () => {
      for (const [at, { wire, fields }] of examples.entries()) {
        const bytes = Buffer.from(wire, 'hex');
        for (let end = 0; end < bytes.length; end++) {
          const decoder = new HpackDecoder({ maxTableSize, maxListSize: 1 << 16 });
          for (const before of examples.slice(0, at)) decoder.decode(Buffer.from(before.wire, 'hex'));
          let got: Pairs;
          try {
            got = pairsOf(decoder.decode(bytes, 0, end).fields);
          } catch (error) {
            assert.match((error as Error).name + (error as Error).message, /inside|longer than its block|padding/);
            continue;
          }
          assert.deepEqual(got, fields.slice(0, got.length));
        }
      }
    });
  }

  it('C.4 requests are encoded to the very same octets', () => {
    const encoder = new HpackEncoder();
    for (const { wire, fields, tableSize } of SEQUENCES['C.4 requests with Huffman coding']!.examples) {
      const block = new HeaderBlock(fields.map(([name, value]) => ({ name, value })));
      const out = Buffer.alloc(block.maxLength);
      const end = encoder.encode(block, out, 0);
      assert.equal(out.toString('hex', 0, end), wire);
      assert.equal(encoder.tableSize, tableSize);
    }
  });

  it('C.2 literals go into the table only where they say so', () => {
    const cases: [wire: string, pair: [string, string], tableSize: number][] = [
      ['400a637573746f6d2d6b65790d637573746f6d2d686561646572', ['custom-key', 'custom-header'], 55],
      ['040c2f73616d706c652f70617468', [':path', '/sample/path'], 0],
      ['100870617373776f726406736563726574', ['password', 'secret'], 0],
      ['82', [':method', 'GET'], 0],
    ];
    for (const [wire, pair, tableSize] of cases) {
      const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1 << 16 });
      assert.deepEqual(pairsOf(decoder.decode(Buffer.from(wire, 'hex')).fields), [pair]);
      assert.equal(decoder.tableSize, tableSize);
    }
  });
});

describe('integers', () => {
  /** RFC 7541 section 5.1, written from its pseudocode. */
  function writeInteger(prefixBits: number, flags: number, value: number): number[] {
    const most = 2 ** prefixBits - 1;
    if (value < most) return [flags | value];
    const octets = [flags | most];
    let rest = value - most;
    for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
    return [...octets, rest];
  }

  it('as sizes of the table, at all borders of their octets', () => {
    const maxTableSize = 2 ** 27;
    const decoder = new HpackDecoder({ maxTableSize, maxListSize: 1 << 16 });
    for (const size of [0, 1, 30, 31, 32, 157, 158, 159, 1337, 16_413, 16_414, 2_097_181, 2_097_182, maxTableSize])
      assert.deepEqual(decoder.decode(Buffer.from([...writeInteger(5, 0x20, size), 0x82])).fields.length, 1, `${size}`);
    assert.throws(
      () => decoder.decode(Buffer.from(writeInteger(5, 0x20, maxTableSize + 1))),
      /table size of 134217729, over the announced 134217728/,
    );
  });

  it('as lengths of strings, at all borders of their octets', () => {
    for (const length of [0, 1, 126, 127, 128, 254, 255, 256, 16_510, 16_511, 16_512]) {
      const bytes = Buffer.from([0x00, 1, 0x61, ...writeInteger(7, 0, length), ...Buffer.alloc(length, 'v')]);
      const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1 << 20 });
      assert.deepEqual(decoder.decode(bytes).fields, [{ name: 'a', value: 'v'.repeat(length) }]);
    }
  });

  it('with needless zeros behind them are read, without end they are refused', () => {
    const decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize: 1 << 16 });
    assert.deepEqual(pairsOf(decoder.decode(Buffer.from('3f8080800082', 'hex')).fields), [[':method', 'GET']]);
    assert.throws(() => decoder.decode(Buffer.from('3f8080808000', 'hex')), /too long/);
  });
});
