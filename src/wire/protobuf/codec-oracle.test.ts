// Random messages: generated code, the reference codec and protobuf-es have to agree.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { ProtoRegistry, SchemaCache } from './proto-registry.ts';
import { decodeToJson, plainObjects } from './reference-decoder.ts';
import { encodeJsonText } from './reference-encoder.ts';
import { stringifyRequest } from './request-text.ts';

const PROTOSET = readFileSync(new URL('../../../test/conformance/lab/lab.protoset', import.meta.url));
const SEED = Number(process.env['SEED'] ?? 1);

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class RandomValues {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  whole(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length - 1)]!;
  }

  big(unsigned: boolean): string {
    const bits = BigInt(this.whole(0, unsigned ? 64 : 63));
    const value =
      ((BigInt(this.whole(0, 0xffffffff)) << 32n) | BigInt(this.whole(0, 0xffffffff))) & ((1n << bits) - 1n);
    return String(!unsigned && this.chance(0.4) ? -value : value);
  }

  text(): string {
    const alphabet = this.pick(['abcXYZ 09', 'äöü€', 'a😀b', '"\\\n\t\u0001', 'x']);
    return Array.from({ length: this.pick([0, 1, 3, 11, 12, 40, 50, 130, 400]) }, () => this.pick([...alphabet])).join(
      '',
    );
  }

  fraction(): number {
    return this.pick([0, 1, -1, 0.1, 1.5e-10, 1e21, 123456.789, -2.5, this.#next(), 16_777_217]);
  }

  value(depth: number): JsonValue {
    if (depth > 3) return this.text();
    switch (this.whole(0, 5)) {
      case 0:
        return this.text();
      case 1:
        return this.fraction();
      case 2:
        return this.chance(0.5);
      case 3:
        return Array.from({ length: this.whole(0, 4) }, () => this.value(depth + 1));
      case 4:
        return this.struct(depth + 1);
      default:
        return null;
    }
  }

  struct(depth: number): { [key: string]: JsonValue } {
    return Object.fromEntries(
      Array.from({ length: this.whole(0, 4) }, () => [`k${this.whole(0, 99)}`, this.value(depth)]),
    );
  }

  inner(depth: number): JsonValue {
    return {
      ...(this.chance(0.8) && { name: this.text() }),
      ...(depth < 5 && this.chance(0.4) && { child: this.inner(depth + 1) }),
    };
  }

  list<T>(make: () => T): T[] {
    return Array.from({ length: this.pick([0, 1, 2, 5, 40]) }, make);
  }

  allTypes(): JsonValue {
    const int32 = (): number => this.pick([0, 1, -1, 127, 128, 300, 2 ** 31 - 1, -(2 ** 31), this.whole(-1e6, 1e6)]);
    const uint32 = (): number => this.pick([0, 1, 127, 128, 2 ** 32 - 1, this.whole(0, 1e9)]);
    const fields: Record<string, () => JsonValue> = {
      aDouble: () => this.fraction(),
      aFloat: () => Math.fround(this.fraction()),
      anInt32: int32,
      anInt64: () => this.big(false),
      aUint32: uint32,
      aUint64: () => this.big(true),
      aSint32: int32,
      aSint64: () => this.big(false),
      aFixed32: uint32,
      aFixed64: () => this.big(true),
      aSfixed32: int32,
      aSfixed64: () => this.big(false),
      aBool: () => this.chance(0.5),
      aString: () => this.text(),
      aBytes: () => Buffer.from(this.text()).toString('base64'),
      aColour: () => this.pick(['COLOUR_UNSPECIFIED', 'COLOUR_RED', 'COLOUR_GREEN', 77, -5]),
      anInner: () => this.inner(0),
      ints: () => this.list(int32),
      inners: () => this.list(() => this.inner(0)),
      byName: () => Object.fromEntries(this.list(() => [this.text(), int32()])),
      byId: () => Object.fromEntries(this.list(() => [String(int32()), this.inner(1)])),
      maybe: int32,
      at: () => new Date(this.whole(-62_135_596_800_000, 253_402_300_799_000)).toISOString(),
      took: () => `${this.whole(-1000, 1000)}.${this.whole(0, 999_999_999)}s`,
      doc: () => this.struct(0),
      anyValue: () => this.value(1),
      list: () => this.list(() => this.value(1)),
      mask: () => 'aB,c.dE',
      wrappedString: () => this.text(),
      wrappedInt64: () => this.big(false),
      wrappedBool: () => this.chance(0.5),
      otherName: () => this.text(),
      colours: () => this.list(() => this.pick<JsonValue>(['COLOUR_RED', 'COLOUR_UNSPECIFIED', 9])),
      blobs: () => this.list(() => Buffer.from(this.text()).toString('base64')),
    };
    const out: Record<string, JsonValue> = {};
    for (const [name, make] of Object.entries(fields)) if (this.chance(0.4)) out[name] = make();
    if (this.chance(0.5))
      Object.assign(
        out,
        this.pick([{ choiceText: this.text() }, { choiceNumber: int32() }, { choiceInner: this.inner(3) }]),
      );
    return out;
  }
}

/** The names of the .proto file instead of the JSON ones. */
function withProtoNames(value: JsonValue): JsonValue {
  const rename = (name: string): string =>
    name === 'otherName' ? 'renamed' : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [rename(name), item as JsonValue]));
}

/** protobuf-es leaves unset messages out, we show them as null; a Value that is null is null for both. */
function withoutUnset(value: unknown, given: Record<string, unknown>): unknown {
  const shown = Object.entries(value as object).filter(([name, item]) => item !== null || given[name] === null);
  return Object.fromEntries(
    shown.map(([name, item]) => [name, name === 'aFloat' ? Math.fround(item as number) : withoutChild(item)]),
  );
}

/** Without the `child: null` of an Inner that has none. (Not by way of JSON.parse: Node 26 mixes up escaped keys.) */
function withoutChild(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutChild);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name, item]) => name !== 'child' || item !== null);
  return Object.fromEntries(members.map(([name, item]) => [name, withoutChild(item)]));
}

const registry = new ProtoRegistry(new SchemaCache());
registry.loadProtoset(PROTOSET);
const { input: codec } = registry.method('/lab.v1.Lab/Types')!;
const oracle = createFileRegistry(fromBinary(FileDescriptorSetSchema, PROTOSET)).getMessage(
  'lab.v1.AllTypes',
) as DescMessage;

describe(`codecs of random messages (SEED=${SEED})`, () => {
  const values = new RandomValues(SEED);
  const messages = Array.from({ length: 300 }, () => values.allTypes());

  test('what is encoded is what protobuf-es reads, and what it writes is decoded', () => {
    for (const message of messages) {
      const bytes = codec.encode(message, registry.findType);
      const expected = toJson(oracle, fromJson(oracle, message), { alwaysEmitImplicit: true });
      assert.deepEqual(toJson(oracle, fromBinary(oracle, bytes), { alwaysEmitImplicit: true }), expected);
      const decoded = codec.decode(toBinary(oracle, fromJson(oracle, message)), registry.findType);
      assert.deepEqual(withoutUnset(decoded, message as Record<string, unknown>), expected);
    }
  });

  test('generated code does what the reference codec does', () => {
    for (const message of messages) {
      const bytes = Buffer.from(codec.encode(message, registry.findType));
      // The order of fields differs: that of the schema, that of the script.
      const reference = encodeJsonText(codec.type, stringifyRequest(message), registry.findType);
      assert.equal(reference.length, bytes.length);
      assert.deepEqual(codec.decode(reference, registry.findType), codec.decode(bytes, registry.findType));
      assert.deepEqual(Buffer.from(codec.encode(withProtoNames(message), registry.findType)), bytes);
      assert.deepEqual(
        codec.decode(bytes, registry.findType),
        decodeToJson(codec.type, bytes, registry.findType, plainObjects),
      );
    }
  });

  test('damaged bytes are refused by both or read alike by both', () => {
    const outcome = (decode: () => unknown): unknown => {
      try {
        return decode();
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const message of messages.slice(0, 200)) {
      const bytes = Buffer.from(codec.encode(message, registry.findType));
      for (let i = 0; i < 10 && bytes.length > 0; i++) {
        const damaged = Buffer.from(bytes.subarray(0, values.whole(1, bytes.length)));
        damaged[values.whole(0, damaged.length - 1)] = values.whole(0, 255);
        assert.deepEqual(
          outcome(() => codec.decode(damaged, registry.findType)),
          outcome(() => decodeToJson(codec.type, damaged, registry.findType, plainObjects)),
        );
      }
    }
  });

  test('messages fill a buffer of any size from any offset, or do not fit', () => {
    for (const message of messages.slice(0, 100)) {
      const bytes = Buffer.from(codec.encode(message, registry.findType));
      const roomy = Buffer.alloc(bytes.length * 4 + 200);
      const end = codec.encodeInto(message, roomy, 14, registry.findType);
      assert.deepEqual(roomy.subarray(14, end), bytes);
      const tight = Buffer.alloc(Math.max(0, bytes.length + 13));
      assert.equal(codec.encodeInto(message, tight, 14, registry.findType), bytes.length === 0 ? 14 : -1);
    }
  });
});
