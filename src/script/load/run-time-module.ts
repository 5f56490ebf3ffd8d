// Modules that a script asks for by names that only running it tells: found, read and compiled by the worker, as it is asked.
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Message, OutputFile } from 'esbuild';
import { compileModule } from '../compiler/compile.ts';
import { ownLibraries } from '../own-libraries.ts';
import type { Program } from '../program.ts';
import { loaderOf, PACKAGE_CHOICE, SPELT_OUT } from './bundle.ts';
import { columnOf } from './bundler-column.ts';
import { DEFINE_SPECIFIER } from './find-run-time-module.ts';
import { importMetaSpecifier } from './import-meta.ts';
import { findLineStarts } from './line-starts.ts';
import { mendHelpers } from './link-modules.ts';
import { describeModule, parseModule } from './parse-module.ts';
import { ScriptError } from './script-error.ts';

export type RunTimeModule =
  | {
      readonly kind: 'code';
      readonly program: Program /** Was an ES module, and imports as such. */;
      readonly isEsm: boolean;
    }
  | { readonly kind: 'json'; readonly text: string };

let compiled = 0;

/**
 * Reads and compiles a file.
 * @param file absolute path
 * @throws ScriptError where its syntax is wrong
 */
export function compileRunTimeModule(file: string): RunTimeModule {
  const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (file.endsWith('.json')) return { kind: 'json', text: source };
  let text = source;
  let map: string | null = null;
  const loader = loaderOf(file);
  const isEsm = loader !== 'js' || describeModule(parseModule(source, file)).isEsm;
  if (isEsm) [text, map] = toCommonJs(source, file, loader);
  else if (text.startsWith('#!')) text = `//${text}`;
  return { kind: 'code', program: toProgram(text, map, file), isEsm };
}

/** @returns the text and its source map */
function toCommonJs(source: string, file: string, loader: Loader): [text: string, map: string] {
  try {
    const { code, map } = loadEsbuild().transformSync(source, {
      loader,
      format: 'cjs',
      target: 'esnext',
      define: { 'import.meta': META_NAME },
      supported: { ...SPELT_OUT, 'top-level-await': true },
      sourcemap: 'external',
      sourcefile: file,
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    return [mendHelpers(code), map];
  } catch (error) {
    const [first] = (error as { errors?: Message[] }).errors ?? [];
    if (!first?.location) throw error;
    const { line, lineText } = first.location;
    const place = { file, line, column: columnOf(first.location), text: lineText };
    if (!/^Top-level await/.test(first.text)) throw new ScriptError('syntax', `SyntaxError: ${first.text}`, place);
    throw new ScriptError(
      'import',
      'require() cannot load a module that waits (await) at its top level: import it',
      place,
    );
  }
}

/**
 * Joins and compiles a package and what it needs.
 * @param base absolute path of the file that asks
 * @throws Error in k6's words for what is not there
 */
export function compileRunTimePackage(specifier: string, base: string): RunTimeModule {
  const { buildSync } = loadEsbuild();
  try {
    const { outputFiles, metafile } = buildSync({
      stdin: {
        contents: `module.exports = require(${JSON.stringify(specifier)});`,
        resolveDir: path.dirname(base),
        sourcefile: base,
      },
      absWorkingDir: path.dirname(base),
      outdir: path.dirname(base),
      write: false,
      metafile: true,
      bundle: true,
      format: 'cjs',
      ...PACKAGE_CHOICE,
      external: ['k6', 'k6/*'],
      alias: ownLibraries(),
      // For packages that one of ours needs.
      nodePaths: packageFoldersAbove(path.dirname(base)),
      target: 'esnext',
      supported: SPELT_OUT,
      charset: 'utf8',
      sourcemap: 'external',
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    refuseUnreadable(Object.keys(metafile.inputs), path.dirname(base));
    const [map, made] = outputFiles as [OutputFile, OutputFile];
    return { kind: 'code', program: toProgram(mendHelpers(made.text), map.text, base), isEsm: false };
  } catch (error) {
    const [first] = (error as { errors?: Message[] }).errors ?? [];
    const isOwn = first?.text === `Could not resolve "${specifier}"`;
    const hint = isOwn
      ? isBuiltin(specifier)
        ? 'it is a module of Node.js'
        : `no node_modules folder has such a package (for a file beside the script: './${specifier}')`
      : (first?.text ?? (error as Error).message);
    throw new Error(`The moduleSpecifier "${specifier}" couldn't be recognised as something k6 supports: ${hint}`);
  }
}

/**
 * The bundler is a process of its own, which no permissions of this one hold back: what it has read and this one may not goes no further.
 * @param inputs relative to `folder`
 */
function refuseUnreadable(inputs: readonly string[], folder: string): void {
  const { permission } = process;
  if (permission === undefined) return;
  for (const input of inputs) {
    // What a package leaves out for browsers is empty.
    if (input.startsWith('(disabled):')) continue;
    const file = path.resolve(folder, input);
    if (!permission.has('fs.read', file)) throw new Error(`it needs ${file}, which may not be read here`);
  }
}

function packageFoldersAbove(folder: string): string[] {
  const above = path.dirname(folder);
  return [path.join(folder, 'node_modules'), ...(above === folder ? [] : packageFoldersAbove(above))];
}

/** esbuild is there whenever it is needed: loading a script has used it before, or a file beside it is TypeScript. */
function loadEsbuild(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
}

/** What an ES module calls its `import.meta` once it is a function. */
const META_NAME = 'sixfold_import_meta';

/** `require` of a CommonJS module says which module asks, and then asks the global function of that name. */
const MAKE_REQUIRE =
  'scope => function require(id) { const before = ask(scope); try { return globalThis.require(id); } finally { ask(before); } }';

function toProgram(text: string, map: string | null, file: string): Program {
  const meta = text.includes(META_NAME)
    ? `import ${META_NAME} from ${JSON.stringify(importMetaSpecifier(pathToFileURL(file).href))}; `
    : '';
  const code = `import { ask, define } from '${DEFINE_SPECIFIER}'; ${meta}define(function (module, exports, require) {\n${text}\n}, ${MAKE_REQUIRE});`;
  return {
    ...compileModule({ code }),
    name: `sixfold:module/${compiled++}`,
    isCommonJs: true,
    origin: { file, folder: path.dirname(file), lineOffset: 1, lineCount: text.split('\n').length, map },
    lineStarts: findLineStarts(code),
    shared: null,
    packages: [],
  };
}
