// What a schema is to the codecs, whether it came from .proto text, a protoset or a server's reflection.

export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

export interface EnumType {
  readonly fullName: string;
  /** The first name of a number: what it is shown as. */
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
  /** What an unset field without presence holds. */
  readonly first: number;
}

export interface Field {
  /** As in the .proto file. */
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  /** The value's type; for a map field that of its values. */
  readonly type: ScalarType | 'enum' | 'message';
  /** Set for `type` enum, once the schema is linked. */
  enumType: EnumType | null;
  /** Set for `type` message, once the schema is linked. */
  messageType: MessageType | null;
  readonly repeated: boolean;
  /** The type of a map field's keys; null for other fields. */
  readonly mapKey: ScalarType | null;
  readonly packed: boolean;
  /** Told apart from its default: messages, optional ones, members of a oneof, proto2. */
  readonly presence: boolean;
  readonly required: boolean;
  /** The oneof that it belongs to, with its full name; `optional` of proto3 is a oneof of its own. */
  readonly oneof: string | null;
  /** Framed by start and end tags: groups of proto2, DELIMITED of editions. */
  readonly delimited: boolean;
  /** A group may also be called by its type's short name. */
  readonly groupName: string | null;
  readonly verifyUtf8: boolean;
}

export class MessageType {
  readonly fullName: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  /** By the JSON name and, where no JSON name is the same, by the name in the .proto file. */
  readonly byName: ReadonlyMap<string, Field>;
  readonly required: readonly Field[];
  #checked: boolean | null = null;

  constructor(fullName: string, fields: readonly Field[]) {
    this.fullName = fullName;
    this.fields = fields;
    this.byNumber = new Map(fields.map((field) => [field.number, field]));
    const byName = new Map<string, Field>();
    for (const field of fields) {
      byName.set(field.name, field);
      if (field.groupName !== null) byName.set(field.groupName, field);
    }
    for (const field of fields) byName.set(field.jsonName, field);
    this.byName = byName;
    this.required = fields.filter((field) => field.required);
  }

  /** Whether it or a message in it, at any depth, has required fields. */
  get hasRequired(): boolean {
    this.#checked ??= reaches(this, (type) => type.required.length > 0);
    return this.#checked;
  }
}

function reaches(from: MessageType, test: (type: MessageType) => boolean): boolean {
  const seen = new Set<MessageType>([from]);
  for (const type of seen) {
    if (test(type)) return true;
    for (const field of type.fields) if (field.messageType) seen.add(field.messageType);
  }
  return false;
}

/** `b.C` → `C`. */
export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** The JSON name that protoc gives to a field: underscores go, the letter behind each is upper case. */
export function toJsonName(name: string): string {
  let out = '';
  let upper = false;
  for (const char of name) {
    if (char === '_') upper = true;
    else {
      out += upper ? char.toUpperCase() : char;
      upper = false;
    }
  }
  return out;
}

export interface MethodType {
  /** '/package.Service/Method' */
  readonly fullName: string;
  readonly package: string;
  /** Without the package. */
  readonly service: string;
  readonly name: string;
  readonly input: MessageType;
  readonly output: MessageType;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
}

/** Everything that one load brought, its imports included. */
export interface Schema {
  readonly messages: ReadonlyMap<string, MessageType>;
  readonly enums: ReadonlyMap<string, EnumType>;
  readonly methods: readonly MethodType[];
}

/** A schema that cannot be read, with the place where that shows. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
