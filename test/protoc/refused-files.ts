// Files with a mistake each, and where both compilers say it is; `at` where ours points elsewhere on purpose.

export interface RefusedFile {
  readonly text: string;
  /** `line:column` of ours, where it is better than protoc's or protoc has none. */
  readonly at?: string;
}

const proto2 = (text: string): string => `syntax = "proto2";\n${text}`;
const proto3 = (text: string): string => `syntax = "proto3";\n${text}`;

export const REFUSED: Readonly<Record<string, RefusedFile>> = {
  'a field without a name': { text: proto3('message M {\n  int32 = 1;\n}') },
  'a message that is never closed': { text: proto3('message M {') },
  'an unknown type': { text: proto3('message M {\n  Other o = 1;\n}') },
  'an unknown scalar': { text: proto3('message M { strng a = 1; }') },
  'an unknown nested type': { text: proto3('message M { M.X x = 1; }') },
  'an unknown syntax': { text: 'syntax = "proto4";' },
  'an open enum that does not start at zero': { text: proto3('enum E {\n  ONE = 1;\n}') },
  'an empty enum': { text: proto3('enum E { }') },
  'the number zero': { text: proto3('message M { int32 a = 0; }') },
  'a number twice': { text: proto3('message M { int32 a = 1; int32 b = 1; }') },
  'a number of the library': { text: proto3('message M { int32 a = 19000; }') },
  'a number too high': { text: proto3('message M { int32 a = 1; int32 b = 536870912; }') },
  'a number far too high': { text: proto3('message M { int32 a = 99999999999; }') },
  'a string for a number': { text: proto3('message M { string a = "x"; }') },
  'a field twice': { text: proto3('message M { int32 a = 1; int32 a = 2; }') },
  'a message twice': { text: proto3('message M {} message M {}') },
  'a method twice': { text: proto3('service S { rpc A(M) returns (M); rpc A(M) returns (M); }\nmessage M{}') },
  'an enum value twice': { text: proto3('enum E { A=0; }\nenum F { A = 0; }') },
  'two packages': { text: proto3('package a;\npackage b;') },
  'required in proto3': { text: proto3('message M { required int32 a = 1; }') },
  'no label in proto2': { text: proto2('message M { int32 a = 1; }') },
  'a default in proto3': { text: proto3('message M { string a = 1 [default="x"]; }') },
  'a group in proto3': { text: proto3('message M { optional group G = 1 {} }') },
  'extensions in proto3': { text: proto3('message F { extensions 1 to 5; }') },
  'a label in a oneof': { text: proto2('message M { oneof x { optional int32 a = 1; } }') },
  'an unknown extendee': { text: proto3('extend Foo { string a = 1; }') },
  'an extension out of range': {
    text: proto2('message M { extensions 5 to 10; }\nextend M { optional int32 a=16; }'),
  },
  'a reserved name': { text: proto3('message M { reserved "a"; int32 a = 1; }') },
  'a reserved number': { text: proto3('message M { reserved 1; int32 a = 1; }'), at: '2:35' },
  'ranges that overlap': { text: proto3('message M { reserved 2 to 5, 4; }'), at: '2:30' },
  'a map of floats': { text: proto3('message M { map<float,int32> x = 1; }'), at: '2:17' },
  'an enum as a request': { text: proto3('enum E {A=0;}\nservice S { rpc A(E) returns (E); }') },
  'an unknown request': { text: proto3('service S { rpc A(B) returns (B); }') },
  'no semicolon behind a field': { text: proto3('message M { string a = 1 }') },
  'no semicolon behind a method': { text: proto3('service S { rpc A(M) returns (M) }\nmessage M{}') },
  'no semicolon behind the syntax': { text: 'syntax="proto3"\nmessage M {}' },
  'a brace too many': { text: proto3('message M { int32 a = 1; }}') },
  'an unknown statement': { text: proto3('foo M {}') },
  'a strange character': { text: proto3('message M { string a = 1; $ }') },
  'a string that is not closed': { text: proto3('import "unterminated;\n') },
  'a number that runs into a word': { text: proto3('message 1M {}') },
  'a number that ends in a letter': { text: proto3('message M { int32 a = 01x; }') },
  'an import of a word': { text: proto3('import foo;') },
  'JSON names that meet': { text: proto3('message M { int32 a_b = 1; int32 aB = 2; }') },
  'a JSON name that is no string': { text: proto3('message M { string a = 1 [json_name=5]; }') },
  'an option twice': { text: proto3('message M { string a = 1 [json_name="x", json_name="y"]; }') },
  'an unknown option': { text: proto3('option foo = 1;') },
  'an unknown option of a field': { text: proto3('message M { int32 a = 1 [foo=1]; }') },
  'an unknown custom option': { text: proto3('message M { int32 a = 1 [(foo)=1]; }') },
  'a number for a bool': { text: proto3('message M { string a = 1 [deprecated=5]; }') },
  'an unknown value of an option': { text: proto3('option optimize_for = FAST;') },
  'features without an edition': { text: proto3('message M { string a = 1 [features.field_presence=IMPLICIT]; }') },
  'packed strings': { text: proto3('message M { repeated string a = 1 [packed=true]; }') },
  'an unknown default': { text: proto2('enum E { A=1; }\nmessage M { optional E e = 1 [default=B]; }') },
  'a string for the default of a number': { text: proto2('message M { optional int32 a = 1 [default="x"]; }') },
  'an alias that is not allowed': { text: proto3('enum E { A = 0; B = 0; }') },
  'a default too high': { text: proto2('message M { optional int32 a = 1 [default=2147483648]; }') },
  'a default too low': { text: proto2('message M { optional int32 a = 1 [default=-2147483649]; }'), at: '2:43' },
  'a negative default of an unsigned number': {
    text: proto2('message M { optional uint32 a = 1 [default=-1]; }'),
    at: '2:44',
  },
  'a default beyond 64 bits': { text: proto2('message M { optional int64 a = 1 [default=9223372036854775808]; }') },
  'a default beyond unsigned 64 bits': {
    text: proto2('message M { optional fixed64 a = 1 [default=18446744073709551616]; }'),
  },
  'a closed enum in a message of proto3': {
    text: proto3('import "closed.proto";\nmessage M { Closed c = 1; }'),
  },
  'a custom option of another type': {
    text: proto3(`import "options.proto";\noption (text) = 5;`),
  },
  'a custom option out of range': { text: proto3(`import "options.proto";\noption (small) = 3000000000;`) },
  'a custom enum option without the value': { text: proto3(`import "options.proto";\noption (level) = MIDDLE;`) },
  'a message for a custom option of numbers': { text: proto3(`import "options.proto";\noption (small) = { x: 1 };`) },
  'a member of a custom option that it has not': {
    text: proto3(`import "options.proto";\noption (detail) = { naem: "x" };`),
    at: '3:21',
  },
  'a member of another type': { text: proto3(`import "options.proto";\noption (detail) = { name: 5 };`), at: '3:27' },
  'a member of a member that is out of range': {
    text: proto3(`import "options.proto";\noption (detail) = { inner { count: 2147483648 } };`),
    at: '3:36',
  },
  'an enum value in a list that is unknown': {
    text: proto3(`import "options.proto";\noption (detail) = { levels: [LOW, MIDDLE] };`),
    at: '3:35',
  },
  'a list for one value': {
    text: proto3(`import "options.proto";\noption (detail) = { name: ["a", "b"] };`),
    at: '3:27',
  },
  'a member by path that is unknown': {
    text: proto3(`import "options.proto";\noption (detail).naem = "x";`),
    at: '3:17',
  },
  'a member by path of another type': { text: proto3(`import "options.proto";\noption (detail).count = "x";`) },
  'an unknown extension in a custom option': {
    text: proto3(`import "options.proto";\noption (detail) = { [no.such]: 5 };`),
    at: '3:21',
  },
  'a custom option of another kind of element': {
    text: proto3(`import "options.proto";\nmessage M { option (small) = 1; }`),
  },
};

/** What the files import. */
export const IMPORTED: Readonly<Record<string, string>> = {
  'closed.proto': proto2('enum Closed { ONE = 1; }'),
  'options.proto': proto2(`import "google/protobuf/descriptor.proto";
enum Level { LOW = 0; HIGH = 1; }
message Detail { optional string name = 1; optional int32 count = 2; optional Detail inner = 3; repeated Level levels = 4; }
extend google.protobuf.FileOptions {
  optional string text = 50001;
  optional int32 small = 50002;
  optional Level level = 50003;
  optional Detail detail = 50004;
  repeated bool flags = 50005;
}`),
};
