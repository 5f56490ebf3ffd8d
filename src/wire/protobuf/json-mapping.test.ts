// The JSON mapping and its error texts, as k6 has them (wire.md, "The JSON form").
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProtoDecodeError, ProtoFormError, ProtoJsonError } from './codec-errors.ts';
import type { MessageCodec } from './message-codec.ts';
import { ProtoRegistry, SchemaCache } from './proto-registry.ts';

const SOURCES: Record<string, string> = {
  'new.proto': `syntax = "proto3";
package zoo;
import "google/protobuf/any.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Size { SMALL = 0; BIG = 1; alias_of_none = 2; }
message M {
  int32 i32 = 1;
  int64 i64 = 2;
  uint32 u32 = 3;
  float f = 4;
  double d = 5;
  string s = 6;
  bytes b = 7;
  Size size = 8;
  M child = 9;
  repeated M children = 10;
  map<string, int64> map = 11;
  oneof o { int32 oa = 12; int32 ob = 13; }
  optional int32 maybe = 14;
  google.protobuf.Any any = 15;
  google.protobuf.Value value = 16;
  google.protobuf.NullValue nothing = 17;
  string own_name = 18 [json_name = "renamed"];
  int32 __proto__ = 19 [json_name = "__proto__"];
  int32 constructor = 20;
  google.protobuf.Timestamp at = 21;
  repeated google.protobuf.Value values = 22;
  map<bool, Size> flags = 23;
  google.protobuf.StringValue text = 24;
}
service S { rpc Do(M) returns (M); }`,
  'old.proto': `syntax = "proto2";
package zoo.old;
message R {
  required string id = 1;
  optional int32 count = 2 [default = 7];
  optional group Grp = 3 { optional int32 n = 1; }
  repeated group Many = 4 { optional int32 n = 1; }
  extensions 100 to 200;
}
extend R { optional int32 more = 100; }
service S { rpc Do(R) returns (R); }`,
};

const registry = new ProtoRegistry(new SchemaCache());
registry.load([''], Object.keys(SOURCES), (file) => SOURCES[file]);
const codec = registry.method('/zoo.S/Do')!.input;
const old = registry.method('/zoo.old.S/Do')!.input;

const encode = (value: unknown, of: MessageCodec = codec): Buffer => Buffer.from(of.encode(value, registry.findType));
const decode = (hex: string, of: MessageCodec = codec): Record<string, unknown> =>
  of.decode(Buffer.from(hex, 'hex'), registry.findType) as Record<string, unknown>;
const there = (value: object, of: MessageCodec = codec): Record<string, unknown> =>
  of.decode(encode(value, of), registry.findType) as Record<string, unknown>;
const refuses = (value: unknown, message: string, of: MessageCodec = codec): void =>
  assert.throws(() => encode(value, of), new ProtoJsonError(message));

describe('a request', () => {
  test('is refused with the place of what is wrong', () => {
    refuses({ i32: 2_147_483_648 }, 'proto: (line 1:8): invalid value for int32 field i32: 2147483648');
    refuses({ i32: 1.5 }, 'proto: (line 1:8): invalid value for int32 field i32: 1.5');
    refuses({ s: 5 }, 'proto: (line 1:6): invalid value for string field s: 5');
    refuses({ f: 1e39 }, 'proto: (line 1:6): invalid value for float field f: 1e+39');
    refuses({ d: 'inf' }, 'proto: (line 1:6): invalid value for double field d: "inf"');
    refuses({ size: 'HUGE' }, 'proto: (line 1:9): invalid value for enum field size: "HUGE"');
    refuses({ s: '😀', nope: 1 }, 'proto: (line 1:10): unknown field "nope"');
    refuses({ chlid: {} }, 'proto: (line 1:2): unknown field "chlid"; did you mean "child"?');
    refuses({ own_naem: 'x' }, 'proto: (line 1:2): unknown field "own_naem"');
    refuses({ child: { nope: 1 } }, 'proto: (line 1:11): unknown field "nope"');
    refuses({ child: 'x' }, 'proto: syntax error (line 1:10): unexpected token "x"');
    refuses({ children: {} }, 'proto: syntax error (line 1:13): unexpected token {');
    refuses({ children: [null] }, 'proto: syntax error (line 1:14): unexpected token null');
    refuses({ ownName: 'x' }, 'proto: (line 1:2): unknown field "ownName"');
    refuses({ oa: 1, ob: 2 }, 'proto: (line 1:9): error parsing "ob", oneof zoo.M.o is already set');
    refuses({ own_name: 'a', renamed: 'b' }, 'proto: (line 1:17): duplicate field "renamed"');
    refuses({ any: { '@type': 'x/zoo.Unknown' } }, 'proto: (line 1:8): unable to resolve "x/zoo.Unknown": "not found"');
    refuses({ flags: { yes: 1 } }, 'proto: (line 1:11): invalid value for bool key: "yes"');
    refuses({ id: 'a', '[zoo.old.more]': 1 }, 'proto: (line 1:11): unknown field "[zoo.old.more]"', old);
    refuses({ count: 1 }, 'proto: required field zoo.old.R.id not set', old);
    refuses('text', 'proto: syntax error (line 1:1): unexpected token "text"');
  });

  test('that holds itself is refused as cyclic', () => {
    const loop: Record<string, unknown> = {};
    loop['child'] = loop;
    refuses(loop, 'cyclic reference to an object found');
  });

  test('takes whole numbers in every form', () => {
    assert.equal(there({ i32: '1e2' })['i32'], 100);
    assert.equal(there({ i32: 5.0, u32: '7' })['u32'], 7);
    assert.equal(there({ i64: '-9223372036854775808' })['i64'], '-9223372036854775808');
    assert.equal(there({ i64: 9_007_199_254_740_992 })['i64'], '9007199254740992');
    assert.equal(there({ i64: '-0' })['i64'], '0');
    refuses({ i32: ' 1' }, 'proto: (line 1:8): invalid value for int32 field i32: " 1"');
    refuses(
      { i64: '9223372036854775808' },
      'proto: (line 1:8): invalid value for int64 field i64: "9223372036854775808"',
    );
  });

  test('takes what JSON.stringify makes of it', () => {
    assert.equal(there({ at: new Date(0) })['at'], '1970-01-01T00:00:00Z');
    assert.deepEqual(encode({ s: undefined, d: () => 1, i32: 1 }), Buffer.from([8, 1]));
    class Request {
      i32 = 3;
      get s(): string {
        return 'inherited accessors are not enumerable';
      }
    }
    assert.deepEqual(encode(new Request()), Buffer.from([8, 3]));
    assert.deepEqual(encode(new Proxy({ i32: 3 }, {})), Buffer.from([8, 3]));
    assert.deepEqual(encode({ toJSON: () => ({ i32: 4 }) }), Buffer.from([8, 4]));
  });

  test('takes values that JSON has no form for as protojson would', () => {
    const bare = Object.create(null) as object;
    const bigInt = new TypeError('Do not know how to serialize a BigInt');
    const numbers = { i32: 'int32', u32: 'uint32', f: 'float', d: 'double', i64: 'int64' };
    for (const [field, type] of Object.entries(numbers)) {
      const at = `(line 1:${field.length + 5})`;
      assert.deepEqual(encode({ [field]: Symbol('x') }), Buffer.alloc(0), field);
      for (const value of [bare, {}, new Map(), /x/])
        refuses({ [field]: value }, `proto: ${at}: invalid value for ${type} field ${field}: {`);
      for (const value of [[], [1]])
        refuses({ [field]: value }, `proto: ${at}: invalid value for ${type} field ${field}: [`);
      for (const value of [true, false])
        refuses({ [field]: value }, `proto: ${at}: invalid value for ${type} field ${field}: ${value}`);
      assert.throws(() => encode({ [field]: 5n }), bigInt, field);
    }
    for (const field of ['s', 'b', 'size', 'child', 'children', 'map', 'oa', 'maybe', 'at', 'text', 'value']) {
      assert.deepEqual(encode({ [field]: Symbol('x') }), Buffer.alloc(0), field);
      assert.throws(() => encode({ [field]: 5n }), bigInt, field);
    }
    refuses({ s: bare }, 'proto: (line 1:6): invalid value for string field s: {');
    refuses({ b: bare }, 'proto: (line 1:6): invalid value for bytes field b: {');
    refuses({ size: bare }, 'proto: (line 1:9): invalid value for enum field size: {');
    assert.deepEqual(encode({ child: bare }), Buffer.from([0x4a, 0]));
    assert.deepEqual(encode({ map: bare }), Buffer.alloc(0));
    refuses({ map: { a: bare } }, 'proto: (line 1:13): invalid value for int64 field value: {');
    refuses({ children: [Symbol('x')] }, 'proto: syntax error (line 1:14): unexpected token null');
    assert.throws(() => encode({ map: { a: 5n } }), bigInt);
    // Boxed values count as what they hold.
    assert.deepEqual(encode({ i32: Object(3), s: Object('a') }), encode({ i32: 3, s: 'a' }));
  });

  test('keeps names that objects inherit apart from fields', () => {
    assert.deepEqual(encode({}), Buffer.alloc(0));
    assert.deepEqual(encode({ constructor: 5 }), Buffer.from([0xa0, 1, 5]));
    const own = JSON.parse('{"__proto__": 6}') as object;
    assert.deepEqual(encode(own), Buffer.from([0x98, 1, 6]));
    assert.deepEqual(Object.getOwnPropertyDescriptor(there(own), '__proto__')?.value, 6);
  });

  test('writes NaN and the infinities by number or name', () => {
    assert.equal(there({ d: Number.NaN })['d'], 'NaN');
    assert.equal(there({ f: '-Infinity' })['f'], '-Infinity');
    assert.ok(Object.is(there({ d: '-0' })['d'], -0));
  });

  test('takes either base64 alphabet, padded or not', () => {
    for (const text of ['-_-_', '+/+/', 'AA', 'AA==', '']) assert.ok(there({ b: text }));
    refuses({ b: 'A' }, 'proto: (line 1:6): invalid value for bytes field b: "A"');
    refuses({ b: '*' }, 'proto: (line 1:6): invalid value for bytes field b: "*"');
    refuses({ b: 'AA=' }, 'proto: (line 1:6): invalid value for bytes field b: "AA="');
  });

  test('tells null from unset for Value and NullValue only', () => {
    assert.deepEqual(encode({ s: null, child: null, maybe: null }), Buffer.alloc(0));
    assert.deepEqual(encode({ value: null }), Buffer.from([0x82, 1, 2, 8, 0]));
    assert.deepEqual(encode({ nothing: null }), Buffer.alloc(0));
    assert.deepEqual(there({ values: [null, 1, 'a'] })['values'], [null, 1, 'a']);
  });

  test('packs messages into Any', () => {
    const any = { '@type': 'type.googleapis.com/zoo.M', i32: 5 };
    assert.equal((there({ any })['any'] as Record<string, unknown>)['i32'], 5);
    const wrapped = { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: 'w' };
    assert.deepEqual(there({ any: wrapped })['any'], wrapped);
    assert.deepEqual(there({ any: {} })['any'], {});
    refuses({ any: { i32: 5 } }, 'proto: (line 1:8): missing "@type" field');
  });

  test('of a group goes under either name and comes back in lower case', () => {
    assert.deepEqual(encode({ id: 'a', grp: { n: 1 } }, old), Buffer.from([10, 1, 97, 0x1b, 8, 1, 0x1c]));
    assert.deepEqual(encode({ id: 'a', Grp: { n: 1 } }, old), Buffer.from([10, 1, 97, 0x1b, 8, 1, 0x1c]));
    assert.deepEqual(there({ id: 'a', grp: { n: 1 }, many: [{ n: 2 }, {}] }, old), {
      id: 'a',
      count: null,
      grp: { n: 1 },
      many: [{ n: 2 }, { n: null }],
    });
  });

  test('may be deep, but not without end', () => {
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 500; i++) deep = { child: deep };
    assert.ok(there(deep));
  });
});

describe('a reply', () => {
  test('shows defaults, null for unset messages, and leaves unset oneofs and optionals out', () => {
    assert.deepEqual(Object.keys(decode('')).sort(), [
      '__proto__',
      'any',
      'at',
      'b',
      'child',
      'children',
      'constructor',
      'd',
      'f',
      'flags',
      'i32',
      'i64',
      'map',
      'nothing',
      'renamed',
      's',
      'size',
      'text',
      'u32',
      'value',
      'values',
    ]);
    assert.equal(decode('')['i64'], '0');
    assert.equal(decode('')['size'], 'SMALL');
    assert.equal(decode('')['child'], null);
    assert.equal(decode('7000')['maybe'], 0);
    assert.equal(decode('6000')['oa'], 0);
    assert.equal('oa' in decode('60006800'), false);
  });

  test('drops unknown fields, groups among them, and extensions', () => {
    assert.equal(decode('c3060801c4060801')['i32'], 1);
    assert.deepEqual(decode('0a0161a00605', old), { id: 'a', count: null, grp: null, many: [] });
  });

  test('merges a message that comes twice', () => {
    const { child } = decode('4a0208014a03320161') as { child: Record<string, unknown> };
    assert.deepEqual([child['i32'], child['s']], [1, 'a']);
  });

  test('shows floats as short as possible', () => {
    assert.equal(decode('25cdcccc3d')['f'], 0.1);
    assert.equal(decode('25ffff7f7f')['f'], 3.4028235e38);
  });

  test('is refused when it is broken', () => {
    const broken = new ProtoDecodeError('proto: cannot parse invalid wire-format data');
    for (const hex of ['08', '0aff', '0b', '0c', '00', '3205', '08ffffffffffffffffffff01'])
      assert.throws(() => decode(hex), broken);
    assert.throws(() => decode('3201ff'), new ProtoDecodeError('proto: field zoo.M.s contains invalid UTF-8'));
    assert.throws(() => decode('', old), new ProtoDecodeError('proto: required field zoo.old.R.id not set'));
  });

  test('without a JSON form throws', () => {
    const any = encode({ any: { '@type': 'a/zoo.M' } })
      .toString('latin1')
      .replace('zoo.M', 'zoo.X');
    assert.throws(
      () => codec.decode(Buffer.from(any, 'latin1'), registry.findType),
      new ProtoFormError('proto: google.protobuf.Any: unable to resolve "a/zoo.X": not found'),
    );
  });

  test('says what keeps it from having one', () => {
    for (const [hex, why] of [
      ['aa010b10ffffffffffffffffff01', 'google.protobuf.Timestamp: nanos out of range -1'],
      ['aa0107088083d1ffaf07', 'google.protobuf.Timestamp: seconds out of range 253402300800'],
      ['820109110000000000' + '00f87f', 'google.protobuf.Value.number_value cannot have NaN value'],
      ['820109110000000000' + '00f0ff', 'google.protobuf.Value.number_value cannot have -Inf value'],
    ] as const)
      assert.throws(() => decode(hex), new ProtoFormError(`proto: ${why}`));
  });
});
