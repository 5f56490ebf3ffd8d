// Gives the names that a parsed file uses their meaning: types of fields, extendees, the messages of methods.
import { nearestNames } from '../../../codes/nearest-names.ts';
import { shortName } from './message-type.ts';
import type { Fail } from './proto-lexer.ts';
import type { Place, SourceField, SourceFile, SourceMessage } from './proto-syntax.ts';
import type { SymbolTable } from './symbol-table.ts';

const GROUP = 10;
const MESSAGE = 11;
const ENUM = 14;

/** @param visible the names of the file itself, its imports and what those import publicly */
export function linkFile(file: SourceFile, symbols: SymbolTable, visible: ReadonlySet<string>, fail: Fail): void {
  new Linker(file, symbols, visible, fail).run();
}

class Linker {
  readonly #file: SourceFile;
  readonly #symbols: SymbolTable;
  readonly #visible: ReadonlySet<string>;
  readonly #fail: Fail;

  constructor(file: SourceFile, symbols: SymbolTable, visible: ReadonlySet<string>, fail: Fail) {
    this.#file = file;
    this.#symbols = symbols;
    this.#visible = visible;
    this.#fail = fail;
  }

  run(): void {
    const { messages, extensions, services, package: scope } = this.#file;
    for (const message of messages) this.#message(message, scope);
    for (const field of extensions) this.#field(field, scope);
    for (const service of services) {
      const inner = join(scope, service.name);
      for (const method of service.methods) {
        method.input = this.#messageName(method.input, inner, method.inputAt);
        method.output = this.#messageName(method.output, inner, method.outputAt);
      }
    }
  }

  #message(message: SourceMessage, scope: string): void {
    const inner = join(scope, message.name);
    // The fields of a map's entry stand where the map stands.
    for (const field of message.fields) this.#field(field, message.mapEntry ? scope : inner);
    for (const nested of message.messages) this.#message(nested, inner);
    for (const field of message.extensions) this.#field(field, inner);
  }

  #field(field: SourceField, scope: string): void {
    if (field.extendee !== '')
      field.extendee = this.#messageName(field.extendee, scope, field.extendeeAt ?? field.typeAt);
    if (field.typeName === '') return;
    const { fullName, kind } = this.#type(field.typeName, scope, field.typeAt);
    field.typeName = `.${fullName}`;
    if (field.type !== GROUP) field.type = kind === 'enum' ? ENUM : MESSAGE;
  }

  #messageName(name: string, scope: string, at: Place): string {
    const { fullName, kind } = this.#type(name, scope, at);
    if (kind !== 'message') this.#fail(at, `${name} is an ${kind}, not a message`);
    return `.${fullName}`;
  }

  #type(name: string, scope: string, at: Place): { fullName: string; kind: 'message' | 'enum' } {
    const found = this.#symbols.resolve(name, scope, this.#visible, true);
    if (!found) return this.#fail(at, this.#explainMissing(name, scope));
    const { fullName, kind } = found;
    if (kind === 'message' || kind === 'enum') return { fullName, kind };
    return this.#fail(at, `${name} is a ${kind}, not a message or an enum`);
  }

  #explainMissing(name: string, scope: string): string {
    const text = `the type ${name} is not defined`;
    for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))) {
      const fullName = name.startsWith('.') ? name.slice(1) : join(outer, name);
      const file = this.#symbols.fileOf(fullName);
      if (file !== undefined && !this.#visible.has(file)) return `${text}: "${file}" defines it, which is not imported`;
      if (file !== undefined)
        return `${text}: an inner scope has the first part of its name, so write .${fullName} to mean that one`;
      if (outer === '') break;
    }
    const byShortName = new Map<string, string>();
    for (const candidate of this.#symbols.namesOf(['message', 'enum']))
      byShortName.set(shortName(candidate), candidate);
    for (const scalar of SCALARS) byShortName.set(scalar, scalar);
    const [near] = nearestNames(shortName(name), [...byShortName.keys()], 1);
    return near === undefined ? text : `${text}; did you mean ${byShortName.get(near)}?`;
  }
}

const SCALARS = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'bool',
  'string',
  'bytes',
];

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
