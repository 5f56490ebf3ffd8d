// Joins a script and what it imports into the text of one ES module, with esbuild.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  BuildOptions,
  BuildResult,
  Loader,
  Message,
  Metafile,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
  ResolveResult,
  StdinOptions,
} from 'esbuild';
import { maskCredentials, maskUnread } from '../../addresses/credentials.ts';
import { findOwnLibrary, isOwnLibrary, ownerOf, refuseOwnLibrary } from '../own-libraries.ts';
import { type Adaptation, adaptModule, type StripTypes } from './adapt-module.ts';
import { columnOf } from './bundler-column.ts';
import { keepDeadZones } from './late-modules.ts';
import { linkModules, mendHelpers, refuseRequire } from './link-modules.ts';
import { isBareSpecifier } from './package-name.ts';
import type { ProgramInputs } from './program-premises.ts';
import type { RemoteModules } from './remote/remote-modules.ts';
import { ScriptError } from './script-error.ts';
import { isInRoot, placeInRoot } from './script-root.ts';
import { SHARED_PREFIX } from './shared-packages.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

export interface BundleEntry {
  /** Absolute path, or null for text from standard input. */
  readonly file: string | null;
  readonly source: string;
  /** What relative imports of standard input start from, and what source paths are relative to. */
  readonly folder: string;
  readonly loader: Loader;
  /** What is imported by an https address. */
  readonly remote: RemoteModules;
  /** Absolute; nothing outside of it is imported. Null: the script is the user's own, and imports what it likes. */
  readonly root: string | null;
}

/** A package file that the bundle leaves out, to be loaded once per worker. */
export interface SharedImport {
  /** What the bundle imports: `sixfold:package/0`. */
  readonly specifier: string;
  readonly packageName: string;
  readonly file: string;
  /** `require()` gives a CommonJS module's own exports, import a namespace of them. */
  readonly byRequire: boolean;
}

export interface Bundle {
  readonly code: string;
  /** Version 3 source map, JSON; its sources are relative to the entry's folder, or https addresses. */
  readonly map: string;
  readonly shared: readonly SharedImport[];
  /** Packages in the text, each with those that it imports. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Packages in the text that import a k6 module themselves, or do what only a virtual user can do. */
  readonly usesK6: ReadonlySet<string>;
  /** The script may ask for modules by names that only running it tells. */
  readonly hasComputedRequires: boolean;
  /** All modules in the text, and what they leave out. */
  readonly inputs: ProgramInputs;
}

/** The variable that a bundle of shared packages (format 'iife') defines. */
export const SHARED_GLOBAL = 'sixfoldPackages';

/** As bundlers for k6 are set up: what a package has for browsers needs no Node. */
export const PACKAGE_CHOICE = {
  platform: 'browser',
  mainFields: ['browser', 'module', 'main'],
  conditions: ['module', 'browser'],
} as const satisfies BuildOptions;

const PASS = { sixfoldPass: true };

/** Stage 3 decorators are spelt out: neither the parser nor the compiler of scripts knows them. */
export const SPELT_OUT = { decorators: false } as const;

/**
 * @param isShared whether a package is to be left out of the bundle
 * @param format 'iife' for the shared packages themselves: a script that defines SHARED_GLOBAL
 * @throws ScriptError for what cannot be resolved, fetched or parsed
 */
export async function bundle(
  entry: BundleEntry,
  isShared: (packageName: string) => boolean,
  format: 'esm' | 'iife' = 'esm',
): Promise<Bundle> {
  let known: Known = { bundled: null, isRequireReplaced: false, hasConstantAssignments: false };
  for (;;) {
    const result = await join(entry, isShared, format, known);
    if (!('again' in result)) return result;
    known = result.again;
  }
}

/** What only joining tells, so that it is done anew with it. */
interface Known extends Pick<Adaptation, 'isRequireReplaced' | 'hasConstantAssignments'> {
  /** Null as long as nothing has asked for it. */
  readonly bundled: readonly string[] | null;
}

async function join(
  entry: BundleEntry,
  isShared: (packageName: string) => boolean,
  format: 'esm' | 'iife',
  known: Known,
): Promise<Bundle | { again: Known }> {
  const { build, transform } = await import('esbuild'); // 10 ms: most scripts are a single file and never need it
  const adaptation = {
    ...known,
    bundled: known.bundled ?? [],
    computed: new Set<string>(),
    replacing: new Set<string>(),
    constants: new Set<string>(),
  };
  const shared = new Map<string, SharedImport>();
  const usesK6 = new Set<string>();
  const stripTypes: StripTypes = async (source, loader, url) =>
    (
      await transform(source, {
        loader,
        target: 'esnext',
        sourcemap: 'inline',
        sourcefile: url,
        tsconfigRaw: '{}',
        supported: SPELT_OUT,
        logLevel: 'silent',
      })
    ).code;
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await build({
      ...(entry.file
        ? { entryPoints: [entry.file] }
        : { stdin: await adaptInput(entry, format, adaptation, stripTypes) }),
      absWorkingDir: entry.folder,
      outdir: entry.folder,
      write: false,
      bundle: true,
      format,
      ...(format === 'iife' ? { globalName: SHARED_GLOBAL } : {}),
      target: 'esnext',
      ...PACKAGE_CHOICE,
      charset: 'utf8',
      sourcemap: 'external',
      sourcesContent: true,
      metafile: true,
      logLevel: 'silent',
      tsconfigRaw: '{}',
      // In a script the compiler takes `import()` over; in packages nothing does, and the engine's would reach the host's loader.
      supported: { ...SPELT_OUT, 'dynamic-import': format === 'esm', 'top-level-await': true },
      plugins: [resolver({ shared, usesK6, adaptation, isShared, stripTypes, remote: entry.remote, root: entry.root })],
    });
  } catch (thrown) {
    const error = thrown as { errors?: Message[] };
    const again = learnFrom(error.errors ?? [], known);
    if (again) return { again };
    throw toScriptError(error, entry.folder);
  }
  const output = result.outputFiles.find((file) => !file.path.endsWith('.map'))!;
  const map = result.outputFiles.find((file) => file.path.endsWith('.map'))!;
  const packages = new Map<string, Set<string>>();
  for (const [input, { imports }] of Object.entries(result.metafile.inputs)) {
    const name = ownerOf(path.resolve(entry.folder, input));
    if (!name) continue;
    const needs = packages.get(name) ?? new Set();
    packages.set(name, needs);
    for (const needed of imports) {
      const other = ownerOf(path.resolve(entry.folder, needed.path));
      if (other && other !== name) needs.add(other);
    }
  }
  const inputs = Object.keys(result.metafile.inputs);
  const { computed, replacing, constants } = adaptation;
  const asksReplaced = replacing.size > 0 && !known.isRequireReplaced;
  if (asksReplaced) return { again: { ...known, isRequireReplaced: true } };
  if (computed.size > 0 && known.bundled === null) {
    // A name that is computed may be that of a file which is part of the script: it has to be the same module.
    const bundled = inputs.flatMap((input) => addressOf(input, entry) ?? []);
    if (bundled.length > 0) return { again: { ...known, bundled } };
  }
  const mended = mendHelpers(output.text);
  let code: string;
  if (format === 'esm') {
    const loader = (source: string): Loader => (source === '-' ? entry.loader : loaderOf(source));
    const kept = await keepDeadZones(mended, map.text, result.metafile, entry.folder, loader, stripTypes);
    code = linkModules(kept, map.text, inputs, entry.folder, [...constants]);
  } else code = refuseRequire(mended);
  return {
    code,
    map: map.text,
    shared: [...shared.values()],
    packages,
    usesK6,
    hasComputedRequires: computed.size > 0,
    inputs: {
      modules: inputs.flatMap((input) => placeOfInput(input, entry) ?? []),
      named: namedPaths(result.metafile, entry.folder),
    },
  };
}

/** Standard input, adapted as files are when they are read. */
async function adaptInput(
  { source, folder, loader }: BundleEntry,
  format: 'esm' | 'iife',
  adaptation: Adaptation,
  stripTypes: StripTypes,
): Promise<StdinOptions> {
  const url = pathToFileURL(path.join(folder, '-')).href;
  const adapted = format === 'esm' ? await adaptModule(source, url, loader, adaptation, stripTypes) : null;
  return { contents: adapted ?? source, resolveDir: folder, sourcefile: '-', loader: adapted === null ? loader : 'js' };
}

/** The absolute path or address of a module of the script that a computed `require` may ask for. */
function addressOf(input: string, entry: BundleEntry): string | null {
  if (input.startsWith('https:')) return input.slice('https:'.length);
  if (input.includes(':')) return null;
  const file = path.resolve(entry.folder, input);
  return file !== entry.file && ownerOf(file) === null && existsSync(file) ? file : null;
}

/** The absolute path or address of what went into the text; null for what esbuild or we have put there. */
function placeOfInput(input: string, entry: BundleEntry): string | null {
  if (input.startsWith('https:')) return input.slice('https:'.length);
  if (input === '-') return null;
  return path.resolve(entry.folder, input.replace(/^\(disabled\):/, ''));
}

/** The absolute paths of files that modules import by a relative name or a file: address, before links are followed. */
function namedPaths({ inputs }: Metafile, folder: string): string[] {
  const named = new Set<string>();
  for (const [input, { imports }] of Object.entries(inputs)) {
    if (input.includes(':')) continue;
    for (const { original } of imports) {
      if (original === undefined) continue;
      if (original.startsWith('file://')) named.add(fileURLToPath(original));
      else if (!isBareSpecifier(original)) named.add(path.resolve(folder, path.dirname(input), original));
    }
  }
  return [...named];
}

/** What errors tell that are none by the language: with that in mind, joining may do. */
function learnFrom(errors: readonly Message[], known: Known): Known | null {
  if (!known.hasConstantAssignments && errors.some(({ text }) => /^Cannot assign to /.test(text)))
    return { ...known, hasConstantAssignments: true };
  // A module that waits cannot be asked for: `require` says so if it is.
  const waiting = errors
    .filter(({ text }) => /^This require call is not allowed because .* contains a top-level await/.test(text))
    .map(({ location }) => {
      const line = Buffer.from(location?.lineText ?? '');
      return line
        .subarray(location?.column, (location?.column ?? 0) + (location?.length ?? 0))
        .toString()
        .slice(1, -1);
    });
  const bundled = known.bundled?.filter((file) => !waiting.includes(file)) ?? [];
  return bundled.length < (known.bundled?.length ?? 0) ? { ...known, bundled } : null;
}

interface ResolverState {
  readonly shared: Map<string, SharedImport>;
  readonly usesK6: Set<string>;
  readonly adaptation: Adaptation;
  readonly stripTypes: StripTypes;
  readonly remote: RemoteModules;
  readonly root: string | null;
  isShared(packageName: string): boolean;
}

function resolver(state: ResolverState): Plugin {
  return {
    name: 'sixfold',
    setup(build) {
      const adapt = async (text: string, url: string, loader: Loader): Promise<OnLoadResult | undefined> => {
        const contents = await adaptModule(text, url, loader, state.adaptation, state.stripTypes);
        return contents === null ? undefined : { contents, loader: 'js' };
      };
      build.onResolve({ filter: /.*/ }, async (args) => {
        // What esbuild resolves for itself comes here a second time, and is looked at when it is through.
        const found = await resolve(build, args, state);
        if (state.root === null || args.pluginData === PASS) return found;
        const place = found ?? (await resolveAsBundler(build, args, args.path));
        return refuseOutside(args, place, state.root) ?? found;
      });
      build.onLoad({ filter: /.*/, namespace: 'https' }, async (args): Promise<OnLoadResult> => {
        const { text: contents } = await state.remote.load(args.path);
        const loader = loaderOf(new URL(args.path).pathname);
        return (await adapt(contents, args.path, loader)) ?? { contents, loader };
      });
      // A script may be a TypeScript file by content only if it comes from standard input; otherwise the name decides.
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async (args) => {
        const owner = ownerOf(args.path);
        if (owner) {
          if (actsForVu(readFileSync(args.path, 'utf8'))) state.usesK6.add(owner);
          return undefined;
        }
        return adapt(readFileSync(args.path, 'utf8'), pathToFileURL(args.path).href, loaderOf(args.path));
      });
    },
  };
}

/**
 * Whether code asks for requests or timers, and waits for promises: what stands behind an `await` of code that all virtual users share
 * belongs to none of them.
 */
function actsForVu(text: string): boolean {
  return (
    /\b(?:fetch|setTimeout|setInterval)\s*\(|\bAbortSignal\.timeout\b/.test(text) && /\bawait\b|\byield\b/.test(text)
  );
}

/** @returns how esbuild is to read a file of that name */
export function loaderOf(file: string): Loader {
  const ending = /\.[cm]?(tsx?|jsx)$/.exec(file)?.[1];
  return ending === 'ts' || ending === 'tsx' || ending === 'jsx' ? ending : 'js';
}

async function resolve(
  build: PluginBuild,
  args: OnResolveArgs,
  state: ResolverState,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === PASS) return undefined;
  // Resolved here, a file is a CommonJS or an ES module by what is in it, as in k6, whatever a package.json says.
  if (args.kind === 'entry-point') return { path: args.path };
  const { path: specifier, importer } = args;
  const owner = args.namespace === 'file' ? ownerOf(importer) : null;
  if (specifier.startsWith('sixfold:')) return { path: specifier, external: true };
  if (args.kind === 'dynamic-import') {
    return { path: specifier, external: true }; // as in k6, it fails when it runs
  }
  if (isK6Specifier(specifier)) {
    const reason = refuseK6Specifier(specifier, build.initialOptions.absWorkingDir!);
    if (reason) return leaveOr(args, specifier, reason);
    if (owner) state.usesK6.add(owner);
    return { path: specifier, external: true };
  }
  if (args.namespace === 'https') {
    if (isBareSpecifier(specifier)) {
      return refuse(`${importer} imports ${specifier}: a module on the web can only import by address`);
    }
    const address = URL.parse(specifier, state.remote.baseOf(importer));
    if (address === null) return refuse(`${importer} imports ${specifier}, which is no address`);
    if (address.protocol !== 'https:') return refuse(`${importer} imports ${specifier}, which is not an https address`);
    return { path: state.remote.nameOf(address.href), namespace: 'https' };
  }
  if (specifier.startsWith('https://')) {
    if (!URL.canParse(specifier)) return refuse(`${maskUnread(specifier)} is no address`);
    return { path: state.remote.nameOf(specifier), namespace: 'https' };
  }
  if (specifier.startsWith('http://'))
    return refuse(`${maskCredentials(specifier)}: modules are fetched by https only`);
  if (specifier.startsWith('file://')) return find(build, args, fileURLToPath(specifier), state.root);
  if (specifier.startsWith('node:') || (isBuiltin(specifier) && !owner)) {
    const found = specifier.startsWith('node:') ? null : await resolveAsBundler(build, args, specifier);
    if (!found || found.errors.length > 0) {
      return leaveOr(args, specifier, `${specifier} is a module of Node.js: scripts run without them, as in k6`);
    }
  }
  if (!isBareSpecifier(specifier)) return find(build, args, specifier, state.root);
  const own = findOwnLibrary(specifier);
  if (own !== null) return { path: own };
  const lacking = refuseOwnLibrary(specifier);
  if (lacking !== null) return leaveOr(args, specifier, lacking);
  const found = await resolveAsBundler(build, args, specifier);
  if (found.errors.length > 0) {
    if (owner && args.kind !== 'require-call') return undefined;
    return leaveOr(
      args,
      specifier,
      `the package ${specifier} is not in any node_modules folder above ${args.resolveDir} (for a file beside the script: './${specifier}')`,
    );
  }
  if (!path.isAbsolute(found.path)) return undefined; // a package leaves it out for browsers: esbuild puts an empty one there
  const packageName = ownerOf(found.path);
  if (!packageName || packageName === owner || !state.isShared(packageName)) return found;
  const byRequire = args.kind === 'require-call';
  const key = `${byRequire} ${found.path}`;
  let known = state.shared.get(key);
  if (!known) {
    known = { specifier: `${SHARED_PREFIX}${state.shared.size}`, packageName, file: found.path, byRequire };
    state.shared.set(key, known);
  }
  return { path: known.specifier, external: true };
}

/** What esbuild itself makes of a specifier. */
function resolveAsBundler(build: PluginBuild, args: OnResolveArgs, specifier: string): Promise<ResolveResult> {
  const { kind, importer, namespace } = args;
  // A package that one of ours needs is looked for where the script's are.
  const isScripts = isBareSpecifier(specifier) && isOwnLibrary(importer);
  const resolveDir = isScripts ? build.initialOptions.absWorkingDir! : args.resolveDir;
  return build.resolve(specifier, { kind, resolveDir, importer, namespace, pluginData: PASS });
}

/** @returns why it is not imported; undefined: it may be */
function refuseOutside(
  args: OnResolveArgs,
  { path: file = '', external = false, namespace = 'file' }: OnResolveResult,
  root: string,
): OnResolveResult | undefined {
  if (external || namespace !== 'file' || !path.isAbsolute(file) || isInRoot(file, root)) return undefined;
  const reason = `${args.path} lies outside of the script's archive: of the machine that a script was sent to, nothing is imported`;
  return leaveOr(args, 'sixfold:outside', reason);
}

async function find(
  build: PluginBuild,
  args: OnResolveArgs,
  given: string,
  root: string | null,
): Promise<OnResolveResult | undefined> {
  const specifier = root !== null && path.isAbsolute(given) ? placeInRoot(given, root) : given;
  const found = await resolveAsBundler(build, args, specifier);
  if (found.errors.length === 0) return path.isAbsolute(found.path) ? found : undefined;
  if (ownerOf(args.importer)) return undefined;
  const target = path.resolve(args.resolveDir, specifier);
  return leaveOr(
    args,
    pathToFileURL(target).href,
    existsSync(target)
      ? `${specifier} cannot be imported: ${target} is not a file of JavaScript, TypeScript or JSON`
      : `the file ${specifier} does not exist (${target})`,
  );
}

/** `require` of what is not there fails where it is called, which may be in a `try` block, or never. */
function leaveOr(args: OnResolveArgs, specifier: string, reason: string): OnResolveResult {
  return args.kind === 'require-call' ? { path: specifier, external: true } : refuse(reason);
}

function refuse(text: string): OnResolveResult {
  return { errors: [{ text, detail: 'import' }] };
}

function toScriptError(error: { errors?: Message[] }, folder: string): unknown {
  const first = error.errors?.[0];
  if (!first) return error;
  if (first.detail instanceof Error) return first.detail; // thrown by the plugin: a ScriptError, or a mistake of ours
  const atImport =
    first.detail === 'import' || /^(Could not resolve|No matching export|Could not read)/.test(first.text);
  const nearest = /Did you mean to import (".+?") instead/.exec(first.notes.map(({ text }) => text).join('\n'))?.[1];
  const reason = atImport
    ? `${first.text}${nearest ? ` (did you mean ${nearest}?)` : ''}`
    : `SyntaxError: ${first.text}`;
  const at = first.location;
  if (!at) return new ScriptError(atImport ? 'import' : 'syntax', reason);
  // Before its address esbuild writes the namespace, which it names apart for some messages only.
  const address = at.file.replace(/^https:(?=https:)/, '');
  const file = address.startsWith('https:') ? address : path.resolve(folder, at.file);
  const place = { file, line: at.line, column: columnOf(at), text: at.lineText };
  return new ScriptError(atImport ? 'import' : 'syntax', reason, place);
}
