// Nanoseconds per message of our codec, protobufjs and protobuf-es: JSON form of a script ↔ wire bytes.
// Run: node bench/micro/protobuf.ts

import { readFileSync } from 'node:fs';
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
import protobuf from 'protobufjs';
import { ProtoRegistry, SchemaCache } from '../../src/wire/protobuf/index.ts';

const LAB = new URL('../../test/conformance/lab/', import.meta.url);
const protoset = readFileSync(new URL('lab.protoset', LAB));
const registry = new ProtoRegistry(new SchemaCache());
registry.loadProtoset(protoset);
const schemas = createFileRegistry(fromBinary(FileDescriptorSetSchema, protoset));
const ORDER = `syntax = "proto3"; package shop;
message Order { string id = 1; string customer = 2; int32 quantity = 3; int64 cents = 4; bool express = 5; double weight = 6;
  Address to = 7; repeated string notes = 8; }
message Address { string street = 1; string city = 2; int32 zip = 3; }
message Orders { repeated Order orders = 1; }
service Shop { rpc Put(Order) returns (Order); rpc List(Orders) returns (Orders); }`;
registry.load([''], ['shop.proto'], (file) => (file.endsWith('shop.proto') ? ORDER : undefined));
const orders = protobuf.parse(ORDER, { keepCase: false }).root;

const order = {
  id: 'order-000123',
  customer: 'Ada Lovelace',
  quantity: 3,
  cents: '129900',
  express: true,
  weight: 1.75,
  to: { street: '12 Main St', city: 'London', zip: 12345 },
  notes: ['ring twice'],
};
const list = { orders: Array.from({ length: 140 }, (_, i) => ({ ...order, id: `order-${i}`, quantity: i })) };
const allTypes = {
  anInt32: 7,
  anInt64: '9007199254740993',
  aString: 'some text',
  anInner: { name: 'a', child: { name: 'b' } },
  ints: [1, 2, 3],
  byName: { a: 1 },
};

function measure(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  let sink: unknown;
  let rounds = 1;
  for (let round = 0; round < 12; round++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) sink = run();
    const ns = Number(process.hrtime.bigint() - started);
    if (round > 3) best = Math.min(best, ns / rounds);
    rounds = Math.max(1, Math.ceil((rounds * 60e6) / ns));
  }
  if (sink === Symbol.iterator) throw new Error('unreachable');
  return best;
}

interface Subject {
  readonly name: string;
  encode(): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

function subjects(
  method: string,
  type: string,
  message: object,
  desc: DescMessage | undefined,
  js: protobuf.Type | null,
): Subject[] {
  const { input } = registry.method(method)!;
  const scratch = Buffer.allocUnsafe(1 << 20);
  const list: Subject[] = [
    {
      name: `${type}: sixfold`,
      encode: () => scratch.subarray(0, input.encodeInto(message, scratch, 0, registry.findType)),
      decode: (bytes) => input.decode(bytes, registry.findType),
    },
  ];
  if (js) {
    const options = { longs: String, enums: String, bytes: String, defaults: true };
    list.push({
      name: `${type}: protobufjs`,
      encode: () => js.encode(js.fromObject(message)).finish(),
      decode: (bytes) => js.toObject(js.decode(bytes), options),
    });
  }
  if (desc) {
    list.push({
      name: `${type}: protobuf-es`,
      encode: () => toBinary(desc, fromJson(desc, message as JsonValue)),
      decode: (bytes) => toJson(desc, fromBinary(desc, bytes), { alwaysEmitImplicit: true }),
    });
  }
  return list;
}

const lab = new protobuf.Root();
for (const name of ['any', 'duration', 'field_mask', 'struct', 'timestamp', 'wrappers']) {
  const { nested } = protobuf.common.get(`google/protobuf/${name}.proto`) as protobuf.INamespace;
  const google = lab.define('google.protobuf');
  for (const [type, json] of Object.entries(
    (nested as never as { google: { nested: { protobuf: { nested: object } } } }).google.nested.protobuf.nested,
  )) {
    google.addJSON({ [type]: json as protobuf.AnyNestedObject });
  }
}
protobuf.parse(readFileSync(new URL('lab.proto', LAB), 'utf8'), lab);
const all = [
  ...subjects('/shop.Shop/Put', 'order', order, undefined, orders.lookupType('shop.Order')),
  ...subjects('/shop.Shop/List', '140 orders', list, undefined, orders.lookupType('shop.Orders')),
  ...subjects(
    '/lab.v1.Lab/Types',
    'AllTypes',
    allTypes,
    schemas.getMessage('lab.v1.AllTypes'),
    lab.lookupType('lab.v1.AllTypes'),
  ),
];
for (const subject of all) {
  const bytes = Buffer.from(subject.encode());
  const encode = measure(() => subject.encode());
  const decode = measure(() => subject.decode(bytes));
  console.log(
    `${subject.name.padEnd(24)} ${bytes.length} B  encode ${encode.toFixed(0)} ns  decode ${decode.toFixed(0)} ns`,
  );
}
