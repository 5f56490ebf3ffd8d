// Modules that a script asks for by names that only running it tells: found, read and compiled by the worker, as it is asked.
import { readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileModule } from '../compiler/compile.ts';
import type { Program } from '../program.ts';
import { loaderOf } from './bundle.ts';
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

/**
 * The file that a specifier of a module at `base` names.
 * @param base absolute path of a file
 * @returns candidates, the likeliest first; none for what is no file
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
  if (isBareSpecifier(specifier)) {
    if (isBuiltin(specifier) && specifier.startsWith('node:')) throw new Error(`${unknown}: it is a module of Node.js`);
    try {
      const found = createRequire(base).resolve(`${specifier}${isBuiltin(specifier) ? '/' : ''}`);
      if (path.isAbsolute(found)) return found;
    } catch {
      // Not in any node_modules folder.
    }
    const hint = isBuiltin(specifier) ? 'it is a module of Node.js' : 'no node_modules folder has such a package';
    throw new Error(`${unknown}: ${hint} (for a file beside the script: './${specifier}')`);
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
    // esbuild is there whenever it is needed: loading a script of several files has used it before.
    const { transformSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
    const made = transformSync(source, {
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
  const code = `import { define } from '${DEFINE_SPECIFIER}'; define(function (module, exports, require) {\n${text}\n});`;
  const program: Program = {
    ...compileModule({ code }),
    name: `sixfold:module/${compiled++}`,
    isCommonJs: true,
    origin: { file, folder: path.dirname(file), lineOffset: 1, lineCount: text.split('\n').length, map },
    lineStarts: findLineStarts(code),
    shared: null,
    packages: [],
  };
  return { kind: 'code', program, isEsm };
}
