import { createRequire } from 'node:module';
import path from 'node:path';
import { type BuildOptions, build, transform } from 'esbuild';

/** Who wrote the text that is compiled: esbuild as it comes, esbuild or terser as a minifier. */
export type Form = 'bundled' | 'esbuild' | 'terser';
export const FORMS: readonly Form[] = ['bundled', 'esbuild', 'terser'];

const FOLDER = import.meta.dirname;
const require = createRequire(path.join(FOLDER, 'package.json'));

interface Terser {
  minify(code: string, options: object): Promise<{ code?: string }>;
}

/**
 * The module as an expression `(() => {…})()` that brings its exports.
 * @param specifier as in an import; it is looked for in the packages of this folder
 */
export async function bundle(specifier: string, form: Form): Promise<string> {
  const options: BuildOptions & { write: false } = {
    stdin: { contents: `export * as it from ${JSON.stringify(specifier)}`, resolveDir: FOLDER },
    bundle: true,
    format: 'iife',
    globalName: 'exported',
    platform: 'browser',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'silent',
    legalComments: 'none',
    minify: form === 'esbuild',
    external: ['fs', 'path', 'crypto', 'node:crypto', 'node:fs', 'node:path', 'util', 'stream', 'url', 'vm'],
  };
  const { outputFiles } = await build(options);
  const text = outputFiles[0]!.text;
  if (form !== 'terser') return text;
  const terser = require('terser') as Terser;
  const { code } = await terser.minify(text, { compress: { passes: 2 }, mangle: true });
  return code!;
}

/** The text of TypeScript that the script is to contain, as JavaScript. */
export async function asScript(typescript: string): Promise<string> {
  return (await transform(typescript, { loader: 'ts' })).code;
}
