// Descriptors may name types without the leading dot: those names are searched from the innermost scope outwards, as
// descriptor.proto says of FieldDescriptorProto.type_name. Node's reflection servers send such ones.
import type { FieldDescriptor, FileDescriptor, MessageDescriptor } from './file-descriptor.ts';
import { parentScope } from './symbol-table.ts';

const MESSAGE = 11;
const ENUM = 14;

/** Gives all types of these files their full names. What is found nowhere keeps its name. */
export function resolveRelativeNames(files: readonly FileDescriptor[]): void {
  const types = new Map<string, number>();
  const join = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);
  const collect = (scope: string, inside: Pick<MessageDescriptor, 'messages' | 'enums'>): void => {
    for (const type of inside.enums) types.set(join(scope, type.name), ENUM);
    for (const message of inside.messages) {
      types.set(join(scope, message.name), MESSAGE);
      collect(join(scope, message.name), message);
    }
  };
  for (const file of files) collect(file.package, file);

  const full = (name: string, scope: string): string => {
    if (name === '' || name.startsWith('.')) return name;
    for (let outer = scope; ; outer = parentScope(outer)) {
      if (types.has(join(outer, name))) return `.${join(outer, name)}`;
      if (outer === '') return name;
    }
  };
  const resolveField = (field: FieldDescriptor, scope: string): void => {
    field.typeName = full(field.typeName, scope);
    field.extendee = full(field.extendee, scope);
    // The type's number may be left out where the name tells it.
    if (field.type === 0) field.type = types.get(field.typeName.slice(1)) ?? 0;
  };
  const resolveMessage = (message: MessageDescriptor, outer: string): void => {
    const scope = join(outer, message.name);
    for (const field of message.fields) resolveField(field, scope);
    for (const field of message.extensions) resolveField(field, scope);
    for (const nested of message.messages) resolveMessage(nested, scope);
  };
  for (const file of files) {
    for (const message of file.messages) resolveMessage(message, file.package);
    for (const field of file.extensions) resolveField(field, file.package);
    for (const service of file.services) {
      const scope = join(file.package, service.name);
      for (const method of service.methods) {
        method.input = full(method.input, scope);
        method.output = full(method.output, scope);
      }
    }
  }
}
