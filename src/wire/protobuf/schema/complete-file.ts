// What a linked file's options say is put into its descriptors: names in JSON, packing, features, proto3's optional.

import type { Fail } from './proto-lexer.ts';
import { type OptionReader, plainOption } from './proto-options.ts';
import type { OptionSource, SourceEnum, SourceField, SourceFile, SourceMessage } from './proto-syntax.ts';

const OPTIONAL = 1;

export function completeFile(file: SourceFile, options: OptionReader, fail: Fail): void {
  const scope = file.package;
  const join = (outer: string, name: string): string => (outer === '' ? name : `${outer}.${name}`);

  const completeField = (field: SourceField, inside: string): void => {
    if (field.options.length === 0) return;
    field.features = options.read(field.options, 'FieldOptions', inside);
    const packed = plainOption(field.options, 'packed');
    if (packed) {
      if (file.edition !== 0) fail(packed.at, 'packed is features.repeated_field_encoding in editions');
      field.packed = packed.kind === 'word' && packed.text === 'true';
    }
    const jsonName = plainOption(field.options, 'json_name');
    if (!jsonName) return;
    if (jsonName.kind !== 'string') fail(jsonName.at, 'json_name is a string in quotes');
    else if (field.extendee !== '') fail(jsonName.at, 'json_name is not for extensions');
    else field.jsonName = jsonName.text;
  };
  const completeEnum = (type: SourceEnum, outer: string): void => {
    const features = options.read(type.options, 'EnumOptions', join(outer, type.name));
    type.features = features;
    for (const value of type.valuesAt) options.read(value.options, 'EnumValueOptions', outer);
  };
  const completeMessage = (message: SourceMessage, outer: string): void => {
    const inside = join(outer, message.name);
    message.features = options.read(message.options, 'MessageOptions', inside);
    const oneofFeatures = message.oneofsAt.map((oneof) => options.read(oneof.options, 'OneofOptions', inside));
    for (const field of message.fields) {
      if (!message.mapEntry) completeField(field, inside);
      field.features = { ...oneofFeatures[field.oneofIndex], ...field.features };
    }
    if (file.syntax === 'proto3') addSyntheticOneofs(message);
    for (const nested of message.messages) completeMessage(nested, inside);
    for (const type of message.enums) completeEnum(type, inside);
    for (const field of message.extensions) completeField(field, inside);
  };
  const readOnly = (list: readonly OptionSource[], of: 'ServiceOptions' | 'MethodOptions', inside: string): void => {
    options.read(list, of, inside);
  };

  file.features = options.read(file.options, 'FileOptions', scope);
  for (const message of file.messages) completeMessage(message, scope);
  for (const type of file.enums) completeEnum(type, scope);
  for (const field of file.extensions) completeField(field, scope);
  for (const service of file.services) {
    const inside = join(scope, service.name);
    readOnly(service.options, 'ServiceOptions', inside);
    for (const method of service.methods) readOnly(method.options, 'MethodOptions', inside);
  }
}

/** `optional` of proto3 is a oneof of its own: `_name`, with more underscores where that is taken. */
function addSyntheticOneofs(message: SourceMessage): void {
  if (message.mapEntry) return;
  const taken = new Set([...message.fields, ...message.messages, ...message.enums].map(({ name }) => name));
  for (const oneof of message.oneofs) taken.add(oneof);
  for (const field of message.fields) {
    if (!field.labelled || field.label !== OPTIONAL) continue;
    let name = `_${field.name}`;
    while (taken.has(name)) name = `X${name}`;
    taken.add(name);
    field.proto3Optional = true;
    field.oneofIndex = message.oneofs.push(name) - 1;
  }
}
