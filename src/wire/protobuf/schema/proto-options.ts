// Options: whether they exist and hold what they may, and those that change what is on the wire.
import { nearestNames } from '../../../codes/nearest-names.ts';
import type {
  EnumDescriptor,
  Features,
  FieldDescriptor,
  FileDescriptor,
  MessageDescriptor,
} from './file-descriptor.ts';
import { shortName } from './message-type.ts';
import { checkOptionValue, type OptionTypes } from './option-values.ts';
import type { Fail } from './proto-lexer.ts';
import type { NamePart, OptionSource, OptionValue } from './proto-syntax.ts';
import { standardDescriptor } from './standard-files.ts';
import type { SymbolTable } from './symbol-table.ts';

const GROUP = 10;
const MESSAGE = 11;
const REPEATED = 3;

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
      const field = part.extension ? this.#extension(part, inside, scope) : this.#member(part, inside);
      if (!field) return undefined;
      if (index === option.name.length - 1) {
        checkOptionValue(option.value, field, this.#typesFrom(scope), false, this.#fail);
        return field;
      }
      if (field.type !== MESSAGE && field.type !== GROUP) this.#fail(part.at, `the option ${part.text} has no members`);
      inside = field.typeName;
    }
    return undefined;
  }

  #extension(part: NamePart, inside: string, scope: string): FieldDescriptor {
    const found = this.#symbols.resolve(part.text, scope, this.#visible, false);
    const field = found && this.#symbols.extension(found.fullName);
    if (!field)
      return this.#fail(part.at, `the option (${part.text}) is not defined: is the file that defines it imported?`);
    if (field.extendee !== inside)
      this.#fail(
        part.at,
        `the option (${part.text}) is one of ${shortName(field.extendee)}, not of ${shortName(inside)}`,
      );
    return field;
  }

  /** Undefined where nothing is known of the message. */
  #member(part: NamePart, inside: string): FieldDescriptor | undefined {
    const message = this.#message(inside);
    const field = message?.fields.find(({ name }) => name === part.text);
    if (field || !message) return field;
    const names = message.fields.map(({ name }) => name);
    const [near] = nearestNames(part.text, names, 1);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return this.#fail(part.at, `the option ${part.text} is not known in ${shortName(inside)}${hint}`);
  }

  #message(name: string): MessageDescriptor | undefined {
    return this.#symbols.message(name.slice(1)) ?? (builtInTypes().get(name) as MessageDescriptor | undefined);
  }

  #typesFrom(scope: string): OptionTypes {
    return {
      message: (name) => this.#message(name),
      enum: (name) => this.#symbols.enum(name.slice(1)) ?? (builtInTypes().get(name) as EnumDescriptor | undefined),
      extension: (name) => {
        const found = this.#symbols.resolve(name, scope, this.#visible, false);
        return found && this.#symbols.extension(found.fullName);
      },
    };
  }

  #addFeatures(features: Features, value: OptionValue): void {
    if (value.kind !== 'aggregate') return;
    for (const member of value.members) setFeature(features, member.name, member.value);
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
