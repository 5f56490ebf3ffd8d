// .proto files: found in the import paths with all that they import, parsed, linked, checked and turned into the codecs'
// model.
import path from 'node:path';
import { completeFile } from './complete-file.ts';
import { schemaFromFiles } from './descriptor-schema.ts';
import type { FileDescriptor } from './file-descriptor.ts';
import { type Schema, SchemaError } from './message-type.ts';
import type { Fail } from './proto-lexer.ts';
import { linkFile } from './proto-linker.ts';
import { OptionReader } from './proto-options.ts';
import { parseProto } from './proto-parser.ts';
import { checkFile, type KnownTypes } from './proto-rules.ts';
import type { ImportSource, NumberRange, SourceFile, SourceMessage } from './proto-syntax.ts';
import { standardDescriptor, standardText } from './standard-files.ts';
import { refuseTwice, SymbolTable } from './symbol-table.ts';

/** FeatureSet.EnumType. */
const OPEN = 1;
const CLOSED = 2;

/** Reads the file of an import path and a name: its text, or undefined where there is none. */
export type ReadSource = (file: string) => string | undefined;

/**
 * @param importPaths where names are looked for, in order
 * @param files relative to an import path
 * @throws SchemaError with file, line and column
 */
export function schemaFromSources(importPaths: readonly string[], files: readonly string[], read: ReadSource): Schema {
  const compilation = new Compilation(importPaths, read);
  for (const file of files) compilation.load(file);
  return schemaFromFiles([...compilation.compiled.values()]);
}

class Compilation {
  readonly compiled = new Map<string, FileDescriptor>();
  readonly #importPaths: readonly string[];
  readonly #read: ReadSource;
  readonly #symbols = new SymbolTable();
  /** From the file that was asked for to the one that is being read. */
  readonly #trail: string[] = [];
  readonly #extensionRanges = new Map<string, readonly NumberRange[]>();
  readonly #enumValues = new Map<string, readonly string[]>();

  constructor(importPaths: readonly string[], read: ReadSource) {
    this.#importPaths = importPaths;
    this.#read = read;
  }

  /** A file that the script names. */
  load(given: string): void {
    const name = path.isAbsolute(given) ? given : path.posix.normalize(given);
    if (!this.#add(name))
      throw new SchemaError(`${given}: no such file in the import paths (${this.#importPaths.join(', ')})`);
  }

  /** @returns whether there is such a file */
  #add(name: string): boolean {
    if (this.compiled.has(name)) return true;
    const text = this.#find(name) ?? standardText(name);
    if (text !== undefined) {
      this.#compile(name, text);
      return true;
    }
    const standard = standardDescriptor(name);
    if (!standard) return false;
    for (const imported of standard.dependencies) this.#add(imported);
    this.#symbols.addFile(standard, refuseTwice);
    this.compiled.set(name, standard);
    return true;
  }

  #find(name: string): string | undefined {
    if (path.isAbsolute(name)) return this.#read(name);
    for (const folder of this.#importPaths) {
      // Joined as text: `definitions/../x.proto` needs no folder of that name.
      const text = this.#read(folder === '' ? name : path.join(folder, name));
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #compile(name: string, text: string): void {
    const fail: Fail = (at, message) => {
      throw new SchemaError(`${name}:${placeOf(text, at)}: ${message}`);
    };
    const file = parseProto(name, text, fail);
    this.#trail.push(name);
    this.#addImports(file, fail);
    this.#trail.pop();
    const visible = this.#visibleTo(file);
    this.#symbols.addFile(file, (descriptor, _name, message) => fail(placeIn(descriptor, file), message));
    linkFile(file, this.#symbols, visible, fail);
    completeFile(file, new OptionReader(this.#symbols, visible, file.edition !== 0, fail), fail);
    this.#keepTypes(file.package, file);
    const known: KnownTypes = {
      extensionRanges: (message) => this.#extensionRanges.get(message),
      enumValues: (type) => this.#enumValues.get(type),
      isClosed: (type) => this.#isClosed(type),
    };
    checkFile(file, known, fail);
    this.compiled.set(name, file);
  }

  #isClosed(type: string): boolean {
    const file = this.compiled.get(this.#symbols.fileOf(type) ?? '');
    // Those of the file that is being compiled are of its own syntax, which is open where this is asked.
    if (!file) return false;
    const kind = this.#symbols.enum(type)?.features?.enumType ?? file.features.enumType;
    return (kind ?? (file.syntax === '' ? CLOSED : OPEN)) === CLOSED;
  }

  #addImports(file: SourceFile, fail: Fail): void {
    const seen = new Set<string>();
    for (const imported of file.imports) {
      const name = path.posix.normalize(imported.name);
      if (seen.has(name)) fail(imported.at, `"${imported.name}" is imported already`);
      seen.add(name);
      if (this.#trail.includes(name)) fail(imported.at, this.#explainCycle(name));
      if (!this.#add(name)) this.#failMissing(imported, fail);
    }
  }

  #failMissing(imported: ImportSource, fail: Fail): never {
    return fail(
      imported.at,
      `the import "${imported.name}" is in none of the import paths (${this.#importPaths.join(', ')})`,
    );
  }

  #explainCycle(name: string): string {
    const circle = [...this.#trail.slice(this.#trail.indexOf(name)), name].map((file) => `"${file}"`);
    return `cycle found in imports: ${circle.join(' -> ')}`;
  }

  /** Itself, its imports, and what those import publicly. */
  #visibleTo(file: SourceFile): ReadonlySet<string> {
    const visible = new Set<string>([file.name]);
    const see = (name: string): void => {
      if (visible.has(name)) return;
      visible.add(name);
      const imported = this.compiled.get(name);
      for (const index of imported?.publicDependencies ?? [])
        see(path.posix.normalize(imported!.dependencies[index] ?? ''));
    };
    for (const name of file.dependencies) see(path.posix.normalize(name));
    return visible;
  }

  /** What the rules of files that import this one ask. */
  #keepTypes(scope: string, inside: Pick<SourceMessage, 'enums' | 'messages'>): void {
    const prefix = scope === '' ? '' : `${scope}.`;
    for (const type of inside.enums)
      this.#enumValues.set(
        prefix + type.name,
        type.values.map(([value]) => value),
      );
    for (const message of inside.messages) {
      this.#extensionRanges.set(prefix + message.name, message.extensionRanges);
      this.#keepTypes(prefix + message.name, message);
    }
  }
}

/** Where what a symbol table complains of stands; enum values have their place in their type. */
function placeIn(descriptor: object, file: SourceFile): number {
  if ('at' in descriptor && typeof descriptor.at === 'number') return descriptor.at;
  const search = (inside: Pick<SourceMessage, 'enums' | 'messages'>): number | undefined => {
    for (const type of inside.enums) {
      const index = type.values.indexOf(descriptor as [string, number]);
      if (index >= 0) return type.valuesAt[index]!.at;
    }
    for (const message of inside.messages) {
      const found = search(message);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(file) ?? file.packageAt;
}

/** `line:column`, both from 1. */
function placeOf(text: string, at: number): string {
  // A byte order mark takes no column.
  const before = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `${before.split('\n').length}:${before.length - lineStart + 1}`;
}
