// Modules that a script asks for by names that only running it tells: found, read and compiled by the worker, as it is asked.
import { readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Message, OutputFile } from 'esbuild';
import { compileModule } from '../compiler/compile.ts';
import type { Program } from '../program.ts';
import { loaderOf, PACKAGE_CHOICE } from './bundle.ts';
import { findLineStarts } from './line-starts.ts';
import { mendHelpers } from './link-modules.ts';
import { isBareSpecifier } from './package-name.ts';
import { describeModule, parseModule } from './parse-module.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

/** What a module compiled at run time imports the function from that it hands its body to. */
export const DEFINE_SPECIFIER = 'sixfold:define';

export type RunTimeModule =
  | {
      readonly kind: 'code';
      readonly program: Program /** Was an ES module, and imports as such. */;
      readonly isEsm: boolean;
    }
  | { readonly kind: 'json'; readonly text: string };

const ENDINGS = ['', '.js', '.cjs', '.mjs', '.ts', '.json', '/index.js', '/index.ts'];

/** Whether a specifier names a package, to be looked for in node_modules folders. */
export function namesPackage(specifier: string): boolean {
  return isBareSpecifier(specifier) && !isK6Specifier(specifier);
}

/**
 * The file that a specifier of a module at `base` names.
 * @param base absolute path of a file
 * @throws Error in k6's words
 */
export function findRunTimeModule(specifier: string, base: string): string {
  const unknown = `The moduleSpecifier "${specifier}" couldn't be recognised as something k6 supports`;
  if (isK6Specifier(specifier)) throw new Error(refuseK6Specifier(specifier) ?? unknown);
  if (/^https?:/.test(specifier)) {
    throw new Error(
      `The moduleSpecifier "${specifier}" cannot be fetched while the script runs: write the address as plain text in require('…') or import`,
    );
  }
  if (/^[a-z][a-z0-9+.-]+:/.test(specifier) && !specifier.startsWith('file:')) throw new Error(unknown);
  const wanted = specifier.startsWith('file:') ? fileURLToPath(specifier) : path.resolve(path.dirname(base), specifier);
  for (const ending of ENDINGS) {
    if (statSync(wanted + ending, { throwIfNoEntry: false })?.isFile()) return wanted + ending;
  }
  throw new Error(
    `The moduleSpecifier "${specifier}" couldn't be found on local disk. Make sure that you've specified the right path to the file (${wanted})`,
  );
}

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
  const isScript = loaderOf(file) === 'js';
  const isEsm = !isScript || describeModule(parseModule(source, file)).isEsm;
  if (isEsm) {
    const made = loadEsbuild().transformSync(source, {
      loader: loaderOf(file),
      format: 'cjs',
      target: 'esnext',
      sourcemap: 'external',
      sourcefile: file,
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
    text = mendHelpers(made.code);
    map = made.map;
  } else if (text.startsWith('#!')) text = `//${text}`;
  return { kind: 'code', program: toProgram(text, map, file), isEsm };
}

/**
 * Joins and compiles a package and what it needs.
 * @param base absolute path of the file that asks
 * @throws Error in k6's words for what is not there
 */
export function compileRunTimePackage(specifier: string, base: string): RunTimeModule {
  const { buildSync } = loadEsbuild();
  try {
    const { outputFiles } = buildSync({
      stdin: {
        contents: `module.exports = require(${JSON.stringify(specifier)});`,
        resolveDir: path.dirname(base),
        sourcefile: base,
      },
      absWorkingDir: path.dirname(base),
      outdir: path.dirname(base),
      write: false,
      bundle: true,
      format: 'cjs',
      ...PACKAGE_CHOICE,
      external: ['k6', 'k6/*'],
      target: 'esnext',
      charset: 'utf8',
      sourcemap: 'external',
      tsconfigRaw: '{}',
      logLevel: 'silent',
    });
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

/** esbuild is there whenever it is needed: loading a script has used it before, or a file beside it is TypeScript. */
function loadEsbuild(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
}

function toProgram(text: string, map: string | null, file: string): Program {
  const code = `import { define } from '${DEFINE_SPECIFIER}'; define(function (module, exports, require) {\n${text}\n});`;
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
