// What protoc refuses in files that are otherwise well-formed.
import { nearestNames } from '../../../codes/nearest-names.ts';
import type { Features } from './file-descriptor.ts';
import { toJsonName } from './message-type.ts';
import { fitsInteger } from './number-ranges.ts';
import type { Fail } from './proto-lexer.ts';
import { plainOption } from './proto-options.ts';
import type { NumberRange, OptionValue, SourceEnum, SourceField, SourceFile, SourceMessage } from './proto-syntax.ts';

const REQUIRED = 2;
const REPEATED = 3;
const GROUP = 10;
const MESSAGE = 11;
const BOOL = 8;
const STRING = 9;
const BYTES = 12;
const ENUM = 14;
const CLOSED = 2;
const LEGACY_JSON = 2;
const MAX_TAG = 536_870_911;
/** Whose options a proto3 file may extend. */
const OPTION_MESSAGES =
  /^\.google\.protobuf\.(?:File|Message|Field|Oneof|ExtensionRange|Enum|EnumValue|Service|Method)Options$/;

/** What rules ask of other files, by full name; undefined where nothing is known of a type. */
export interface KnownTypes {
  extensionRanges(message: string): readonly Pick<NumberRange, 'from' | 'to'>[] | undefined;
  enumValues(type: string): readonly string[] | undefined;
  /** Whether it takes no numbers but its own, as enums of proto2 do. */
  isClosed(type: string): boolean;
}

/** @param file linked and complete @param fail throws, with the place */
export function checkFile(file: SourceFile, known: KnownTypes, fail: Fail): void {
  new Checker(file, known, fail).run();
}

class Checker {
  readonly #file: SourceFile;
  readonly #known: KnownTypes;
  readonly #fail: Fail;

  constructor(file: SourceFile, known: KnownTypes, fail: Fail) {
    this.#file = file;
    this.#known = known;
    this.#fail = fail;
  }

  run(): void {
    const { messages, enums, extensions, features } = this.#file;
    for (const message of messages) this.#message(message, features);
    for (const type of enums) this.#enum(type, features);
    for (const field of extensions) this.#extension(field);
  }

  #message(message: SourceMessage, outer: Features): void {
    if (message.mapEntry) return;
    const features = { ...outer, ...message.features };
    const { syntax } = this.#file;
    const [range] = message.extensionRanges;
    if (range && syntax === 'proto3') this.#fail(range.at, `message ${message.name}: proto3 has no extension ranges`);
    this.#overlaps(message.name, [...message.reserved.ranges, ...message.extensionRanges]);
    const numbers = new Map<number, SourceField>();
    for (const field of message.fields) {
      const where = `message ${message.name}: field ${field.name}`;
      this.#form(field, where);
      this.#tag(field, where);
      const other = numbers.get(field.number);
      if (other) this.#fail(field.numberAt, `${where}: the number ${field.number} is that of ${other.name} already`);
      numbers.set(field.number, field);
      if (message.reserved.names.has(field.name)) this.#fail(field.at, `${where}: the name is reserved`);
      if (within(message.reserved.ranges, field.number))
        this.#fail(field.numberAt, `${where}: the number ${field.number} is reserved`);
      if (within(message.extensionRanges, field.number))
        this.#fail(field.numberAt, `${where}: the number ${field.number} is in a range for extensions`);
    }
    if (features.jsonFormat !== LEGACY_JSON && syntax !== '') this.#jsonNames(message);
    for (const nested of message.messages) this.#message(nested, features);
    for (const type of message.enums) this.#enum(type, features);
    for (const field of message.extensions) this.#extension(field);
  }

  /** Labels, groups, packing and defaults, which the syntaxes allow differently. */
  #form(field: SourceField, where: string): void {
    const { syntax } = this.#file;
    const isMap = field.label === REPEATED && !field.labelled;
    if (syntax === '' && !field.labelled && field.oneofIndex < 0 && !isMap)
      this.#fail(field.typeAt, `${where}: proto2 needs optional, required or repeated in front of the type`);
    if (syntax === 'proto3' && field.label === REQUIRED) this.#fail(field.typeAt, `${where}: proto3 has no required`);
    if (syntax === 'editions' && field.labelled && field.label !== REPEATED) {
      const word = field.label === REQUIRED ? 'required' : 'optional';
      this.#fail(field.typeAt, `${where}: editions have no ${word}; features.field_presence says it`);
    }
    if (syntax !== '' && field.type === GROUP) this.#fail(field.typeAt, `${where}: only proto2 has groups`);
    const isPackable = field.label === REPEATED && ![GROUP, MESSAGE, STRING, BYTES].includes(field.type);
    if (field.packed && !isPackable)
      this.#fail(field.typeAt, `${where}: only lists of numbers, bools and enums are packed`);
    if (syntax === 'proto3' && field.type === ENUM && this.#known.isClosed(field.typeName.slice(1)))
      this.#fail(field.typeAt, `${where}: ${field.typeName.slice(1)} is a closed enum, which proto3 has no fields of`);
    this.#default(field, where);
  }

  #default(field: SourceField, where: string): void {
    const value = plainOption(field.options, 'default');
    if (!value) return;
    if (this.#file.syntax === 'proto3') this.#fail(value.at, `${where}: proto3 has no defaults`);
    if (field.label === REPEATED) this.#fail(value.at, `${where}: lists have no default`);
    switch (field.type) {
      case GROUP:
      case MESSAGE:
        this.#fail(value.at, `${where}: messages have no default`);
        break;
      case STRING:
      case BYTES:
        if (value.kind !== 'string') this.#fail(value.at, `${where}: the default is a string in quotes`);
        break;
      case BOOL:
        if (value.kind !== 'word' || !/^(?:true|false)$/.test(value.text))
          this.#fail(value.at, `${where}: the default is true or false`);
        break;
      case ENUM:
        this.#enumDefault(field, value, where);
        break;
      case 1:
      case 2:
        if (value.kind !== 'number' && !(value.kind === 'word' && /^(?:inf|nan)$/.test(value.text)))
          this.#fail(value.at, `${where}: the default is a number`);
        break;
      default:
        if (value.kind !== 'number' || !/^-?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(value.text))
          this.#fail(value.at, `${where}: the default is a whole number`);
        else if (!fitsInteger(field.type, value.text))
          this.#fail(value.at, `${where}: the default ${value.text} is not in the range of its type`);
    }
  }

  #enumDefault(field: SourceField, value: OptionValue, where: string): void {
    const type = field.typeName.slice(1);
    const names = this.#known.enumValues(type);
    if (value.kind !== 'word') this.#fail(value.at, `${where}: the default is the name of a value`);
    else if (names && !names.includes(value.text)) {
      const [near] = nearestNames(value.text, names, 1);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      this.#fail(value.at, `${where}: the enum ${type} has no value ${value.text}${hint}`);
    }
  }

  #tag(field: SourceField, where: string): void {
    const { number, numberAt } = field;
    if (number < 1) this.#fail(numberAt, `${where}: tag number ${number} must be greater than zero`);
    if (number >= 19_000 && number <= 19_999)
      this.#fail(numberAt, `${where}: tag number ${number} is in disallowed reserved range 19000-19999`);
    if (number > MAX_TAG)
      this.#fail(numberAt, `${where}: tag number ${number} is higher than max allowed tag number (${MAX_TAG})`);
  }

  #jsonNames(message: SourceMessage): void {
    const names = new Map<string, string>();
    for (const field of message.fields) {
      const jsonName = field.jsonName || toJsonName(field.name);
      const other = names.get(jsonName);
      if (other !== undefined) {
        const text = `JSON name "${jsonName}" conflicts with that of field ${other}`;
        this.#fail(field.at, `field ${message.name}.${field.name}: ${text}`);
      }
      names.set(jsonName, field.name);
    }
  }

  #extension(field: SourceField): void {
    const where = `extension ${field.name}`;
    const at = field.extendeeAt ?? field.at;
    this.#form(field, where);
    this.#tag(field, where);
    if (this.#file.syntax === 'proto3' && !OPTION_MESSAGES.test(field.extendee))
      this.#fail(at, `${where}: proto3 extends nothing but options`);
    if (field.label === REQUIRED) this.#fail(field.typeAt, `${where}: an extension is never required`);
    const ranges = this.#known.extensionRanges(field.extendee.slice(1));
    if (ranges && !within(ranges, field.number)) {
      const text = `${field.extendee.slice(1)} does not have ${field.number} in its extension ranges`;
      this.#fail(field.numberAt, `${where}: ${text}`);
    }
  }

  #enum(type: SourceEnum, outer: Features): void {
    const where = `enum ${type.name}`;
    const [first] = type.values;
    if (!first) this.#fail(type.at, `${where}: enums must contain at least one value`);
    const kind = type.features?.enumType ?? outer.enumType ?? (this.#file.syntax === '' ? CLOSED : 1);
    if (kind !== CLOSED && first![1] !== 0)
      this.#fail(type.valuesAt[0]!.numberAt, `${where}: first value of open enum must have numeric value zero`);
    const aliases = plainOption(type.options, 'allow_alias');
    const allowed = aliases?.kind === 'word' && aliases.text === 'true';
    const names = new Map<number, string>();
    let shared = false;
    for (const [index, [name, number]] of type.values.entries()) {
      const { at, numberAt } = type.valuesAt[index]!;
      const other = names.get(number);
      if (other !== undefined && !allowed)
        this.#fail(numberAt, `${where}: ${name} has the number ${number} of ${other}, and allow_alias is not set`);
      shared ||= other !== undefined;
      names.set(number, name);
      if (type.reserved.names.has(name)) this.#fail(at, `${where}: the name ${name} is reserved`);
      if (within(type.reserved.ranges, number)) this.#fail(numberAt, `${where}: the number ${number} is reserved`);
    }
    if (allowed && !shared) this.#fail(aliases.at, `${where}: allow_alias is set and no value has an alias`);
    this.#overlaps(type.name, type.reserved.ranges);
  }

  #overlaps(owner: string, ranges: readonly NumberRange[]): void {
    const sorted = [...ranges].sort((a, b) => a.from - b.from);
    for (let i = 1; i < sorted.length; i++) {
      const [before, range] = [sorted[i - 1]!, sorted[i]!];
      if (range.from > before.to) continue;
      const later = range.at > before.at ? range : before;
      this.#fail(
        later.at,
        `${owner}: the ranges ${before.from} to ${before.to} and ${range.from} to ${range.to} overlap`,
      );
    }
  }
}

function within(ranges: readonly Pick<NumberRange, 'from' | 'to'>[], number: number): boolean {
  return ranges.some((range) => number >= range.from && number <= range.to);
}
