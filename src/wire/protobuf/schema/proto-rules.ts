// What protoc refuses and protobufjs lets pass. Texts as protocompile has them, which k6 reads .proto files with.
import protobuf from 'protobufjs';
import { toJsonName } from './message-type.ts';

/** What breaks a rule: the message, and the word in the source that tells where. */
export interface BrokenRule {
  readonly message: string;
  readonly word: string;
}

const MAX_TAG = 536_870_911;

interface WithFeatures {
  readonly _features: { readonly enum_type?: string; readonly json_format?: string };
}

/** @param namespace with resolved features @returns the first rule that is broken in it, or null */
export function findBrokenRule(namespace: protobuf.NamespaceBase): BrokenRule | null {
  for (const object of namespace.nestedArray) {
    let broken: BrokenRule | null = null;
    if (object instanceof protobuf.Enum) broken = checkEnum(object);
    else if (object instanceof protobuf.Type) broken = checkMessage(object) ?? findBrokenRule(object);
    else if (object instanceof protobuf.Namespace) broken = findBrokenRule(object);
    if (broken) return broken;
  }
  return null;
}

function checkEnum(type: protobuf.Enum): BrokenRule | null {
  const [first] = Object.entries(type.values);
  if (!first) return { message: `enum ${type.name}: enums must contain at least one value`, word: type.name };
  const open = (type as unknown as WithFeatures)._features.enum_type !== 'CLOSED';
  if (!open || first[1] === 0) return null;
  return { message: `enum ${type.name}: first value of open enum must have numeric value zero`, word: first[0] };
}

function checkMessage(type: protobuf.Type): BrokenRule | null {
  const strict = (type as unknown as WithFeatures)._features.json_format !== 'LEGACY_BEST_EFFORT';
  const jsonNames = new Map<string, string>();
  for (const field of type.fieldsArray) {
    // Extensions appear among the fields too.
    if (field.name.startsWith('.')) continue;
    const tag = checkTag(field.id);
    if (tag) return { message: `message ${type.name}: field ${field.name}: ${tag}`, word: field.name };
    const jsonName = (field.options?.['json_name'] as string | undefined) ?? toJsonName(field.name);
    const other = jsonNames.get(jsonName);
    if (other !== undefined && strict) {
      const message = `field ${type.name}.${field.name}: JSON name "${jsonName}" conflicts with that of field ${other}`;
      return { message, word: field.name };
    }
    jsonNames.set(jsonName, field.name);
  }
  return null;
}

function checkTag(tag: number): string | null {
  if (tag < 1) return `tag number ${tag} must be greater than zero`;
  if (tag > MAX_TAG) return `tag number ${tag} is higher than max allowed tag number (${MAX_TAG})`;
  if (tag >= 19_000 && tag <= 19_999) return `tag number ${tag} is in disallowed reserved range 19000-19999`;
  return null;
}
