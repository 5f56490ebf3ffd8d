// Descriptors as compilers and reflection servers send them, made and packed with protobuf-es.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { ProtoRegistry, SchemaCache } from '../proto-registry.ts';
import { schemaFromDescriptors } from './descriptor-schema.ts';
import { SchemaError } from './message-type.ts';

type FileShape = MessageInitShape<typeof FileDescriptorProtoSchema>;

const packed = (file: FileShape): Uint8Array =>
  toBinary(FileDescriptorProtoSchema, create(FileDescriptorProtoSchema, file));

const field = (name: string, number: number, type: Type | undefined, typeName = '', label = Label.OPTIONAL) => ({
  name,
  number,
  label,
  typeName,
  ...(type === undefined ? {} : { type }),
});

describe('enums in descriptors', () => {
  const numbers = [0, -1, -2, -100, -53_452, -2_147_483_648, 2_147_483_647];
  const file = packed({
    name: 'n.proto',
    package: 'n',
    syntax: 'proto3',
    enumType: [{ name: 'State', value: numbers.map((number, i) => ({ name: `S${i}`, number })) }],
    messageType: [
      {
        name: 'M',
        field: [
          field('state', 1, Type.ENUM, '.n.State'),
          field('states', 2, Type.ENUM, '.n.State', Label.REPEATED),
          field('raw', 3, Type.INT32),
        ],
      },
    ],
    service: [{ name: 'S', method: [{ name: 'Echo', inputType: '.n.M', outputType: '.n.M' }] }],
  });

  test('keep negative numbers, which travel as 64 bits', () => {
    const { enums } = schemaFromDescriptors([file]);
    assert.deepEqual([...enums.get('n.State')!.numbers.values()], numbers);
  });

  test('go out and come back by name', () => {
    const registry = new ProtoRegistry(new SchemaCache());
    registry.addFileDescriptors([file]);
    const codec = registry.method('/n.S/Echo')!.input;
    for (const [i, number] of numbers.entries()) {
      const bytes = codec.encode({ state: `S${i}`, states: [number, `S${i}`], raw: number }, registry.findType);
      assert.deepEqual(codec.decode(Buffer.from(bytes), registry.findType), {
        state: `S${i}`,
        states: [`S${i}`, `S${i}`],
        raw: number,
      });
    }
  });
});

describe('type names without the leading dot', () => {
  const file = (names: {
    enum: string;
    message: string;
    input: string;
    output: string;
    extendee: string;
  }): FileShape => ({
    name: 'r.proto',
    package: 'a.b',
    syntax: 'proto2',
    enumType: [{ name: 'Kind', value: [{ name: 'OUTER', number: 0 }] }],
    messageType: [
      { name: 'Point', field: [field('x', 1, Type.INT32)], extensionRange: [{ start: 100, end: 200 }] },
      {
        name: 'Place',
        field: [field('kind', 1, Type.ENUM, names.enum), field('at', 2, Type.MESSAGE, names.message)],
        enumType: [{ name: 'Kind', value: [{ name: 'INNER', number: 0 }] }],
      },
    ],
    extension: [{ ...field('more', 100, Type.INT32), extendee: names.extendee }],
    service: [{ name: 'Map', method: [{ name: 'Find', inputType: names.input, outputType: names.output }] }],
  });

  for (const [how, prefix] of [
    ['the short name', ''],
    ['part of the package', 'b.'],
    ['the full name', 'a.b.'],
  ] as const)
    test(`are found from the inside out: ${how}`, () => {
      const { messages, methods } = schemaFromDescriptors([
        packed(
          file({
            enum: `${prefix}Kind`,
            message: `${prefix}Point`,
            input: `${prefix}Point`,
            output: `${prefix}Place`,
            extendee: `${prefix}Point`,
          }),
        ),
      ]);
      const [kind, at] = messages.get('a.b.Place')!.fields;
      // The short name means the enum that stands nearest, the others name the package.
      assert.equal(kind!.enumType!.fullName, prefix === '' ? 'a.b.Place.Kind' : 'a.b.Kind');
      assert.equal(at!.messageType!.fullName, 'a.b.Point');
      assert.deepEqual([methods[0]!.input.fullName, methods[0]!.output.fullName], ['a.b.Point', 'a.b.Place']);
    });

  test('tell the kind of a field that has no type', () => {
    const { messages } = schemaFromDescriptors([
      packed({
        name: 'k.proto',
        package: 'k',
        enumType: [{ name: 'E', value: [{ name: 'ZERO', number: 0 }] }],
        messageType: [{ name: 'M', field: [field('e', 1, undefined, 'E'), field('m', 2, undefined, 'M')] }],
      }),
    ]);
    assert.deepEqual(
      messages.get('k.M')!.fields.map(({ type }) => type),
      ['enum', 'message'],
    );
  });

  test('that are found nowhere are named', () => {
    const broken = packed({
      name: 'x.proto',
      package: 'x',
      messageType: [{ name: 'M', field: [field('lost', 1, Type.MESSAGE, 'Nowhere')] }],
    });
    assert.throws(
      () => schemaFromDescriptors([broken]),
      new SchemaError('x.M.lost: the message type Nowhere is not defined'),
    );
  });
});
