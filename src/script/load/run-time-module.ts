// Modules that a script asks for by names that only running it tells: found, read and compiled by the worker, as it is asked.
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import type { Message, OutputFile } from 'esbuild';
import { compileModule } from '../compiler/compile.ts';
import type { Program } from '../program.ts';
import { loaderOf, PACKAGE_CHOICE } from './bundle.ts';
import { DEFINE_SPECIFIER } from './find-run-time-module.ts';
import { findLineStarts } from './line-starts.ts';
import { mendHelpers } from './link-modules.ts';
import { describeModule, parseModule } from './parse-module.ts';

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
