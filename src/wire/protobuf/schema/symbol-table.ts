// What names of .proto files stand for, and how a name is found from where it is used: innermost scope outwards, first
// part first (protobuf.dev "Language Guide", "Packages and Name Resolution").
import type { EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor } from './file-descriptor.ts';
import { SchemaError } from './message-type.ts';

export type SymbolKind =
  | 'package'
  | 'message'
  | 'enum'
  | 'enum value'
  | 'field'
  | 'oneof'
  | 'extension'
  | 'service'
  | 'method';

interface Definition {
  /** What the file says of it. */
  readonly descriptor: object;
  readonly kind: SymbolKind;
  readonly file: string;
}

export interface Found {
  readonly fullName: string;
  readonly kind: SymbolKind;
}

/** Where a symbol stands in the text, for the error that it is there twice. */
export type Twice = (descriptor: object, name: string, message: string) => never;

const AGGREGATES: ReadonlySet<SymbolKind> = new Set(['package', 'message', 'enum', 'service']);

export class SymbolTable {
  readonly #symbols = new Map<string, Definition>();
  readonly #packages = new Map<string, Set<string>>();

  /** @param twice is told of what is defined already */
  addFile(file: FileDescriptor, twice: Twice): void {
    for (let name = file.package; name !== ''; name = parentScope(name)) {
      let files = this.#packages.get(name);
      if (!files) {
        const other = this.#symbols.get(name);
        if (other) twice(file, name, `the package ${name} has the name of a ${other.kind} in "${other.file}"`);
        this.#packages.set(name, (files = new Set()));
      }
      files.add(file.name);
    }
    const prefix = file.package ? `${file.package}.` : '';
    const define = (at: object, name: string, kind: SymbolKind): void => {
      const known = this.#symbols.get(name);
      if (known) {
        const where = known.file === file.name ? '' : ` in "${known.file}"`;
        twice(at, name, `"${name}" is already defined${where}${known.kind === kind ? '' : ` as a ${known.kind}`}`);
      }
      if (this.#packages.has(name)) twice(at, name, `"${name}" is already the name of a package`);
      this.#symbols.set(name, { descriptor: at, kind, file: file.name });
    };
    const addEnum = (scope: string, type: FileDescriptor['enums'][number]): void => {
      define(type, scope + type.name, 'enum');
      // Values are siblings of their type, as in C++.
      for (const value of type.values) define(value, scope + value[0], 'enum value');
    };
    const addMessage = (scope: string, message: MessageDescriptor): void => {
      const name = scope + message.name;
      define(message, name, 'message');
      const inner = `${name}.`;
      for (const field of message.fields) define(field, inner + field.name, 'field');
      for (const [index, oneof] of message.oneofs.entries())
        define(message.oneofsAt?.[index] ?? message, inner + oneof, 'oneof');
      for (const nested of message.messages) addMessage(inner, nested);
      for (const type of message.enums) addEnum(inner, type);
      for (const field of message.extensions) define(field, inner + field.name, 'extension');
    };
    for (const message of file.messages) addMessage(prefix, message);
    for (const type of file.enums) addEnum(prefix, type);
    for (const field of file.extensions) define(field, prefix + field.name, 'extension');
    for (const service of file.services) {
      define(service, prefix + service.name, 'service');
      for (const method of service.methods) define(method, `${prefix}${service.name}.${method.name}`, 'method');
    }
  }

  /**
   * @param scope full name of what the name is used in
   * @param visible the files whose symbols count
   * @param onlyTypes passes over fields and the like that have the name
   */
  resolve(name: string, scope: string, visible: ReadonlySet<string>, onlyTypes: boolean): Found | undefined {
    if (name.startsWith('.')) return this.#find(name.slice(1), visible);
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    for (let outer = scope; ; outer = parentScope(outer)) {
      const prefix = outer === '' ? '' : `${outer}.`;
      const found = this.#find(prefix + first, visible);
      if (found && dot < 0 && (!onlyTypes || found.kind === 'message' || found.kind === 'enum')) return found;
      if (found && dot >= 0 && AGGREGATES.has(found.kind)) return this.#find(prefix + name, visible);
      if (outer === '') return undefined;
    }
  }

  /** The file that defines it, whether that is imported or not. */
  fileOf(fullName: string): string | undefined {
    return this.#symbols.get(fullName)?.file;
  }

  message(fullName: string): MessageDescriptor | undefined {
    return this.#descriptor(fullName, 'message') as MessageDescriptor | undefined;
  }

  enum(fullName: string): EnumDescriptor | undefined {
    return this.#descriptor(fullName, 'enum') as EnumDescriptor | undefined;
  }

  extension(fullName: string): FieldDescriptor | undefined {
    return this.#descriptor(fullName, 'extension') as FieldDescriptor | undefined;
  }

  #descriptor(fullName: string, kind: SymbolKind): object | undefined {
    const symbol = this.#symbols.get(fullName);
    return symbol?.kind === kind ? symbol.descriptor : undefined;
  }

  /** Names of this kind, to propose one. */
  *namesOf(kinds: readonly SymbolKind[]): Generator<string> {
    for (const [name, { kind }] of this.#symbols) if (kinds.includes(kind)) yield name;
  }

  #find(fullName: string, visible: ReadonlySet<string>): Found | undefined {
    const symbol = this.#symbols.get(fullName);
    if (symbol) return visible.has(symbol.file) ? { fullName, kind: symbol.kind } : undefined;
    const files = this.#packages.get(fullName);
    if (!files) return undefined;
    for (const file of files) if (visible.has(file)) return { fullName, kind: 'package' };
    return undefined;
  }
}

/** `a.b.C` → `a.b`. */
export function parentScope(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

/** Descriptors from elsewhere are taken as they are but for this. */
export const refuseTwice: Twice = (_descriptor, _name, message) => {
  throw new SchemaError(message);
};
