// Whether an option's value is one of its type: of built-in options and of custom ones, down into what `{ … }` holds.
import { nearestNames } from '../../../codes/nearest-names.ts';
import type { EnumDescriptor, FieldDescriptor, MessageDescriptor } from './file-descriptor.ts';
import { shortName } from './message-type.ts';
import { fitsInteger, isIntegerType } from './number-ranges.ts';
import type { Fail } from './proto-lexer.ts';
import type { OptionMember, OptionValue } from './proto-syntax.ts';

const DOUBLE = 1;
const FLOAT = 2;
const BOOL = 8;
const STRING = 9;
const GROUP = 10;
const MESSAGE = 11;
const BYTES = 12;
const ENUM = 14;
const REPEATED = 3;

/** Finds what values are checked against, by full name with the leading dot; undefined where nothing is known of it. */
export interface OptionTypes {
  message(name: string): MessageDescriptor | undefined;
  enum(name: string): EnumDescriptor | undefined;
  /** @param name as an aggregate has it, without brackets */
  extension(name: string): FieldDescriptor | undefined;
}

/**
 * @param nested in an aggregate, which is written in protobuf's text format: more forms are allowed there
 * @param fail throws, with the place
 */
export function checkOptionValue(
  value: OptionValue,
  field: FieldDescriptor,
  types: OptionTypes,
  nested: boolean,
  fail: Fail,
): void {
  const { name, type } = field;
  if (value.kind === 'list') {
    if (field.label !== REPEATED) fail(value.at, `${name} is one value, not a list`);
    for (const item of value.values) checkOptionValue(item, field, types, nested, fail);
    return;
  }
  if (type === MESSAGE || type === GROUP) {
    if (value.kind === 'aggregate')
      for (const member of value.members) checkMember(member, field.typeName, types, fail);
    else fail(value.at, `${name} is a message: { … }`);
    return;
  }
  const text = value.kind === 'aggregate' ? '{' : value.text;
  if (type === STRING || type === BYTES) {
    if (value.kind !== 'string') fail(value.at, `${name} is a string in quotes`);
  } else if (type === BOOL) {
    const forms = nested ? /^(?:true|false|True|False|t|f|0|1)$/ : /^(?:true|false)$/;
    if (value.kind === 'string' || !forms.test(text)) fail(value.at, `${name} is true or false`);
  } else if (type === ENUM) checkEnum(value, text, field, types, nested, fail);
  else if (type === DOUBLE || type === FLOAT) {
    const isWord = value.kind === 'word' && /^(?:inf|infinity|nan)$/i.test(text);
    if (value.kind !== 'number' && !isWord) fail(value.at, `${name} is a number`);
  } else if (isIntegerType(type)) {
    if (value.kind !== 'number') fail(value.at, `${name} is a number`);
    if (!fitsInteger(type, text)) fail(value.at, `${name}: ${text} is not in the range of its type`);
  }
}

function checkEnum(
  value: OptionValue,
  text: string,
  field: FieldDescriptor,
  types: OptionTypes,
  nested: boolean,
  fail: Fail,
): void {
  const names = types.enum(field.typeName)?.values.map(([known]) => known);
  if (!names || (nested && value.kind === 'number')) return;
  if (value.kind !== 'word' || !names.includes(text))
    fail(value.at, `${field.name} is one of ${names.join(', ')}, not ${value.kind === 'word' ? text : 'this'}`);
}

function checkMember(member: OptionMember, typeName: string, types: OptionTypes, fail: Fail): void {
  const message = types.message(typeName);
  // `[type.googleapis.com/package.Message]` is what an Any holds.
  if (!message || member.name.includes('/')) return;
  const field = member.name.startsWith('[')
    ? findExtension(member, typeName, types, fail)
    : findField(member, message, fail);
  checkOptionValue(member.value, field, types, true, fail);
}

function findExtension(member: OptionMember, typeName: string, types: OptionTypes, fail: Fail): FieldDescriptor {
  const name = member.name.slice(1, -1);
  const extension = types.extension(name);
  if (extension?.extendee === typeName) return extension;
  return fail(member.at, `${shortName(typeName)} has no extension ${name}: is the file that defines it imported?`);
}

/** A group goes by the name of its type. */
function findField(member: OptionMember, message: MessageDescriptor, fail: Fail): FieldDescriptor {
  const field = message.fields.find(
    ({ name, type, typeName: group }) => name === member.name || (type === GROUP && shortName(group) === member.name),
  );
  if (field) return field;
  const names = message.fields.map(({ name }) => name);
  const [near] = nearestNames(member.name, names, 1);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return fail(member.at, `${message.name} has no field ${member.name}${hint}`);
}
