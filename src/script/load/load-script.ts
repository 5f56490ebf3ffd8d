// From the path of a script to the text of one ES module that holds everything it imports.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Program } from 'acorn';
import { withoutCredentials } from '../../addresses/credentials.ts';
import { type Bundle, type BundleEntry, bundle, loaderOf, SPELT_OUT } from './bundle.ts';
import { bundleShared, packShared } from './bundle-shared.ts';
import { columnOf } from './bundler-column.ts';
import type { CodeOrigin } from './code-origin.ts';
import { bindImportMeta } from './import-meta.ts';
import { listImportedNames } from './imported-names.ts';
import { applyEdits } from './module-edits.ts';
import { isBareSpecifier } from './package-name.ts';
import { describeModule, type ModuleShape, parseModule } from './parse-module.ts';
import type { ProgramCache } from './program-cache.ts';
import type { ProgramInputs } from './program-premises.ts';
import { findReachedPackages } from './reached-packages.ts';
import { RemoteModules } from './remote/remote-modules.ts';
import { lineOf, ScriptError } from './script-error.ts';
import { isInRoot } from './script-root.ts';
import { SHARED_PREFIX, type SharedPackages } from './shared-packages.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

export interface ScriptEntry {
  /** Relative to `cwd`, absolute or a file: address; null for standard input. */
  readonly path: string | null;
  /** The text, needed with standard input. */
  readonly source?: string;
  readonly cwd: string;
}

export interface LoadOptions {
  /** Packages to instrument although nothing that blocks seems to reach them. */
  readonly instrument?: readonly string[];
  /** Packages of which each virtual user is to have a copy of its own. */
  readonly perVu?: readonly string[];
  /** In mode base the name `global` is not there. */
  readonly compatibilityMode?: 'base' | 'extended';
  /** What is imported by an https address; without it, it is fetched each time. */
  readonly remote?: RemoteModules;
  /** The folder that the script was unpacked into, absolute: nothing outside of it becomes part of the script. Missing: it may import what it likes. */
  readonly root?: string;
  /** Where compiled programs are kept; without it, none are. */
  readonly programs?: ProgramCache;
  /** A debugger is to find its way in the script, and to stop at its start or not. */
  readonly debugger?: { readonly breaksAtStart: boolean };
}

export interface LoadedScript {
  /** The text of one ES module that imports only k6 modules and `sixfold:` ones. */
  readonly code: string;
  readonly ast: Program;
  /** Absolute path, or null for standard input. */
  readonly file: string | null;
  /** What relative paths of `open()` start from. */
  readonly folder: string;
  /** The script is a CommonJS module: the default export of `code` is its `module.exports`. */
  readonly isCommonJs: boolean;
  readonly origin: CodeOrigin;
  readonly shared: SharedPackages | null;
  /** The script may ask for modules by names that only running it tells. */
  readonly hasComputedRequires: boolean;
  /** Packages that are part of `code`, and so instrumented and each virtual user's own. */
  readonly packages: readonly string[];
  /** All modules in the text, absolute paths and addresses. */
  readonly modules: readonly string[];
  /** What it was made of; null where that is not all that it rests on. */
  readonly inputs: ProgramInputs | null;
}

/**
 * Reads, bundles and parses a script.
 * @throws ScriptError
 */
export async function loadScript(entry: ScriptEntry, options: LoadOptions = {}): Promise<LoadedScript> {
  const file = entry.path === null ? null : locate(entry.path, entry.cwd);
  const { root = null } = options;
  if (file !== null && root !== null && !isInRoot(file, root))
    throw new ScriptError('missing', `the script ${entry.path} lies outside of its archive`);
  const source = file === null ? (entry.source ?? '') : readScript(file, entry.path!);
  const folder = file === null ? entry.cwd : path.dirname(file);
  const shownFile = file ?? '-';
  let loader = file === null ? 'js' : loaderOf(file);
  let ast: Program | null = null;
  if (loader === 'js') {
    try {
      ast = parseModule(source, shownFile);
    } catch (error) {
      // Standard input has no name to tell TypeScript by: it is what does not parse as JavaScript.
      if (file !== null) throw error;
      loader = 'ts';
    }
  }
  const where = { file, folder, shownFile, root };
  if (loader === 'js') {
    const single = loadSingle(source, ast!, where);
    if (single) return single;
    return loadBundled({ file, source, folder, loader }, describeModule(ast!), where, options);
  }
  const { transform } = await import('esbuild');
  const stripped = await transform(source, {
    loader,
    target: 'esnext',
    supported: SPELT_OUT,
    sourcemap: 'external',
    sourcefile: shownFile,
    tsconfigRaw: '{}',
    logLevel: 'silent',
  }).catch(
    (error: { errors?: { text: string; location: { line: number; column: number; lineText: string } | null }[] }) => {
      const first = error.errors?.[0];
      if (!first?.location) throw error;
      const { line, lineText } = first.location;
      throw new ScriptError('syntax', `SyntaxError: ${first.text}`, {
        file: shownFile,
        line,
        column: columnOf(first.location),
        text: lineText,
      });
    },
  );
  ast = parseModule(stripped.code, shownFile);
  const single = loadSingle(stripped.code, ast, where, stripped.map);
  // esbuild drops imports that only types use, so what is left to import says whether there is anything to join.
  return single ?? loadBundled({ file, source, folder, loader }, describeModule(ast), where, options);
}

interface Where {
  readonly file: string | null;
  readonly folder: string;
  readonly shownFile: string;
  readonly root: string | null;
}

/** A script that imports nothing but k6's modules needs no bundler, which would take longer to start than the script. */
function loadSingle(source: string, parsed: Program, where: Where, map: string | null = null): LoadedScript | null {
  const shape = describeModule(parsed);
  for (const specifier of [...shape.imports, ...shape.requires]) {
    if (!isK6Specifier(specifier)) return null;
    if (!shape.imports.includes(specifier)) continue; // what `require` cannot load, it says when it is called
    const reason = refuseK6Specifier(specifier, where.folder);
    if (reason) throw new ScriptError('import', reason, map === null ? placeOf(source, specifier, where) : undefined);
  }
  let code = source;
  let ast = parsed;
  if (shape.importMeta) {
    const url = pathToFileURL(where.file ?? path.join(where.folder, '-')).href;
    const edits = bindImportMeta(source, parsed, url);
    if (edits) code = applyEdits(source, [edits]);
  }
  if (!shape.isEsm) code = wrapCommonJs(code);
  if (code !== source) ast = parseModule(code, where.shownFile);
  return {
    code,
    ast,
    file: where.file,
    folder: where.folder,
    isCommonJs: !shape.isEsm,
    origin: {
      file: where.shownFile,
      folder: where.folder,
      lineOffset: shape.isEsm ? 0 : COMMON_JS_LINES,
      ...(code !== source && { lineCount: source.split('\n').length }),
      map: map ?? ownSourceMap(source, where),
    },
    shared: null,
    hasComputedRequires: shape.hasComputedRequires,
    packages: [],
    modules: where.file === null ? [] : [where.file],
    // A map that it points to may lie in another file.
    inputs:
      where.file === null || (map === null && source.includes(MAP_COMMENT))
        ? null
        : { modules: [where.file], named: [] },
  };
}

const COMMON_JS_LINES = 1;

/** `exports`, `module` and `this` of a CommonJS module, on a line above it. */
function wrapCommonJs(source: string): string {
  const text = source.startsWith('#!') ? `//${source}` : source;
  return `const module = { exports: {} }; (function (module, exports) {\n${text}\n}).call(module.exports, module, module.exports); export default module.exports;`;
}

/** Modules of the web where nothing of them is kept. */
export const UNKEPT = { cache: null, lockFile: null, offline: false };

async function loadBundled(
  main: Omit<BundleEntry, 'remote' | 'root'>,
  shape: ModuleShape,
  where: Where,
  options: LoadOptions,
): Promise<LoadedScript> {
  const remote = options.remote ?? new RemoteModules(UNKEPT);
  const script = await joinScript({ ...main, remote, root: options.root ?? null }, shape, where, options).catch(
    (error: unknown) => {
      // The module that cannot be had is nearly always one that the script itself imports.
      const address =
        error instanceof ScriptError && error.line === null ? /https:\/\/\S+/.exec(error.reason)?.[0] : undefined;
      if (address === undefined) throw error;
      const { kind, reason } = error as ScriptError;
      throw new ScriptError(kind, reason, placeOf(main.source, asWritten(main.source, address), where));
    },
  );
  remote.save();
  return script;
}

async function joinScript(
  entry: BundleEntry,
  main: ModuleShape,
  where: Where,
  options: LoadOptions,
): Promise<LoadedScript> {
  const own = new Set([...(options.instrument ?? []), ...(options.perVu ?? [])]);
  for (;;) {
    const joined = await bundle(entry, (name) => !own.has(name));
    const ast = parseModule(joined.code, where.shownFile);
    const before = own.size;
    let shared: Bundle | null = null;
    if (joined.shared.length > 0) {
      const reached = findReachedPackages(ast);
      const entries = joined.shared.filter((item) => reached.has(item.specifier)).map((item) => item.packageName);
      const names = listImportedNames(ast, (specifier) => specifier.startsWith(SHARED_PREFIX));
      try {
        shared = await bundleShared(joined.shared, names, where.folder, entry.remote, entry.root);
        addWithNeeded(own, entries, shared.packages);
        addWithImporters(own, shared.usesK6, shared.packages);
      } catch (error) {
        // What cannot be shared (top-level await, say) may still do as part of the script; if not, that will tell why.
        const packages = joined.shared.map((item) => item.packageName);
        if (packages.every((name) => own.has(name))) throw error;
        for (const name of packages) own.add(name);
      }
    }
    if (own.size > before) continue; // some packages turned out to be part of the script: join again
    return {
      code: joined.code,
      ast,
      file: where.file,
      folder: where.folder,
      isCommonJs: !main.isEsm,
      origin: { file: where.shownFile, folder: where.folder, lineOffset: 0, map: joined.map },
      shared: shared && packShared(shared, where.folder),
      hasComputedRequires: joined.hasComputedRequires || main.hasComputedRequires,
      packages: [...joined.packages.keys()],
      modules: joined.inputs.modules,
      inputs:
        where.file === null
          ? null
          : {
              modules: [...joined.inputs.modules, ...(shared?.inputs.modules ?? [])],
              named: [...joined.inputs.named, ...(shared?.inputs.named ?? [])],
            },
    };
  }
}

type Needs = ReadonlyMap<string, ReadonlySet<string>>;

/** A package that is handed something that blocks may hand it on to those that it imports. */
function addWithNeeded(own: Set<string>, names: Iterable<string>, needs: Needs): void {
  for (const name of names) {
    if (own.has(name)) continue;
    own.add(name);
    addWithNeeded(own, needs.get(name) ?? [], needs);
  }
}

/** A package that imports one that blocks may block itself. */
function addWithImporters(own: Set<string>, names: Iterable<string>, needs: Needs): void {
  for (const name of names) {
    if (own.has(name)) continue;
    own.add(name);
    addWithImporters(
      own,
      [...needs].filter(([, needed]) => needed.has(name)).map(([importer]) => importer),
      needs,
    );
  }
}

/** @param given a path or a file: address. @returns the absolute path */
export function locate(given: string, cwd: string): string {
  if (given.startsWith('file://')) return new URL(given).pathname;
  return path.resolve(cwd, given);
}

function readScript(file: string, given: string): string {
  try {
    if (statSync(file).isDirectory()) throw new ScriptError('missing', `the script ${given} is a folder`);
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof ScriptError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new ScriptError('missing', `the script ${given} cannot be read: ${message}`);
    if (/^https?:\/\//.test(given))
      throw new ScriptError('missing', `the script ${given} does not exist: scripts are files, so save it in one`);
    const hint = isBareSpecifier(given) && !path.extname(given) ? ' (file name extension forgotten?)' : '';
    throw new ScriptError('missing', `the script ${given} does not exist: there is no file ${file}${hint}`);
  }
}

/** The address of a module as it stands in a script, which may name who asks for it; as it is where it does not stand there. */
function asWritten(source: string, address: string): string {
  const written = source.matchAll(/(['"])(https:\/\/.*?)\1/g);
  return written.map(([, , one]) => one!).find((one) => withoutCredentials(one) === address) ?? address;
}

/** Where a specifier stands in the text. */
function placeOf(source: string, specifier: string, where: Where): ConstructorParameters<typeof ScriptError>[2] {
  const at = Math.max(source.indexOf(`'${specifier}'`), source.indexOf(`"${specifier}"`));
  return at < 0 ? undefined : placeAt(source, at, where);
}

function placeAt(source: string, offset: number, where: Where): ConstructorParameters<typeof ScriptError>[2] {
  const before = source.slice(0, offset).split('\n');
  const line = before.length;
  return { file: where.shownFile, line, column: before.at(-1)!.length + 1, text: lineOf(source, line)! };
}

const MAP_COMMENT = '//# sourceMappingURL=';

/** The source map that a script built by another tool points to; without it, positions are those of the script. */
function ownSourceMap(source: string, { file, root }: Where): string | null {
  const at = source.lastIndexOf(MAP_COMMENT);
  if (at < 0) return null;
  const url = source.slice(at + MAP_COMMENT.length).split(/\s/, 1)[0]!;
  try {
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(url);
    if (inline) return inline[1] ? Buffer.from(inline[2]!, 'base64').toString() : decodeURIComponent(inline[2]!);
    if (file === null) return null;
    const map = path.resolve(path.dirname(file), decodeURIComponent(url));
    return root === null || isInRoot(map, root) ? readFileSync(map, 'utf8') : null;
  } catch {
    return null; // as k6: a map that cannot be read only makes stack traces less exact
  }
}
