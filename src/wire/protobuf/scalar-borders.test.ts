// Scalars at the borders of their types, from JSON to the wire and back, beside what protobuf-es makes of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createFileRegistry, type DescMessage, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { ProtoRegistry, SchemaCache } from './proto-registry.ts';
import { decodeToJson, plainObjects } from './reference-decoder.ts';
import { encodeJsonText } from './reference-encoder.ts';
import { stringifyRequest } from './request-text.ts';

const PROTOSET = readFileSync(new URL('../../../test/conformance/lab/lab.protoset', import.meta.url));
const registry = new ProtoRegistry(new SchemaCache());
registry.loadProtoset(PROTOSET);
const { input: codec } = registry.method('/lab.v1.Lab/Types')!;
const oracle = createFileRegistry(fromBinary(FileDescriptorSetSchema, PROTOSET)).getMessage(
  'lab.v1.AllTypes',
) as DescMessage;

const fieldNamed = (name: string) => oracle.fields.find((field) => field.jsonName === name)!;
const tagOf = (name: string, wireType: number): Buffer =>
  varint((BigInt(fieldNamed(name).number) << 3n) | BigInt(wireType));

/** @param longer octets more than it needs */
function varint(value: bigint, longer = 0): Buffer {
  const octets: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) octets.push(Number(rest & 127n) | 128);
  octets.push(Number(rest));
  for (let more = 0; more < longer; more++) {
    octets[octets.length - 1]! |= 128;
    octets.push(0);
  }
  return Buffer.from(octets);
}

/** Both of our decoders have to give the same. */
function decode(bytes: Uint8Array): Record<string, unknown> {
  const fast = codec.decode(bytes, registry.findType) as Record<string, unknown>;
  assert.deepEqual(fast, decodeToJson(codec.type, bytes, registry.findType, plainObjects));
  return fast;
}

/** Both of our encoders have to give the same, or refuse both. */
function encode(message: object): Buffer | null {
  let fast: Buffer | null = null;
  let why = '';
  try {
    fast = Buffer.from(codec.encode(message, registry.findType));
  } catch (error) {
    why = (error as Error).message;
  }
  let slow: Buffer | null = null;
  try {
    slow = Buffer.from(encodeJsonText(codec.type, stringifyRequest(message), registry.findType));
  } catch (error) {
    assert.equal((error as Error).message, why, JSON.stringify(message));
  }
  assert.deepEqual(fast, slow, JSON.stringify(message));
  return fast;
}

function theirs<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}

const BORDERS: bigint[] = [0, 1, 7, 8, 14, 21, 28, 31, 32, 35, 42, 49, 53, 56, 63, 64].flatMap((bits) => {
  const power = 1n << BigInt(bits);
  return [power - 2n, power - 1n, power, power + 1n, -power + 1n, -power, -power - 1n];
});

const VARINTS = ['anInt32', 'aUint32', 'aSint32', 'anInt64', 'aUint64', 'aSint64', 'aBool', 'aColour', 'maybe'];
const FIXED: [name: string, size: 4 | 8][] = [
  ['aFixed32', 4],
  ['aSfixed32', 4],
  ['aFixed64', 8],
  ['aSfixed64', 8],
];
const WHOLE = VARINTS.filter((name) => name !== 'aBool' && name !== 'aColour').concat(FIXED.map(([name]) => name));

describe('varints on the wire', () => {
  for (const name of VARINTS)
    test(`mean for ${name} what they mean for protobuf-es, at all borders`, () => {
      for (const value of BORDERS.filter((border) => border >= -(1n << 63n) && border < 1n << 64n)) {
        const bytes = Buffer.concat([tagOf(name, 0), varint(value)]);
        const expected = toJson(oracle, fromBinary(oracle, bytes), { alwaysEmitImplicit: true }) as Record<
          string,
          unknown
        >;
        assert.deepEqual(decode(bytes)[name], expected[name], `${value}`);
      }
    });

  test('may be longer than they need, up to ten octets', () => {
    for (const name of VARINTS)
      for (const value of [0n, 1n, 5n, 127n, 300n, 0x7fff_ffffn])
        for (let longer = 1; varint(value, longer).length <= 10; longer++) {
          const bytes = Buffer.concat([tagOf(name, 0), varint(value, longer)]);
          assert.deepEqual(
            decode(bytes)[name],
            decode(Buffer.concat([tagOf(name, 0), varint(value)]))[name],
            `${name} ${value}`,
          );
        }
  });

  test('of eleven octets, of more than 64 bits, or cut off are refused', () => {
    for (const name of VARINTS)
      for (const wrong of [
        Buffer.alloc(11, 0x80).fill(1, 10),
        Buffer.alloc(10, 0xff).fill(2, 9),
        Buffer.alloc(10, 0xff),
        Buffer.alloc(3, 0xff),
        Buffer.alloc(0),
      ])
        assert.throws(() => codec.decode(Buffer.concat([tagOf(name, 0), wrong]), registry.findType), /proto:/, name);
  });

  test('that are tags may be longer than they need, but have 32 bits and a number', () => {
    const { number } = fieldNamed('anInt32');
    for (let longer = 1; longer <= 3; longer++)
      assert.equal(decode(Buffer.concat([varint(BigInt(number << 3), longer), varint(7n)]))['anInt32'], 7, `${longer}`);
    for (const tag of [0n, 1n, 2n, 5n, 1n << 32n, (1n << 35n) | BigInt(number << 3)])
      assert.throws(
        () => codec.decode(Buffer.concat([varint(tag), varint(0n)]), registry.findType),
        /proto:/,
        `${tag}`,
      );
    // The highest number that a field may have is unknown here, and passed over.
    const highest = varint((536_870_911n << 3n) | 0n);
    assert.equal(decode(Buffer.concat([highest, varint(1n), tagOf('anInt32', 0), varint(9n)]))['anInt32'], 9);
  });

  test('are passed over in fields that are unknown, of each kind', () => {
    const unknown = 1000n << 3n;
    const known = Buffer.concat([tagOf('anInt32', 0), varint(9n)]);
    for (const [wireType, body] of [
      [0n, varint(1n << 63n)],
      [1n, Buffer.alloc(8, 0xff)],
      [2n, Buffer.concat([varint(3n), Buffer.from('abc')])],
      [2n, varint(0n)],
      [5n, Buffer.alloc(4, 0xff)],
      [3n, Buffer.concat([varint(8n), varint(5n), varint(unknown | 3n), varint(unknown | 4n), varint(unknown | 4n)])],
    ] as const) {
      const field = Buffer.concat([varint(unknown | wireType), body]);
      assert.equal(decode(Buffer.concat([field, known, field]))['anInt32'], 9, `wire type ${wireType}`);
      for (let end = 1; end < field.length; end++)
        assert.throws(
          () => codec.decode(field.subarray(0, end), registry.findType),
          /proto:/,
          `${wireType} cut at ${end}`,
        );
    }
    for (const wireType of [4n, 6n, 7n])
      assert.throws(
        () => codec.decode(varint(unknown | wireType), registry.findType),
        /proto:/,
        `wire type ${wireType}`,
      );
    // A group ends with its own number.
    const wrongEnd = Buffer.concat([varint(unknown | 3n), varint((1001n << 3n) | 4n)]);
    assert.throws(() => codec.decode(wrongEnd, registry.findType), /proto:/);
  });
});

test('fixed numbers mean what they mean for protobuf-es', () => {
  for (const [name, size] of FIXED)
    for (const border of BORDERS) {
      const value = Buffer.alloc(8);
      value.writeBigUInt64LE(BigInt.asUintN(64, border));
      const bytes = Buffer.concat([tagOf(name, size === 4 ? 5 : 1), value.subarray(0, size)]);
      const expected = toJson(oracle, fromBinary(oracle, bytes), { alwaysEmitImplicit: true }) as Record<
        string,
        unknown
      >;
      assert.deepEqual(decode(bytes)[name], expected[name], `${name} ${border}`);
      assert.throws(() => codec.decode(bytes.subarray(0, -1), registry.findType), /proto:/);
    }
});

describe('whole numbers in JSON', () => {
  /** Written in all the ways in which JSON can. */
  const forms = (value: bigint): unknown[] => {
    const number = Number(value);
    return BigInt(number) === value
      ? [number, `${value}`, `${value}.0`, `${value}e0`, value === 0n ? '0e5' : `${value}00e-2`]
      : [`${value}`];
  };

  for (const name of WHOLE)
    test(`go as ${name}, or are refused, as protobuf-es has it`, () => {
      for (const border of BORDERS)
        for (const form of forms(border)) {
          // What counts is the text: beyond 2^53 JSON writes a number by the fewest digits, protobuf-es would take its very value.
          const plain = typeof form === 'number' ? String(form) : `${border}`;
          const expected = theirs(() => Buffer.from(toBinary(oracle, fromJson(oracle, { [name]: plain }))));
          assert.deepEqual(encode({ [name]: form }), expected, `${name}: ${JSON.stringify(form)}`);
        }
    });

  test('are refused where they are none', () => {
    for (const name of WHOLE)
      for (const wrong of [
        0.5,
        -0.1,
        1e-300,
        '0.5',
        '',
        ' 1',
        '1 ',
        '+1',
        '01',
        '0x1',
        '1e',
        '.5',
        '1.',
        '--1',
        'NaN',
        'Infinity',
        true,
        {},
        [],
        '١',
      ])
        assert.equal(encode({ [name]: wrong }), null, `${name}: ${JSON.stringify(wrong)}`);
  });

  test('come back as they went, numbers of 64 bits as text', () => {
    for (const name of WHOLE)
      for (const border of BORDERS) {
        const bytes = encode({ [name]: `${border}` });
        if (bytes === null) continue;
        assert.equal(String(decode(bytes)[name]), `${border}`, name);
        assert.equal(typeof decode(bytes)[name], name.endsWith('64') ? 'string' : 'number', name);
      }
  });
});

describe('fractions', () => {
  const doubles = [
    0,
    -0,
    1,
    -1,
    0.1,
    1 / 3,
    5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** 53,
    2 ** 53 + 2,
    1e21,
    1e-7,
    123456789.123,
  ];
  test('are written to the bit', () => {
    for (const value of doubles) {
      const bytes = encode({ aDouble: value })!;
      // Zero is not written; minus zero is another number, but JSON has none.
      if (value === 0) assert.equal(bytes.length, 0);
      else assert.ok(Object.is(bytes.readDoubleLE(bytes.length - 8), value), `${value}`);
      assert.deepEqual(decode(bytes)['aDouble'], value === 0 ? 0 : value);
    }
    for (const [value, shown] of [
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      ['-Infinity', '-Infinity'],
    ])
      for (const name of ['aDouble', 'aFloat']) assert.equal(decode(encode({ [name]: value })!)[name], shown);
  });

  test('of 32 bits are shown by the shortest text that means the same, each kind of exponent', () => {
    const view = new DataView(new ArrayBuffer(4));
    let bits = 1;
    for (let round = 0; round < 3000; round++) {
      bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
      view.setUint32(0, bits);
      const value = view.getFloat32(0);
      if (!Number.isFinite(value)) continue;
      const shown = decode(encode({ aFloat: value })!)['aFloat'] as number;
      assert.equal(Math.fround(shown), value);
      const digits = String(Math.abs(shown))
        .replace(/e.*/, '')
        .replace('.', '')
        .replace(/^0+|0+$/g, '').length;
      if (digits > 1)
        assert.notEqual(Math.fround(Number(value.toPrecision(digits - 1))), value, `${value} is shown as ${shown}`);
    }
  });

  test('beyond what 32 bits hold are refused, at the border itself', () => {
    const most = 3.4028234663852886e38;
    assert.equal(decode(encode({ aFloat: most })!)['aFloat'], 3.4028235e38);
    assert.notEqual(encode({ aFloat: 3.4028235e38 }), null);
    for (const value of [3.5e38, -3.5e38, 1e300, '1e39']) assert.equal(encode({ aFloat: value }), null, `${value}`);
    assert.equal(encode({ aDouble: '1e400' }), null);
  });
});

describe('octets and text', () => {
  test('of base64 in both alphabets, padded or not, of each length', () => {
    for (let length = 0; length < 70; length++) {
      const octets = Buffer.from(Array.from({ length }, (_, at) => (at * 37 + length * 11) & 255));
      const standard = octets.toString('base64');
      const url = octets.toString('base64url');
      for (const form of [
        standard,
        standard.replaceAll('=', ''),
        url,
        url + standard.slice(standard.replaceAll('=', '').length),
      ])
        assert.equal(decode(encode({ aBytes: form })!)['aBytes'], standard, form);
    }
    for (const wrong of ['A', 'AAAAA', 'A===', 'AA=A', '=', 'A A=', 'AA\n=', 'Ä', '+/-_', 'AAA=A', 'AA=', 7, null, {}])
      assert.deepEqual(encode({ aBytes: wrong }), wrong === null ? Buffer.alloc(0) : null, JSON.stringify(wrong));
  });

  test('of UTF-8 of each length around those that are read in another way', () => {
    for (const unit of ['a', 'é', '€', '😀', '\0', '\ufffd', '\u2028'])
      for (const before of ['', 'x', 'xxxxxxx'])
        for (let count = 0; count < 60; count++) {
          const text = before + unit.repeat(count);
          assert.equal(decode(encode({ aString: text })!)['aString'], text);
        }
  });

  test('that are no UTF-8 are refused, wherever the wrong octet lies', () => {
    for (const wrong of [
      'ff',
      '80',
      'c0af',
      'c1bf',
      'e0809f',
      'eda080',
      'f4908080',
      'f5808080',
      'c3',
      'e282',
      'f09f98',
    ])
      for (const length of [0, 1, 5, 7, 8, 9, 16, 17, 24, 25, 60]) {
        const octets = Buffer.from('78'.repeat(length) + wrong, 'hex');
        const bytes = Buffer.concat([tagOf('aString', 2), varint(BigInt(octets.length)), octets]);
        assert.throws(() => codec.decode(bytes, registry.findType), /UTF-8/, `${wrong} behind ${length}`);
      }
  });

  test('longer than what follows, or of a length beyond all measure, are refused', () => {
    for (const name of ['aString', 'aBytes', 'anInner'])
      for (const length of [1n, 127n, 128n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 35n, (1n << 64n) - 1n])
        assert.throws(
          () => codec.decode(Buffer.concat([tagOf(name, 2), varint(length)]), registry.findType),
          /proto:/,
          `${name} ${length}`,
        );
  });
});

describe('repeated numbers', () => {
  test('come packed, one by one, or mixed, and in empty packs', () => {
    const pack = (...values: bigint[]): Buffer => {
      const body = Buffer.concat(values.map((value) => varint(value)));
      return Buffer.concat([tagOf('ints', 2), varint(BigInt(body.length)), body]);
    };
    const one = (value: bigint): Buffer => Buffer.concat([tagOf('ints', 0), varint(value)]);
    for (const [parts, expected] of [
      [[pack(1n, -1n, 300n)], [1, -1, 300]],
      [
        [one(1n), one(-1n)],
        [1, -1],
      ],
      [
        [pack(1n), one(2n), pack(), pack(3n, 4n), one(5n)],
        [1, 2, 3, 4, 5],
      ],
      [[pack()], []],
    ] as const)
      assert.deepEqual(decode(Buffer.concat(parts))['ints'], expected);
    // A pack that ends within a number.
    const torn = Buffer.concat([tagOf('ints', 2), varint(1n), Buffer.of(0x80), one(1n)]);
    assert.throws(() => codec.decode(torn, registry.findType), /proto:/);
  });

  test('that come twice where one is meant: the last counts, and of a choice the last member', () => {
    const twice = Buffer.concat([tagOf('anInt32', 0), varint(1n), tagOf('anInt32', 0), varint(2n)]);
    assert.equal(decode(twice)['anInt32'], 2);
    const text = Buffer.concat([tagOf('choiceText', 2), varint(1n), Buffer.from('x')]);
    const number = Buffer.concat([tagOf('choiceNumber', 0), varint(5n)]);
    for (const [bytes, name] of [
      [Buffer.concat([text, number]), 'choiceNumber'],
      [Buffer.concat([number, text]), 'choiceText'],
      [Buffer.concat([number, text, number]), 'choiceNumber'],
    ] as const)
      assert.deepEqual(
        Object.keys(decode(bytes)).filter((key) => key.startsWith('choice')),
        [name],
      );
  });

  test('in maps: keys at their borders, entries without key or value, and the last of a key', () => {
    const entry = (name: string, ...parts: Buffer[]): Buffer => {
      const body = Buffer.concat(parts);
      return Buffer.concat([tagOf(name, 2), varint(BigInt(body.length)), body]);
    };
    const key = (value: bigint): Buffer => Buffer.concat([varint(8n), varint(value)]);
    const name = (text: string): Buffer =>
      Buffer.concat([varint(10n), varint(BigInt(Buffer.byteLength(text))), Buffer.from(text)]);
    const number = (value: bigint): Buffer => Buffer.concat([varint(16n), varint(value)]);
    assert.deepEqual(decode(entry('byName', name('a'), number(7n)))['byName'], { a: 7 });
    assert.deepEqual(decode(entry('byName', number(7n), name('a')))['byName'], { a: 7 }, 'the value first');
    assert.deepEqual(decode(entry('byName'))['byName'], { '': 0 });
    assert.deepEqual(decode(entry('byName', number(7n)))['byName'], { '': 7 });
    assert.deepEqual(
      decode(Buffer.concat([entry('byName', name('a'), number(1n)), entry('byName', name('a'))]))['byName'],
      { a: 0 },
    );
    const proto = decode(entry('byName', name('__proto__'), number(7n)))['byName'] as object;
    assert.deepEqual([Object.keys(proto), Object.getPrototypeOf(proto)], [['__proto__'], Object.prototype]);
    for (const id of [0n, -1n, (1n << 31n) - 1n, -(1n << 31n)])
      assert.deepEqual(Object.keys(decode(entry('byId', key(id)))['byId'] as object), [`${id}`]);
    for (const wrong of ['', '1.5', '2147483648', '-2147483649', '1e3', ' 1', 'x'])
      assert.equal(encode({ byId: { [wrong]: {} } }), null, wrong);
  });
});
