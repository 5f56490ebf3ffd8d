// .proto text to descriptors, in all the forms that protoc takes: proto2, proto3, editions 2023 and 2024. Names are as
// written; what they mean is the linker's matter.
import { OptionParser } from './option-parser.ts';
import type { Fail } from './proto-lexer.ts';
import type {
  NumberRange,
  OptionSource,
  Place,
  Reservations,
  SourceEnum,
  SourceField,
  SourceFile,
  SourceMessage,
  SourceMethod,
  SourceService,
} from './proto-syntax.ts';

/** FieldDescriptorProto.Type of the words that name a scalar. */
const SCALARS = new Map(
  Object.entries({
    double: 1,
    float: 2,
    int64: 3,
    uint64: 4,
    int32: 5,
    fixed64: 6,
    fixed32: 7,
    bool: 8,
    string: 9,
    bytes: 12,
    uint32: 13,
    sfixed32: 15,
    sfixed64: 16,
    sint32: 17,
    sint64: 18,
  }),
);
const LABELS = new Map([
  ['optional', 1],
  ['required', 2],
  ['repeated', 3],
]);
const GROUP = 10;
const MESSAGE = 11;
const REPEATED = 3;
const MAX_TAG = 536_870_911;
const EDITIONS = new Map([
  ['2023', 1000],
  ['2024', 1001],
]);
/** Deeper nesting is refused rather than running out of stack. */
const MAX_DEPTH = 100;

/** @param fail throws, with the place */
export function parseProto(name: string, text: string, fail: Fail): SourceFile {
  return new ProtoParser(name, text, fail).file();
}

/** Where fields go, and the groups' and maps' messages with them. */
interface Home {
  readonly fields: SourceField[];
  readonly messages: SourceMessage[];
}

class ProtoParser extends OptionParser {
  readonly #file: SourceFile;
  #depth = 0;

  constructor(name: string, text: string, fail: Fail) {
    super(text, fail);
    this.#file = {
      name,
      package: '',
      packageAt: 0,
      dependencies: [],
      publicDependencies: [],
      messages: [],
      enums: [],
      services: [],
      extensions: [],
      imports: [],
      options: [],
      syntax: '',
      edition: 0,
      features: {},
    };
  }

  file(): SourceFile {
    this.#syntax();
    const file = this.#file;
    while (this.lexer.kind !== 'end') {
      if (this.taken(';')) continue;
      const { start } = this.lexer;
      this.#visibility();
      switch (this.lexer.text) {
        case 'import':
          this.#import();
          break;
        case 'package':
          if (file.package !== '') this.fail(start, 'the file has more than one package');
          this.lexer.next();
          file.packageAt = this.lexer.start;
          file.package = this.dottedName('a package name');
          this.expect(';');
          break;
        case 'option':
          file.options.push(this.optionStatement());
          break;
        case 'message':
          this.lexer.next();
          file.messages.push(this.#message());
          break;
        case 'enum':
          this.lexer.next();
          file.enums.push(this.#enum());
          break;
        case 'service':
          this.lexer.next();
          file.services.push(this.#service());
          break;
        case 'extend':
          this.#extend(file.extensions, file.messages);
          break;
        default:
          this.unexpected('import, option, message, enum, service or extend');
      }
    }
    return file;
  }

  #syntax(): void {
    const which = this.lexer.text;
    if (this.lexer.kind !== 'word' || (which !== 'syntax' && which !== 'edition')) return;
    this.lexer.next();
    this.expect('=');
    const at = this.lexer.start;
    const value = this.string(`the ${which} in quotes`);
    if (which === 'syntax') {
      if (value !== 'proto2' && value !== 'proto3')
        this.fail(at, `the syntax "${value}" is not known: it is "proto2" or "proto3"`);
      this.#file.syntax = value === 'proto2' ? '' : value;
    } else {
      const edition = EDITIONS.get(value);
      if (edition === undefined) this.fail(at, `the edition "${value}" is not known: it is "2023" or "2024"`);
      this.#file.syntax = 'editions';
      this.#file.edition = edition!;
    }
    this.expect(';');
  }

  /** `export` and `local` of edition 2024. */
  #visibility(): void {
    const { text } = this.lexer;
    if (this.#file.edition >= 1001 && (text === 'export' || text === 'local')) this.lexer.next();
  }

  #import(): void {
    this.lexer.next();
    const kind = this.lexer.text;
    const word = this.lexer.kind === 'word' && ['public', 'weak', 'option'].includes(kind);
    if (word) this.lexer.next();
    const at = this.lexer.start;
    const name = this.string('the name of a file in quotes');
    this.expect(';');
    const file = this.#file;
    if (word && kind === 'public') file.publicDependencies.push(file.dependencies.length);
    file.dependencies.push(name);
    file.imports.push({ name, public: word && kind === 'public', at });
  }

  /** Behind the word `message`, or `group` with the number read by then. */
  #message(): SourceMessage {
    const at = this.lexer.start;
    const message = newMessage(this.word('the name of a message'), at);
    this.#messageBody(message);
    return message;
  }

  #messageBody(message: SourceMessage): void {
    if (++this.#depth > MAX_DEPTH) this.fail(message.at, `messages are nested more than ${MAX_DEPTH} deep`);
    this.expect('{');
    while (!this.taken('}')) {
      if (this.taken(';')) continue;
      this.#member(message);
    }
    this.#depth--;
  }

  #member(message: SourceMessage): void {
    const { text } = this.lexer;
    if (text === 'export' || text === 'local') this.#visibility();
    switch (this.lexer.kind === 'word' ? this.lexer.text : '') {
      case 'message':
        this.lexer.next();
        message.messages.push(this.#message());
        break;
      case 'enum':
        this.lexer.next();
        message.enums.push(this.#enum());
        break;
      case 'extend':
        this.#extend(message.extensions, message.messages);
        break;
      case 'extensions':
        this.lexer.next();
        this.#ranges(message.extensionRanges, MAX_TAG, false);
        this.fieldOptions();
        this.expect(';');
        break;
      case 'reserved':
        this.#reserved(message.reserved, MAX_TAG, false);
        break;
      case 'option':
        message.options.push(this.optionStatement());
        break;
      case 'oneof':
        this.#oneof(message);
        break;
      default:
        this.#field(message, -1);
    }
  }

  #oneof(message: SourceMessage): void {
    this.lexer.next();
    const at = this.lexer.start;
    const index = message.oneofs.push(this.word('the name of a oneof')) - 1;
    const options: OptionSource[] = [];
    message.oneofsAt.push({ at, options });
    this.expect('{');
    const { length } = message.fields;
    while (!this.taken('}')) {
      if (this.taken(';')) continue;
      if (this.lexer.text === 'option') options.push(this.optionStatement());
      else this.#field(message, index);
    }
    if (message.fields.length === length)
      this.fail(at, `oneof ${message.oneofs[index]}: a oneof has at least one field`);
  }

  /** @param oneof the index of the oneof that it stands in, or -1 */
  #field(home: Home, oneof: number): void {
    const start = this.lexer.start;
    const label = this.lexer.kind === 'word' ? LABELS.get(this.lexer.text) : undefined;
    if (label !== undefined) {
      if (oneof >= 0) this.fail(start, `${this.lexer.text}: fields of a oneof have no label`);
      this.lexer.next();
    } else if (this.lexer.kind !== 'word' && this.lexer.text !== '.') this.unexpected('a field or "}"');
    const typeAt = this.lexer.start;
    if (this.taken('group')) {
      this.#group(home, label, oneof, typeAt);
      return;
    }
    const written = this.typeName('a type');
    if (written === 'map' && this.lexer.text === '<') {
      if (label !== undefined || oneof >= 0)
        this.fail(oneof >= 0 ? typeAt : start, 'map fields have no label and stand in no oneof');
      this.#map(home, typeAt);
      return;
    }
    const field = this.#newField(label, typeAt, written, 'a field name');
    field.oneofIndex = oneof;
    this.#number(field);
    field.options = this.fieldOptions();
    this.expect(';');
    home.fields.push(field);
  }

  #newField(label: number | undefined, typeAt: Place, type: string, what: string): SourceField {
    const at = this.lexer.start;
    const scalar = SCALARS.get(type);
    return {
      name: this.word(what),
      number: 0,
      label: label ?? 1,
      labelled: label !== undefined,
      type: scalar ?? 0,
      typeName: scalar === undefined ? type : '',
      extendee: '',
      jsonName: '',
      oneofIndex: -1,
      proto3Optional: false,
      packed: undefined,
      features: {},
      at,
      typeAt,
      numberAt: at,
      options: [],
    };
  }

  #number(field: SourceField): void {
    this.expect('=');
    field.numberAt = this.lexer.start;
    field.number = this.integer('the number of the field', MAX_TAG);
  }

  #group(home: Home, label: number | undefined, oneof: number, typeAt: Place): void {
    const { text, start } = this.lexer;
    const field = this.#newField(label, typeAt, text, 'the name of a group');
    if (!/^[A-Z]/.test(text)) this.fail(start, `group ${text}: the names of groups start with an upper-case letter`);
    field.name = text.toLowerCase();
    field.type = GROUP;
    field.oneofIndex = oneof;
    this.#number(field);
    field.options = this.fieldOptions();
    const message = newMessage(text, start);
    this.#messageBody(message);
    home.fields.push(field);
    home.messages.push(message);
  }

  #map(home: Home, typeAt: Place): void {
    this.lexer.next();
    const keyAt = this.lexer.start;
    const key = this.typeName('the type of the keys');
    const scalar = SCALARS.get(key);
    if (scalar === undefined || scalar === 1 || scalar === 2 || scalar === 12)
      this.fail(keyAt, `the keys of a map are whole numbers, bool or string, not ${key}`);
    this.expect(',');
    const valueAt = this.lexer.start;
    const value = this.typeName('the type of the values');
    this.expect('>');
    const field = this.#newField(REPEATED, typeAt, 'map', 'a field name');
    const entry = newMessage(entryName(field.name), field.at);
    entry.mapEntry = true;
    const member = (name: string, number: number, type: string, at: Place): SourceField => ({
      ...field,
      name,
      number,
      label: 1,
      type: SCALARS.get(type) ?? 0,
      typeName: SCALARS.has(type) ? '' : type,
      typeAt: at,
    });
    entry.fields.push(member('key', 1, key, keyAt), member('value', 2, value, valueAt));
    field.type = MESSAGE;
    field.typeName = entry.name;
    field.labelled = false;
    this.#number(field);
    field.options = this.fieldOptions();
    this.expect(';');
    home.fields.push(field);
    home.messages.push(entry);
  }

  #extend(into: SourceField[], messages: SourceMessage[]): void {
    this.lexer.next();
    const extendeeAt = this.lexer.start;
    const extendee = this.typeName('the name of a message');
    this.expect('{');
    const fields: SourceField[] = [];
    while (!this.taken('}')) if (!this.taken(';')) this.#field({ fields, messages }, -1);
    if (fields.length === 0) this.fail(extendeeAt, `extend ${extendee}: it has at least one field`);
    for (const field of fields) into.push(Object.assign(field, { extendee, extendeeAt }));
  }

  #enum(): SourceEnum {
    const at = this.lexer.start;
    const type: SourceEnum = {
      name: this.word('the name of an enum'),
      values: [],
      at,
      valuesAt: [],
      options: [],
      reserved: { ranges: [], names: new Set() },
    };
    this.expect('{');
    while (!this.taken('}')) {
      if (this.taken(';')) continue;
      if (this.lexer.text === 'option') type.options.push(this.optionStatement());
      else if (this.lexer.text === 'reserved') this.#reserved(type.reserved, 2_147_483_647, true);
      else {
        const valueAt = this.lexer.start;
        const name = this.word('an enum value or "}"');
        this.expect('=');
        const numberAt = this.lexer.start;
        type.values.push([name, this.#signed('the number of the value')]);
        type.valuesAt.push({ at: valueAt, numberAt, options: this.fieldOptions() });
        this.expect(';');
      }
    }
    return type;
  }

  #signed(what: string): number {
    const negative = this.taken('-');
    const value = this.integer(what, negative ? 2_147_483_648 : 2_147_483_647);
    return negative && value !== 0 ? -value : value;
  }

  #ranges(into: NumberRange[], max: number, signed: boolean): void {
    do {
      const at = this.lexer.start;
      const number = (): number => (signed ? this.#signed('a number') : this.integer('a number', MAX_TAG));
      const from = number();
      let to = from;
      if (this.taken('to')) to = this.taken('max') ? max : number();
      if (to < from) this.fail(at, `the range ${from} to ${to} ends before it begins`);
      into.push({ from, to, at });
    } while (this.taken(','));
  }

  #reserved(into: Reservations, max: number, signed: boolean): void {
    this.lexer.next();
    if (this.lexer.kind === 'string') {
      do into.names.add(this.string('a name in quotes'));
      while (this.taken(','));
    } else if (this.lexer.kind === 'word') {
      do into.names.add(this.word('a name'));
      while (this.taken(','));
    } else this.#ranges(into.ranges, max, signed);
    this.expect(';');
  }

  #service(): SourceService {
    const at = this.lexer.start;
    const service: SourceService = { name: this.word('the name of a service'), methods: [], at, options: [] };
    this.expect('{');
    while (!this.taken('}')) {
      if (this.taken(';')) continue;
      if (this.lexer.text === 'option') service.options.push(this.optionStatement());
      else if (this.taken('rpc')) service.methods.push(this.#method());
      else this.unexpected('rpc, option or "}"');
    }
    return service;
  }

  #method(): SourceMethod {
    const at = this.lexer.start;
    const name = this.word('the name of a method');
    const [input, inputAt, clientStreaming] = this.#methodType();
    if (!this.taken('returns')) this.unexpected('returns');
    const [output, outputAt, serverStreaming] = this.#methodType();
    const options: OptionSource[] = [];
    if (this.taken('{')) {
      while (!this.taken('}')) {
        if (this.taken(';')) continue;
        if (this.lexer.text === 'option') options.push(this.optionStatement());
        else this.unexpected('option or "}"');
      }
    } else this.expect(';');
    return { name, input, output, clientStreaming, serverStreaming, at, inputAt, outputAt, options };
  }

  #methodType(): [name: string, at: Place, streams: boolean] {
    this.expect('(');
    let at = this.lexer.start;
    let name = this.typeName('the name of a message');
    // `stream` is a keyword only where a type follows.
    const streams = name === 'stream' && this.lexer.text !== ')';
    if (streams) {
      at = this.lexer.start;
      name = this.typeName('the name of a message');
    }
    this.expect(')');
    return [name, at, streams];
  }
}

function newMessage(name: string, at: Place): SourceMessage {
  return {
    name,
    fields: [],
    messages: [],
    enums: [],
    extensions: [],
    oneofs: [],
    oneofsAt: [],
    mapEntry: false,
    features: {},
    at,
    options: [],
    reserved: { ranges: [], names: new Set() },
    extensionRanges: [],
  };
}

/** `my_map` → `MyMapEntry`. */
function entryName(field: string): string {
  return `${field.replaceAll(/(?:^|_+)([^_]?)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}
