// Options: whether they exist and hold what they may, and those that change what is on the wire.
import { nearestNames } from '../../../codes/nearest-names.ts';
import type { EnumDescriptor, Features, FileDescriptor, MessageDescriptor } from './file-descriptor.ts';
import { shortName } from './message-type.ts';
import type { Fail } from './proto-lexer.ts';
import type { OptionSource, OptionValue } from './proto-syntax.ts';
import { standardDescriptor } from './standard-files.ts';
import type { SymbolTable } from './symbol-table.ts';

const BOOL = 8;
const STRING = 9;
const MESSAGE = 11;
const ENUM = 14;
const REPEATED = 3;
/** FieldDescriptorProto.Type of whole numbers and of fractions. */
const NUMBERS = new Set([1, 2, 3, 4, 5, 6, 7, 13, 15, 16, 17, 18]);

const FEATURES: Readonly<Record<string, keyof Features>> = {
  field_presence: 'fieldPresence',
  enum_type: 'enumType',
  repeated_field_encoding: 'repeatedEncoding',
  utf8_validation: 'utf8Validation',
  message_encoding: 'messageEncoding',
  json_format: 'jsonFormat',
};

export type OptionsMessage =
  | 'FileOptions'
  | 'MessageOptions'
  | 'FieldOptions'
  | 'OneofOptions'
  | 'EnumOptions'
  | 'EnumValueOptions'
  | 'ServiceOptions'
  | 'MethodOptions';

/** The built-in options of descriptor.proto, read when a file first has an option. */
let builtIn: ReadonlyMap<string, MessageDescriptor | EnumDescriptor> | null = null;

function builtInTypes(): ReadonlyMap<string, MessageDescriptor | EnumDescriptor> {
  if (builtIn) return builtIn;
  const file = standardDescriptor('google/protobuf/descriptor.proto') as FileDescriptor;
  const types = new Map<string, MessageDescriptor | EnumDescriptor>();
  const add = (scope: string, inside: Pick<MessageDescriptor, 'messages' | 'enums'>): void => {
    for (const type of inside.enums) types.set(`${scope}.${type.name}`, type);
    for (const message of inside.messages) {
      types.set(`${scope}.${message.name}`, message);
      add(`${scope}.${message.name}`, message);
    }
  };
  add('.google.protobuf', file);
  return (builtIn = types);
}

/** The options of one file. */
export class OptionReader {
  readonly #symbols: SymbolTable;
  readonly #visible: ReadonlySet<string>;
  readonly #editions: boolean;
  readonly #fail: Fail;

  constructor(symbols: SymbolTable, visible: ReadonlySet<string>, editions: boolean, fail: Fail) {
    this.#symbols = symbols;
    this.#visible = visible;
    this.#editions = editions;
    this.#fail = fail;
  }

  /**
   * Checks the options of one element.
   * @param scope the element's full name, from where names of custom options are looked for
   * @returns the features that they set
   */
  read(options: readonly OptionSource[], of: OptionsMessage, scope: string): Features {
    const features: Features = {};
    const seen = new Set<string>();
    for (const option of options) {
      const [first] = option.name;
      const path = option.name.map((part) => part.text).join('.');
      const pseudo = of === 'FieldOptions' && (path === 'default' || path === 'json_name');
      const field = pseudo ? undefined : this.#check(option, of, scope);
      if (seen.has(path) && !first!.extension && field?.label !== REPEATED)
        this.#fail(first!.at, `the option ${path} is set twice`);
      seen.add(path);
      if (first!.extension || first!.text !== 'features') continue;
      if (!this.#editions) this.#fail(first!.at, 'features are for files that start with an edition');
      const [, second] = option.name;
      if (!second) this.#addFeatures(features, option.value);
      else if (!second.extension) setFeature(features, second.text, option.value);
    }
    return features;
  }

  #check(option: OptionSource, of: OptionsMessage, scope: string): { readonly label: number } | undefined {
    let inside = `.google.protobuf.${of}`;
    for (const [index, part] of option.name.entries()) {
      if (part.extension) {
        const found = this.#symbols.resolve(part.text, scope, this.#visible, false);
        if (found?.kind !== 'extension')
          this.#fail(part.at, `the option (${part.text}) is not defined: is the file that defines it imported?`);
        return undefined;
      }
      const message = builtInTypes().get(inside) as MessageDescriptor;
      const field = message.fields.find(({ name }) => name === part.text);
      if (!field) {
        const [near] = nearestNames(
          part.text,
          message.fields.map(({ name }) => name),
          1,
        );
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        return this.#fail(part.at, `the option ${part.text} is not known in ${shortName(inside)}${hint}`);
      }
      if (index === option.name.length - 1) {
        this.#checkValue(option.value, field.type, field.typeName, part.text);
        return field;
      }
      if (field.type !== MESSAGE) this.#fail(part.at, `the option ${part.text} has no members`);
      inside = field.typeName;
    }
    return undefined;
  }

  #checkValue(value: OptionValue, type: number, typeName: string, name: string): void {
    const word = value.kind === 'word' ? value.text : null;
    if (type === BOOL && word !== 'true' && word !== 'false') this.#fail(value.at, `${name} is true or false`);
    if (type === STRING && value.kind !== 'string') this.#fail(value.at, `${name} is a string in quotes`);
    if (NUMBERS.has(type) && value.kind !== 'number') this.#fail(value.at, `${name} is a number`);
    if (type === MESSAGE && value.kind !== 'aggregate') this.#fail(value.at, `${name} is a message: { … }`);
    if (type !== ENUM) return;
    const names = (builtInTypes().get(typeName) as EnumDescriptor).values.map(([known]) => known);
    if (word === null || !names.includes(word))
      this.#fail(value.at, `${name} is one of ${names.join(', ')}, not ${word ?? 'this'}`);
  }

  #addFeatures(features: Features, value: OptionValue): void {
    if (value.kind !== 'aggregate') return;
    for (const member of value.members) {
      const field = (builtInTypes().get('.google.protobuf.FeatureSet') as MessageDescriptor).fields.find(
        ({ name }) => name === member.name,
      );
      if (!field && !member.name.startsWith('[')) this.#fail(member.value.at, `there is no feature ${member.name}`);
      if (field) this.#checkValue(member.value, field.type, field.typeName, member.name);
      setFeature(features, member.name, member.value);
    }
  }
}

function setFeature(features: Features, name: string, value: OptionValue): void {
  const key = Object.hasOwn(FEATURES, name) ? FEATURES[name] : undefined;
  if (!key || value.kind !== 'word') return;
  const feature = (builtInTypes().get('.google.protobuf.FeatureSet') as MessageDescriptor).fields.find(
    (field) => field.name === name,
  );
  const type = builtInTypes().get(feature?.typeName ?? '') as EnumDescriptor | undefined;
  const number = type?.values.find(([known]) => known === value.text)?.[1];
  if (number !== undefined) features[key] = number;
}

/** The last value of an option that is set by its plain name. */
export function plainOption(options: readonly OptionSource[], name: string): OptionValue | undefined {
  return options.findLast(
    (option) => option.name.length === 1 && option.name[0]!.text === name && !option.name[0]!.extension,
  )?.value;
}
