// What a script and its modules import, without asking whether it is there: for `sixfold deps` and archives.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Message } from 'esbuild';
import { withoutCredentials } from '../../addresses/credentials.ts';
import { findOwnLibrary, isOwnLibrary } from '../own-libraries.ts';
import { PACKAGE_CHOICE } from './bundle.ts';
import { columnOf } from './bundler-column.ts';
import { ScriptError } from './script-error.ts';
import { isK6Specifier } from './specifiers.ts';

export interface Imports {
  /** k6's modules and extensions, by name. */
  readonly modules: readonly string[];
  /** Absolute paths, the script's own among them; without libraries of ours, which are wherever the program is. */
  readonly files: readonly string[];
  /** Modules by https address. */
  readonly remote: readonly string[];
}

const BESIDE = { besideScript: true };

/**
 * @param file absolute
 * @throws ScriptError when a file is missing or is no script
 */
export async function listImports(file: string): Promise<Imports> {
  if (!existsSync(file) || statSync(file).isDirectory()) {
    throw new ScriptError('missing', `the file ${file} couldn't be found: check its path`);
  }
  const { build } = await import('esbuild');
  const modules = new Set<string>();
  const remote = new Set<string>();
  const folder = path.dirname(file);
  const { metafile } = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'esnext',
    ...PACKAGE_CHOICE,
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [
      {
        name: 'sixfold-imports',
        setup({ onResolve, resolve }) {
          onResolve({ filter: /^[^./]/ }, async ({ path: specifier, importer, kind, pluginData }) => {
            const own = findOwnLibrary(specifier);
            if (own !== null) return { path: own };
            if (pluginData === BESIDE || !isOwnLibrary(importer) || isK6Specifier(specifier)) return undefined;
            // A package that one of ours needs is looked for where the script's are.
            return resolve(specifier, { kind, importer, resolveDir: folder, pluginData: BESIDE });
          });
          onResolve({ filter: /^k6(?:\/|$)|^https?:/ }, ({ path: specifier }) => {
            if (isK6Specifier(specifier)) modules.add(specifier);
            else remote.add(withoutCredentials(specifier));
            return { path: specifier, external: true };
          });
        },
      },
    ],
  }).catch((error: { errors?: Message[] }) => {
    const [first] = error.errors ?? [];
    const place = first?.location
      ? `${path.resolve(folder, first.location.file)}:${first.location.line}:${columnOf(first.location)}: `
      : '';
    throw new ScriptError('import', `${place}${first?.text ?? String(error)}`);
  });
  return {
    modules: [...modules].sort(),
    files: Object.keys(metafile.inputs)
      .map((input) => path.resolve(folder, input))
      .filter((input) => !isOwnLibrary(input))
      .sort(),
    remote: [...remote].sort(),
  };
}
