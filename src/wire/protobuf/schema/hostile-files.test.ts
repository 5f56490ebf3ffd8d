// .proto text that nobody writes by hand: as deep, as long and as broken as files from elsewhere may be. Each is read, or refused with a
// place; none runs out of stack or time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Schema, SchemaError } from './message-type.ts';
import { schemaFromSources } from './proto-source.ts';

const load = (text: string, more: Readonly<Record<string, string>> = {}): Schema =>
  schemaFromSources([''], ['x.proto'], (file) => (file === 'x.proto' ? text : more[file]));
const refused = (text: string, message: RegExp): void =>
  assert.throws(
    () => load(text),
    (error) => {
      assert.ok(error instanceof SchemaError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );

describe('what is nested without end', () => {
  const many = 50_000;

  test('is refused in messages, groups and options of every kind', () => {
    const proto2 = 'syntax = "proto2";\n';
    refused(`${proto2}${'message M {'.repeat(many)}`, /^x\.proto:2:\d+: .*deep/);
    refused(`${proto2}message M {${'optional group G = 1 {'.repeat(many)}`, /^x\.proto:2:\d+: .*deep/);
    refused(`${proto2}message M {${'oneof o { group G = 1 {'.repeat(many)}`, /^x\.proto:2:\d+: .*deep/);
    for (const opening of ['{ a ', '{ a: ', '{ a: <a ', '{ a: [', '{ a: [{ a '])
      refused(`${proto2}option (x) = ${opening.repeat(many)}`, /^x\.proto:2:\d+: (?:values are nested|syntax error)/);
    refused(`${proto2}option (x) = { a: ${'['.repeat(many)}`, /^x\.proto:2:\d+: values are nested more than 100 deep/);
  });

  test('is taken to a depth that files have, one after the other as well', () => {
    const nested = `${'message M {'.repeat(90)}${'}'.repeat(90)}`;
    assert.equal(load(`syntax = "proto3"; ${nested}`).messages.size, 90);
    const value = `{ a: ${'['.repeat(1)}${'{'}${'}'}${']'.repeat(1)} }`;
    const options = Array.from({ length: 200 }, () => `option (x).e = ${value};`).join('\n');
    // Depth is given back: what fails here is the option, which nobody has defined.
    refused(`syntax = "proto3";\n${options}`, /^x\.proto:2:8: /);
  });
});

test('a file of ten thousand fields is read in a moment, and the number of each counts', () => {
  const fields = Array.from({ length: 18_000 }, (_, i) => `int32 f${i} = ${i + 1};`).join('\n');
  const { messages } = load(`syntax = "proto3"; message M {\n${fields}\n}`);
  assert.equal(messages.get('M')!.byNumber.get(18_000)!.name, 'f17999');
});

test('a name of a hundred thousand characters, or of as many parts, is a name', () => {
  const long = 'a'.repeat(100_000);
  assert.ok(load(`syntax = "proto3"; message ${long} {}`).messages.has(long));
  refused(`syntax = "proto3"; message M { ${'a.'.repeat(20_000)}b c = 1; }`, /is not defined/);
});

test('a file that is cut off anywhere is refused with a place, or is a shorter one', () => {
  const text = `syntax = "proto2"; // a comment
    package p.q; import "google/protobuf/descriptor.proto";
    extend google.protobuf.FieldOptions { optional string note = 50000; }
    message M { required int32 a = 1 [default = -0x1F, (note) = "é\\n" 'x']; map<string, N> m = 2; reserved 5, 7 to max;
      oneof o { string s = 3; group G = 4 { } } extensions 6; message N { repeated M ms = 1 [packed = false]; } }
    enum E { option allow_alias = true; A = 0; B = 0; /* two */ } service S { rpc R(stream M) returns (stream M.N) { option deprecated = true; } }`;
  load(text);
  let whole = 0;
  for (let at = 0; at < text.length; at++) {
    try {
      load(text.slice(0, at));
      whole++;
    } catch (error) {
      assert.ok(error instanceof SchemaError, `cut at ${at}: ${String(error)}`);
      assert.match(error.message, /^x\.proto:\d+:\d+: /, `cut at ${at}`);
    }
  }
  assert.ok(whole > 0 && whole < text.length / 2, String(whole));
});

test('any one character in the place of another is read or refused with a place, never more', () => {
  const text =
    'syntax = "proto3"; message M { int32 a = 1 [deprecated = true]; map<int32, M> b = 2; enum E { Z = 0; } }';
  for (let at = 0; at < text.length; at++) {
    for (const char of ['{', '}', '"', '\0', '9', '=', '/', '\ud83d']) {
      try {
        load(text.slice(0, at) + char + text.slice(at + 1));
      } catch (error) {
        assert.ok(error instanceof SchemaError, `${JSON.stringify(char)} at ${at}: ${String(error)}`);
      }
    }
  }
});

test('places count columns from 1, without a byte order mark, behind whatever line breaks', () => {
  refused('\ufeffsyntax = "proto9";', /^x\.proto:1:10: /);
  refused('syntax = "proto3";\r\n\r\nmessage M { Other o = 1; }', /^x\.proto:3:13: /);
  refused('\ufeffsyntax = "proto3";\nmessage M { Other o = 1; }', /^x\.proto:2:13: /);
});

test('names of what every object has are names like others', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  const { messages, enums } = load(`syntax = "proto2";
    ${names.map((name) => `message ${name} { optional ${name} ${name} = 1; }`).join('\n')}
    message Holder { enum E { ${names.map((name, i) => `${name} = ${i};`).join(' ')} } }`);
  for (const name of names) assert.equal(messages.get(name)!.byName.get(name)!.messageType!.fullName, name);
  assert.deepEqual([...enums.get('Holder.E')!.numbers.keys()], names);
});

test('a chain of a thousand imports is followed, and each file is read once', () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [
      `f${i}.proto`,
      `syntax = "proto3"; import "f${i + 1}.proto"; message M${i} {}`,
    ]),
  );
  const reads = new Map<string, number>();
  const schema = schemaFromSources([''], ['f0.proto', 'f0.proto'], (file) => {
    reads.set(file, (reads.get(file) ?? 0) + 1);
    return file === 'f1000.proto' ? 'syntax = "proto3"; message Last {}' : files[file];
  });
  assert.ok(schema.messages.has('Last'));
  assert.deepEqual(new Set(reads.values()), new Set([1]));
});
