// Joins a script and what it imports into the text of one ES module, with esbuild.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  BuildOptions,
  Loader,
  Message,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
  ResolveResult,
} from 'esbuild';
import { fetchModule } from './fetch-module.ts';
import { replaceImportMeta } from './import-meta.ts';
import { linkModules, mendHelpers, refuseRequire } from './link-modules.ts';
import { isBareSpecifier, packageOf } from './package-name.ts';
import { bindRequire } from './run-time-require.ts';
import { ScriptError } from './script-error.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

export interface BundleEntry {
  /** Absolute path, or null for text from standard input. */
  readonly file: string | null;
  readonly source: string;
  /** What relative imports of standard input start from, and what source paths are relative to. */
  readonly folder: string;
  readonly loader: Loader;
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
  /** Packages in the text that import a k6 module themselves. */
  readonly usesK6: ReadonlySet<string>;
  /** The script may ask for modules by names that only running it tells. */
  readonly hasComputedRequires: boolean;
}

/** How modules of the worker's shared packages are named in a bundle. */
export const SHARED_PREFIX = 'sixfold:package/';

/** The variable that a bundle of shared packages (format 'iife') defines. */
export const SHARED_GLOBAL = 'sixfoldPackages';

/** As bundlers for k6 are set up: what a package has for browsers needs no Node. */
export const PACKAGE_CHOICE = {
  platform: 'browser',
  mainFields: ['browser', 'module', 'main'],
  conditions: ['module', 'browser'],
} as const satisfies BuildOptions;

const PASS = { sixfoldPass: true };

/**
 * @param isShared whether a package is to be left out of the bundle
 * @param format 'iife' for the shared packages themselves: a script that defines SHARED_GLOBAL
 * @param bundled files of the script that computed `require`s are to find
 * @throws ScriptError for what cannot be resolved, fetched or parsed
 */
export async function bundle(
  entry: BundleEntry,
  isShared: (packageName: string) => boolean,
  format: 'esm' | 'iife' = 'esm',
  bundled: readonly string[] = [],
): Promise<Bundle> {
  const { build } = await import('esbuild'); // 10 ms: most scripts are a single file and never need it
  const shared = new Map<string, SharedImport>();
  const usesK6 = new Set<string>();
  const computed = new Set<string>();
  const result = await build({
    ...(entry.file
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: entry.source, resolveDir: entry.folder, sourcefile: '-', loader: entry.loader } }),
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
    supported: { 'dynamic-import': format === 'esm', 'top-level-await': true },
    plugins: [resolver({ shared, usesK6, computed, bundled, isShared })],
  }).catch((error: { errors?: Message[] }) => {
    throw toScriptError(error, entry.folder);
  });
  const output = result.outputFiles.find((file) => !file.path.endsWith('.map'))!;
  const map = result.outputFiles.find((file) => file.path.endsWith('.map'))!;
  const packages = new Map<string, Set<string>>();
  for (const [input, { imports }] of Object.entries(result.metafile.inputs)) {
    const name = packageOf(path.resolve(entry.folder, input));
    if (!name) continue;
    const needs = packages.get(name) ?? new Set();
    packages.set(name, needs);
    for (const needed of imports) {
      const other = packageOf(path.resolve(entry.folder, needed.path));
      if (other && other !== name) needs.add(other);
    }
  }
  const inputs = Object.keys(result.metafile.inputs);
  if (computed.size > 0 && bundled.length === 0) {
    // A name that is computed may be that of a file which is part of the script: it has to be the same module.
    const files = inputs.filter((input) => !input.includes(':')).map((input) => path.resolve(entry.folder, input));
    const others = files.filter((file) => file !== entry.file && packageOf(file) === null && existsSync(file));
    if (others.length > 0) return bundle(entry, isShared, format, others);
  }
  const mended = mendHelpers(output.text);
  const code = format === 'esm' ? linkModules(mended, map.text, inputs, entry.folder) : refuseRequire(mended);
  return {
    code,
    map: map.text,
    shared: [...shared.values()],
    packages,
    usesK6,
    hasComputedRequires: computed.size > 0,
  };
}

interface ResolverState {
  readonly shared: Map<string, SharedImport>;
  readonly usesK6: Set<string>;
  /** Modules that use `require` with names that are computed. */
  readonly computed: Set<string>;
  readonly bundled: readonly string[];
  isShared(packageName: string): boolean;
}

function resolver(state: ResolverState): Plugin {
  return {
    name: 'sixfold',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolve(build, args, state));
      build.onLoad({ filter: /.*/, namespace: 'https' }, async (args): Promise<OnLoadResult> => {
        const contents = await fetchModule(args.path);
        const loader = /\.ts$/.test(new URL(args.path).pathname) ? 'ts' : 'js';
        return (await adaptModule(build, contents, args.path, loader, state)) ?? { contents, loader };
      });
      // A script may be a TypeScript file by content only if it comes from standard input; otherwise the name decides.
      build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async (args) => {
        if (packageOf(args.path)) return undefined;
        const contents = readFileSync(args.path, 'utf8');
        return adaptModule(build, contents, pathToFileURL(args.path).href, loaderOf(args.path), state);
      });
    },
  };
}

/** Binds what belongs to a module of the script itself: `import.meta.resolve`, and `require` as a function. */
async function adaptModule(
  build: PluginBuild,
  contents: string,
  url: string,
  loader: Loader,
  state: ResolverState,
): Promise<OnLoadResult | undefined> {
  const text = contents.includes('import.meta') ? replaceImportMeta(contents, url) : contents;
  if (/\brequire\b/.test(text)) {
    const options = { loader, target: 'esnext', sourcemap: 'inline', sourcefile: url, tsconfigRaw: '{}' } as const;
    const source =
      loader === 'ts'
        ? await build.esbuild.transform(text, options).then(
            ({ code }) => code,
            () => '',
          )
        : text;
    const bound = bindRequire(source, url, state.bundled);
    if (bound !== null) {
      state.computed.add(url);
      return { contents: bound, loader: 'js' };
    }
  }
  return text === contents ? undefined : { contents: text, loader };
}

/** @returns how esbuild is to read a file of that name */
export function loaderOf(file: string): Loader {
  return /\.[cm]?ts$/.test(file) ? 'ts' : 'js';
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
  const owner = args.namespace === 'file' ? packageOf(importer) : null;
  if (specifier.startsWith('sixfold:')) return { path: specifier, external: true };
  if (args.kind === 'dynamic-import') {
    return { path: specifier, external: true }; // as in k6, it fails when it runs
  }
  if (isK6Specifier(specifier)) {
    const reason = refuseK6Specifier(specifier);
    if (reason) return leaveOr(args, specifier, reason);
    if (owner) state.usesK6.add(owner);
    return { path: specifier, external: true };
  }
  if (args.namespace === 'https') {
    if (isBareSpecifier(specifier)) {
      return refuse(`${importer} imports ${specifier}: a module on the web can only import by address`);
    }
    const address = new URL(specifier, importer);
    if (address.protocol !== 'https:') return refuse(`${importer} imports ${specifier}, which is not an https address`);
    return { path: address.href, namespace: 'https' };
  }
  if (specifier.startsWith('https://')) return { path: specifier, namespace: 'https' };
  if (specifier.startsWith('http://')) return refuse(`${specifier}: modules are fetched by https only`);
  if (specifier.startsWith('file://')) return find(build, args, fileURLToPath(specifier));
  if (specifier.startsWith('node:') || (isBuiltin(specifier) && !owner)) {
    const found = specifier.startsWith('node:') ? null : await resolveAsBundler(build, args, specifier);
    if (!found || found.errors.length > 0) {
      return leaveOr(args, specifier, `${specifier} is a module of Node.js: scripts run without them, as in k6`);
    }
  }
  if (!isBareSpecifier(specifier)) return find(build, args, specifier);
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
  const packageName = packageOf(found.path);
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
  const { kind, resolveDir, importer, namespace } = args;
  return build.resolve(specifier, { kind, resolveDir, importer, namespace, pluginData: PASS });
}

async function find(build: PluginBuild, args: OnResolveArgs, specifier: string): Promise<OnResolveResult | undefined> {
  const found = await resolveAsBundler(build, args, specifier);
  if (found.errors.length === 0) return path.isAbsolute(found.path) ? found : undefined;
  if (packageOf(args.importer)) return undefined;
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
  const file = at.namespace === 'https' ? at.file.replace(/^https:(?=https:)/, '') : path.resolve(folder, at.file);
  // esbuild counts columns in bytes of UTF-8.
  const column = Buffer.from(at.lineText).subarray(0, at.column).toString().length + 1;
  return new ScriptError(atImport ? 'import' : 'syntax', reason, { file, line: at.line, column, text: at.lineText });
}
