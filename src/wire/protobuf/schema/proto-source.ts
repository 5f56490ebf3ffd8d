// .proto text: parsed by protobufjs, one root per load, then turned into the codecs' model.
import { createRequire } from 'node:module';
import path from 'node:path';
import protobuf from 'protobufjs';
import { isPackable } from './descriptor-schema.ts';
import { type ScalarType, type Schema, SchemaError, shortName, toJsonName } from './message-type.ts';
import { findBrokenRule } from './proto-rules.ts';
import { type FieldDraft, SchemaBuilder } from './schema-builder.ts';

/** Reads the file of an import path and a name: its text, or undefined where there is none. */
export type ReadSource = (file: string) => string | undefined;

/** What protobufjs knows of a field beyond its typings. */
interface ResolvedField {
  readonly hasPresence: unknown;
  readonly packed: boolean;
  readonly required: boolean;
  readonly delimited: boolean;
  readonly protoName?: string;
  readonly _features: { readonly utf8_validation?: string };
}

/** Google's own files that are not among protobufjs' common ones, but in its package, and what they import. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  descriptor: [],
  source_context: [],
  type: ['any', 'source_context'],
  api: ['source_context', 'type', 'any'],
};

interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** protobufjs leaves out what is called `__proto__`, so it goes under a name of the same length. */
const UNSAFE = /\b__proto__\b/g;
const STAND_IN = '__pr0to__';

/**
 * @param importPaths where names are looked for, in order
 * @param files relative to an import path
 * @throws SchemaError with file, line and column
 */
export function schemaFromSources(importPaths: readonly string[], files: readonly string[], read: ReadSource): Schema {
  const root = new protobuf.Root();
  const sources: SourceFile[] = [];
  const seen = new Set<string>();
  /** From the file that was asked for to the one that is being read. */
  const trail: string[] = [];
  const load = (name: string, importedBy: SourceFile | null): void => {
    if (importedBy && trail.includes(name)) throw new SchemaError(explainCycle(trail, name, importedBy));
    if (seen.has(name)) return;
    seen.add(name);
    const text = find(importPaths, name, read);
    if (text === undefined) {
      if (addBundled(root, name)) return;
      if (!importedBy) throw new SchemaError(`${name}: no such file in the import paths (${importPaths.join(', ')})`);
      throw new SchemaError(
        `${locateImport(importedBy, name)}: the import "${name}" is in none of the import paths (${importPaths.join(', ')})`,
      );
    }
    const source = { name, text };
    sources.push(source);
    const parsed = parse(source, root);
    trail.push(name);
    for (const imported of [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])]) load(imported, source);
    trail.pop();
  };
  for (const file of files) load(file, null);
  try {
    root.resolveAll();
  } catch (error) {
    throw new SchemaError(explainUnresolved(error as Error, sources));
  }
  const broken = findBrokenRule(root);
  if (broken) throw new SchemaError(`${locateWord(sources, broken.word)}: ${broken.message}`);
  const builder = new SchemaBuilder();
  addNamespace(builder, root);
  return builder.build();
}

function find(importPaths: readonly string[], name: string, read: ReadSource): string | undefined {
  if (path.isAbsolute(name)) return read(name);
  for (const folder of importPaths) {
    const text = read(folder === '' ? name : `${folder}/${name}`);
    if (text !== undefined) return text;
  }
  return undefined;
}

function addBundled(root: protobuf.Root, name: string): boolean {
  let json = protobuf.common.get(name) as protobuf.INamespace | null;
  const short = /^google\/protobuf\/(\w+)\.proto$/.exec(name)?.[1];
  if (!json && short && BUNDLED[short]) {
    for (const imported of BUNDLED[short]) addBundled(root, `google/protobuf/${imported}.proto`);
    json = createRequire(import.meta.url)(`protobufjs/google/protobuf/${short}.json`) as protobuf.INamespace;
  }
  if (!json?.nested) return false;
  addMissing(root, json.nested);
  return true;
}

/** Two bundled files may define the same type: api.proto's JSON holds what it imports. */
function addMissing(into: protobuf.NamespaceBase, nested: Record<string, protobuf.AnyNestedObject>): void {
  for (const [name, json] of Object.entries(nested)) {
    const present = into.get(name);
    const inner = (json as protobuf.INamespace).nested;
    if (!present) into.addJSON({ [name]: json });
    else if (present instanceof protobuf.Namespace && inner) addMissing(present, inner);
  }
}

function parse(source: SourceFile, root: protobuf.Root): protobuf.IParserResult {
  try {
    return protobuf.parse(source.text.replace(UNSAFE, STAND_IN), root, { keepCase: true });
  } catch (error) {
    throw new SchemaError(explainSyntax(error as Error, source));
  }
}

/** protobufjs tells the line only: the column is that of the token it names. */
function explainSyntax(error: Error, source: SourceFile): string {
  const illegal = /^(illegal .*?) \((?:[^()]*, )?line (\d+)\)$/s.exec(error.message);
  if (illegal) {
    const line = Number(illegal[2]);
    const token = /'(.*?)'(?:, .*)?$/s.exec(illegal[1]!)?.[1] ?? '';
    const column = (source.text.split('\n')[line - 1] ?? '').indexOf(token) + 1;
    const place = token === 'null' || column === 0 ? `${line}` : `${line}:${column}`;
    return `${source.name}:${place}: syntax error: ${token === 'null' ? 'unexpected end of file' : illegal[1]}`;
  }
  const duplicate = /^duplicate (?:id|name) '?(\w+)'? in (.*)$/.exec(error.message);
  const owner = duplicate ? /(\w+)$/.exec(duplicate[2]!)?.[1] : undefined;
  const place = owner ? locate(source, new RegExp(`\\b(?:message|enum|group|service)\\s+${owner}\\b`)) : undefined;
  return `${place ?? source.name}: ${error.message}`;
}

function explainUnresolved(error: Error, sources: readonly SourceFile[]): string {
  const name = /^no such .*?'([\w.]+)'/.exec(error.message)?.[1] ?? /^no such type: ([\w.]+)/.exec(error.message)?.[1];
  if (name) {
    for (const source of sources) {
      const place = locate(source, new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?![\\w.])`));
      if (place) return `${place}: the type ${name} is not defined`;
    }
  }
  return `${sources[0]?.name ?? ''}: ${error.message}`;
}

function explainCycle(trail: readonly string[], name: string, importedBy: SourceFile): string {
  const circle = [...trail.slice(trail.indexOf(name)), name].map((file) => `"${file}"`);
  return `${locateImport(importedBy, name)}: cycle found in imports: ${circle.join(' -> ')}`;
}

function locateImport(source: SourceFile, name: string): string {
  return locate(source, `"${name}"`) ?? locate(source, `'${name}'`) ?? source.name;
}

function locateWord(sources: readonly SourceFile[], word: string): string {
  for (const source of sources) {
    const place = locate(source, new RegExp(`\\b${word}\\s*=`)) ?? locate(source, new RegExp(`\\b${word}\\b`));
    if (place) return place;
  }
  return sources[0]?.name ?? '';
}

function locate(source: SourceFile, what: string | RegExp): string | undefined {
  for (const [index, line] of source.text.split('\n').entries()) {
    const column = typeof what === 'string' ? line.indexOf(what) : line.search(what);
    if (column >= 0) return `${source.name}:${index + 1}:${column + 1}`;
  }
  return undefined;
}

function addNamespace(builder: SchemaBuilder, namespace: protobuf.NamespaceBase): void {
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Type) addType(builder, object);
    else if (object instanceof protobuf.Enum) builder.addEnum(nameOf(object), Object.entries(object.values));
    else if (object instanceof protobuf.Service) addService(builder, object);
    else if (object instanceof protobuf.Namespace) addNamespace(builder, object);
  }
}

function addType(builder: SchemaBuilder, type: protobuf.Type): void {
  // Extensions appear among the fields too: scripts neither send nor see them.
  builder.addMessage(nameOf(type), type.fieldsArray.filter((field) => !field.name.startsWith('.')).map(draft));
  addNamespace(builder, type);
}

function addService(builder: SchemaBuilder, service: protobuf.Service): void {
  const name = nameOf(service);
  for (const method of service.methodsArray) {
    builder.addMethod({
      name: method.name,
      package: name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '',
      service: shortName(name),
      input: nameOf(method.resolvedRequestType!),
      output: nameOf(method.resolvedResponseType!),
      clientStreaming: method.requestStream === true,
      serverStreaming: method.responseStream === true,
    });
  }
}

function draft(field: protobuf.Field): FieldDraft {
  const resolved = field as unknown as ResolvedField;
  const target = field.resolvedType;
  const type = target instanceof protobuf.Enum ? 'enum' : target ? 'message' : (field.type as ScalarType);
  const mapKey = field instanceof protobuf.MapField ? (field.keyType as ScalarType) : null;
  const repeated = field.repeated && !mapKey;
  const written = resolved.protoName ?? field.name;
  const name = written === STAND_IN ? '__proto__' : written;
  const jsonName = (field.options?.['json_name'] as string | undefined)?.replace(STAND_IN, '__proto__');
  const delimited = type === 'message' && !mapKey && resolved.delimited;
  return {
    name,
    jsonName: jsonName ?? toJsonName(name),
    number: field.id,
    type,
    typeName: target ? nameOf(target) : null,
    repeated,
    mapKey,
    packed: repeated && isPackable(type) && resolved.packed,
    presence: !repeated && !mapKey && (type === 'message' || Boolean(resolved.hasPresence)),
    required: resolved.required,
    oneof: field.partOf ? nameOf(field.partOf) : null,
    delimited,
    groupName: delimited ? target!.name : null,
    verifyUtf8: resolved._features.utf8_validation === 'VERIFY',
  };
}

function nameOf(object: protobuf.ReflectionObject): string {
  return object.fullName.slice(1);
}
