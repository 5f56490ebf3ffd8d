// From file descriptors to the model that the codecs use.

import {
  type Features,
  type FieldDescriptor,
  type FileDescriptor,
  type MessageDescriptor,
  readFileDescriptor,
} from './file-descriptor.ts';
import { type ScalarType, type Schema, shortName, toJsonName } from './message-type.ts';
import { resolveRelativeNames } from './relative-names.ts';
import { type FieldDraft, SchemaBuilder } from './schema-builder.ts';

/** FieldDescriptorProto.Type by number. */
const TYPES: readonly (ScalarType | 'group' | 'message' | 'enum' | '')[] = [
  '',
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'group',
  'message',
  'bytes',
  'uint32',
  'enum',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];

const LABEL_REQUIRED = 2;
const LABEL_REPEATED = 3;
const IMPLICIT = 2;
const LEGACY_REQUIRED = 3;
const PACKED = 1;
const VERIFY = 2;
const DELIMITED = 2;

const PROTO2: Features = { fieldPresence: 1, repeatedEncoding: 2, utf8Validation: 3, messageEncoding: 1 };
const PROTO3: Features = {
  fieldPresence: IMPLICIT,
  repeatedEncoding: PACKED,
  utf8Validation: VERIFY,
  messageEncoding: 1,
};
const EDITION_2023: Features = {
  fieldPresence: 1,
  repeatedEncoding: PACKED,
  utf8Validation: VERIFY,
  messageEncoding: 1,
};

/**
 * @param files FileDescriptorProto messages in any order, all imports among them
 * @throws SchemaError
 */
export function schemaFromDescriptors(files: readonly Uint8Array[]): Schema {
  const read = files.map(readFileDescriptor);
  resolveRelativeNames(read);
  return schemaFromFiles(read);
}

/**
 * @param files with the full names of types
 * @throws SchemaError where a type is missing
 */
export function schemaFromFiles(files: readonly FileDescriptor[]): Schema {
  const builder = new SchemaBuilder();
  for (const file of files) addFile(builder, file);
  return builder.build();
}

function addFile(builder: SchemaBuilder, file: FileDescriptor): void {
  const base =
    file.syntax === 'proto3' ? PROTO3 : file.syntax === 'editions' || file.edition >= 1000 ? EDITION_2023 : PROTO2;
  const features = { ...base, ...file.features };
  const prefix = file.package ? `${file.package}.` : '';
  for (const type of file.enums) builder.addEnum(prefix + type.name, type.values);
  for (const message of file.messages) addMessage(builder, prefix, message, features);
  for (const service of file.services) {
    for (const method of service.methods) {
      builder.addMethod({
        ...method,
        package: file.package,
        service: service.name,
        input: withoutDot(method.input),
        output: withoutDot(method.output),
      });
    }
  }
}

function addMessage(builder: SchemaBuilder, prefix: string, message: MessageDescriptor, outer: Features): void {
  const fullName = prefix + message.name;
  const features = { ...outer, ...message.features };
  for (const type of message.enums) builder.addEnum(`${fullName}.${type.name}`, type.values);
  const entries = new Map<string, MessageDescriptor>();
  for (const nested of message.messages) {
    if (nested.mapEntry) entries.set(`${fullName}.${nested.name}`, nested);
    else addMessage(builder, `${fullName}.`, nested, features);
  }
  builder.addMessage(
    fullName,
    message.fields.map((field) => draft(fullName, message, field, features, entries)),
  );
}

function draft(
  owner: string,
  message: MessageDescriptor,
  field: FieldDescriptor,
  outer: Features,
  entries: ReadonlyMap<string, MessageDescriptor>,
): FieldDraft {
  const features = { ...outer, ...field.features };
  const entry = field.type === 11 ? entries.get(withoutDot(field.typeName)) : undefined;
  const value = entry ? entry.fields.find((member) => member.number === 2)! : field;
  const kind = TYPES[value.type] || 'message';
  const type = kind === 'group' ? 'message' : kind;
  const repeated = field.label === LABEL_REPEATED && !entry;
  const required = field.label === LABEL_REQUIRED || features.fieldPresence === LEGACY_REQUIRED;
  const oneof = field.oneofIndex >= 0 ? `${owner}.${message.oneofs[field.oneofIndex]}` : null;
  const delimited = kind === 'group' || (type === 'message' && !entry && features.messageEncoding === DELIMITED);
  return {
    name: field.name,
    jsonName: field.jsonName || toJsonName(field.name),
    number: field.number,
    type,
    typeName: value.typeName ? withoutDot(value.typeName) : null,
    repeated,
    mapKey: entry ? (TYPES[entry.fields.find((member) => member.number === 1)!.type] as ScalarType) : null,
    packed: repeated && isPackable(type) && (field.packed ?? features.repeatedEncoding === PACKED),
    presence:
      !repeated && !entry && (type === 'message' || oneof !== null || required || features.fieldPresence !== IMPLICIT),
    required,
    oneof,
    delimited,
    groupName: delimited ? shortName(value.typeName) : null,
    verifyUtf8: features.utf8Validation === VERIFY,
  };
}

/** Strings, bytes and messages are never packed. */
export function isPackable(type: ScalarType | 'enum' | 'message'): boolean {
  return type !== 'string' && type !== 'bytes' && type !== 'message';
}

function withoutDot(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}
