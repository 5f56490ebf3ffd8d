import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { schemaFromDescriptors } from './descriptor-schema.ts';
import { splitDescriptorSet } from './file-descriptor.ts';
import { type Field, SchemaError, toJsonName } from './message-type.ts';
import { schemaFromSources } from './proto-source.ts';

const LAB = new URL('../../../../test/conformance/lab/', import.meta.url);

/** Reads from a record of files. */
const from =
  (files: Record<string, string>) =>
  (file: string): string | undefined =>
    files[file];

const readLab = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const plain = ({ enumType, messageType, ...field }: Field): object => ({
  ...field,
  enumType: enumType?.fullName,
  messageType: messageType?.fullName,
});

describe('a schema', () => {
  test('is the same from .proto text and from descriptors', () => {
    const sources = schemaFromSources([LAB.pathname.replace(/\/$/, '')], ['extra.proto', 'old.proto'], readLab);
    const descriptors = schemaFromDescriptors(splitDescriptorSet(readFileSync(new URL('lab.protoset', LAB))));
    for (const [name, message] of descriptors.messages) {
      assert.deepEqual(sources.messages.get(name)?.fields.map(plain), message.fields.map(plain), name);
    }
    assert.deepEqual(
      sources.methods.map((method) => method.fullName).sort(),
      descriptors.methods.map((method) => method.fullName).sort(),
    );
  });

  test('of editions has their presence, packing and framing', () => {
    const text = `edition = "2023";
      package e;
      message M {
        int32 explicit = 1;
        int32 implicit = 2 [features.field_presence = IMPLICIT];
        repeated int32 packed = 3;
        repeated int32 expanded = 4 [features.repeated_field_encoding = EXPANDED];
        M framed = 5 [features.message_encoding = DELIMITED];
        int32 needed = 6 [features.field_presence = LEGACY_REQUIRED];
      }`;
    const { fields } = schemaFromSources([''], ['e.proto'], from({ 'e.proto': text })).messages.get('e.M')!;
    assert.deepEqual(
      fields.map((field) => [field.name, field.presence, field.packed, field.delimited, field.required]),
      [
        ['explicit', true, false, false, false],
        ['implicit', false, false, false, false],
        ['packed', false, true, false, false],
        ['expanded', false, false, false, false],
        ['framed', true, false, true, false],
        ['needed', true, false, false, true],
      ],
    );
  });

  test('finds imports through all import paths, and google’s own without any', () => {
    const files = {
      'a/one.proto':
        'syntax = "proto3"; import "two.proto"; import "google/protobuf/api.proto"; message One { Two two = 1; google.protobuf.Api api = 2; }',
      'b/two.proto': 'syntax = "proto3"; message Two {}',
    };
    assert.ok(schemaFromSources(['a', 'b'], ['one.proto'], from(files)).messages.has('google.protobuf.Api'));
  });

  test('that is wrong is told with its place', () => {
    const fails = (text: string, message: string): void =>
      assert.throws(() => schemaFromSources(['.'], ['x.proto'], from({ 'x.proto': text })), new SchemaError(message));
    fails(
      'syntax = "proto3";\nmessage M {\n  int32 = 1;\n}',
      'x.proto:3:9: syntax error: unexpected "=", expecting a field name',
    );
    fails(
      'syntax = "proto3";\nmessage M {',
      'x.proto:2:12: syntax error: unexpected end of file, expecting a field or "}"',
    );
    fails('syntax = "proto3";\nmessage M {\n  Other o = 1;\n}', 'x.proto:3:3: the type Other is not defined');
    fails(
      'syntax = "proto3";\nimport "no.proto";',
      'x.proto:2:8: the import "no.proto" is in none of the import paths (.)',
    );
    assert.throws(
      () => schemaFromSources(['.'], ['y.proto'], from({})),
      new SchemaError('y.proto: no such file in the import paths (.)'),
    );
  });

  test('that protoc refuses is refused', () => {
    const fails = (text: string, message: string): void =>
      assert.throws(() => schemaFromSources(['.'], ['x.proto'], from({ 'x.proto': text })), new SchemaError(message));
    const proto3 = 'syntax = "proto3";\n';
    fails(
      `${proto3}enum E {\n  ONE = 1;\n}`,
      'x.proto:3:9: enum E: first value of open enum must have numeric value zero',
    );
    fails(
      `${proto3}message M { int32 a = 0; }`,
      'x.proto:2:23: message M: field a: tag number 0 must be greater than zero',
    );
    fails(
      `${proto3}message M { int32 a = 19500; }`,
      'x.proto:2:23: message M: field a: tag number 19500 is in disallowed reserved range 19000-19999',
    );
    fails(
      `${proto3}message M { int32 a_b = 1; int32 aB = 2; }`,
      'x.proto:2:34: field M.aB: JSON name "aB" conflicts with that of field a_b',
    );
    const circle = { 'a.proto': `${proto3}import "b.proto";`, 'b.proto': `${proto3}import "a.proto";` };
    assert.throws(
      () => schemaFromSources(['.'], ['a.proto'], from(circle)),
      new SchemaError('b.proto:2:8: cycle found in imports: "a.proto" -> "b.proto" -> "a.proto"'),
    );
  });

  test('resolves names from the innermost scope outwards', () => {
    const text = `syntax = "proto3"; package p;
      enum State { UNKNOWN = 0; ACTIVE = 1; }
      message Thing { string a = 1; }
      message Lake {
        message Part { enum State { NONE = 0; READY = 1; } message Thing { int32 b = 1; } State state = 1; Thing thing = 2; }
        State state = 1; map<string, Thing> things = 2; Part.State part = 3;
      }`;
    const { messages } = schemaFromSources([''], ['x.proto'], from({ 'x.proto': text }));
    const typesOf = (name: string): unknown[] =>
      messages.get(name)!.fields.map((field) => (field.enumType ?? field.messageType)?.fullName);
    assert.deepEqual(typesOf('p.Lake'), ['p.State', 'p.Thing', 'p.Lake.Part.State']);
    assert.deepEqual(typesOf('p.Lake.Part'), ['p.Lake.Part.State', 'p.Lake.Part.Thing']);
  });

  test('takes the rarer forms of the syntax', () => {
    const text = `message A// behind a word
      { optional group MultiWord = 1 [deprecated = true] { optional int32 x = 1; }
        oneof o { group InOneof = 2 { optional foo . Bar y = 1; } int32 z = 3; } }
      package foo ;
      import "google/protobuf/descriptor.proto";
      message Bar {}
      message Extra { optional string s = 1; optional Extra e = 2; }
      extend google . protobuf.MessageOptions { optional Extra extra = 50001; }
      enum E { MINUS = - 1; reserved - 3, - 9 to -5; reserved "GONE"; }
      message B { option (extra) = { s: "a" 'b' e < s: "c" >; }; extensions 10 to max; reserved 1, 3 to 4; }`;
    const { messages, enums } = schemaFromSources([''], ['x.proto'], from({ 'x.proto': `syntax = "proto2"; ${text}` }));
    const [group] = messages.get('foo.A')!.fields;
    assert.deepEqual([group!.name, group!.jsonName, group!.groupName], ['multiword', 'multiword', 'MultiWord']);
    assert.equal(messages.get('foo.A.InOneof')!.fields[0]!.messageType!.fullName, 'foo.Bar');
    assert.equal(enums.get('foo.E')!.numbers.get('MINUS'), -1);
  });

  test('has the files that every compiler brings along', () => {
    const names = ['go_features', 'java_features', 'cpp_features', 'compiler/plugin', 'type', 'api', 'descriptor'];
    const imports = [...names.map((name) => `protobuf/${name}`), 'rpc/status', 'rpc/code', 'rpc/error_details'];
    const text = `edition = "2023"; ${imports.map((name) => `import "google/${name}.proto";`).join('')}
      option features.(pb.go).api_level = API_OPAQUE;
      message M { google.rpc.BadRequest bad = 1; google.protobuf.Type type = 2; }`;
    const { messages } = schemaFromSources([''], ['x.proto'], from({ 'x.proto': text }));
    assert.ok(messages.get('google.protobuf.Type')!.byName.has('edition'));
    assert.ok(messages.has('google.protobuf.compiler.CodeGeneratorRequest'));
  });

  test('joins import paths and names as text', () => {
    const files = { 'proto/a.proto': 'syntax = "proto3"; import "absent/../../b.proto"; message A { B b = 1; }' };
    const all = { ...files, 'proto/b.proto': 'syntax = "proto3"; message B {}' };
    assert.ok(schemaFromSources(['proto/absent'], ['../a.proto'], from(all)).messages.has('A'));
  });

  test('sees only what is imported, publicly or itself, and names what is near', () => {
    const files = {
      'a.proto': 'syntax = "proto3"; package p; message Deep {}',
      'b.proto': 'syntax = "proto3"; import "a.proto";',
      'c.proto': 'syntax = "proto3"; import public "a.proto";',
      'x.proto': 'syntax = "proto3"; package p;\nimport "b.proto";\nmessage M { Deep d = 1; }',
      'y.proto': 'syntax = "proto3"; package p;\nimport "c.proto";\nmessage M { Deep d = 1; }',
      'z.proto': 'syntax = "proto3";\nmessage Order {}\nservice S { rpc Get(Ordr) returns (Order); }',
    };
    const load = (name: string) => () => schemaFromSources([''], [name], from(files));
    assert.throws(load('x.proto'), {
      message: 'x.proto:3:13: the type Deep is not defined: "a.proto" defines it, which is not imported',
    });
    assert.ok(load('y.proto')().messages.has('p.M'));
    assert.throws(load('z.proto'), {
      message: 'z.proto:3:21: the type Ordr is not defined; did you mean Order?',
    });
  });

  test('of proto2 may begin its enums anywhere and call fields alike', () => {
    const text = 'syntax = "proto2"; enum E { ONE = 1; } message M { optional int32 a_b = 1; optional E aB = 2; }';
    assert.ok(schemaFromSources([''], ['x.proto'], from({ 'x.proto': text })).messages.has('M'));
  });

  test('is refused where bytes are no descriptor set', () => {
    assert.throws(() => splitDescriptorSet(Buffer.from('syntax = "proto3";')), SchemaError);
  });
});

test('JSON names are those of protoc', () => {
  const names = ['a_b', 'a__b', '_a', 'aB_c', 'a_1', 'URL_x'].map(toJsonName);
  assert.deepEqual(names, ['aB', 'aB', 'A', 'aBC', 'a1', 'URLX']);
});
