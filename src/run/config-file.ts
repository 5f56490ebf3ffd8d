// The config file: options as JSON, or as a module that exports them, below the script's own (docs/reference/options.md).
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { invalidConfig } from '../exit/exit-error.ts';
import { homeFolder } from '../options/system-folders.ts';

const MODULE = /\.[cm]?[jt]s$/;

/** Where the file is looked for when nobody names one; k6's own file, so that it need not be copied. */
function defaultConfigPaths(env: NodeJS.ProcessEnv): string[] {
  const home = homeFolder();
  const base =
    process.platform === 'win32'
      ? (env['AppData'] ?? path.join(home, 'AppData', 'Roaming'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support')
        : env['XDG_CONFIG_HOME'] || path.join(home, '.config');
  return [path.join(base, 'sixfold', 'config.json'), path.join(base, 'k6', 'config.json')];
}

/**
 * @param named the path that the user gave; null: the default ones, which need not exist
 * @returns what the file holds; undefined without a file
 * @throws ExitError 104
 */
export async function readConfigFile(
  named: string | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  for (const file of named === null ? defaultConfigPaths(env) : [named]) {
    let content: unknown;
    try {
      content = MODULE.test(file) ? await importConfig(file) : parseConfig(file, readFileSync(file, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (named === null && (code === 'ENOENT' || code === 'ENOTDIR')) continue;
      if (code === undefined) throw error;
      throw invalidConfig(`could not read the config file "${file}": ${message}`);
    }
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw invalidConfig(`the config file "${file}" must hold an object of options, such as { "vus": 10 }`);
    return content as Readonly<Record<string, unknown>>;
  }
  return undefined;
}

function parseConfig(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalidConfig(`the config file "${file}" is not valid JSON: ${(error as Error).message}`);
  }
}

/** @returns the default export as JSON would have it */
async function importConfig(file: string): Promise<unknown> {
  // One that has changed since is loaded anew.
  const { mtimeMs } = statSync(file);
  let exported: { readonly default?: unknown };
  try {
    exported = (await import(`${pathToFileURL(path.resolve(file)).href}?${mtimeMs}`)) as typeof exported;
  } catch (error) {
    throw invalidConfig(`the config file "${file}" cannot be loaded: ${describeWithPlace(error)}`);
  }
  if (exported.default === undefined)
    throw invalidConfig(`the config file "${file}" exports nothing by default: write export default { … }`);
  return JSON.parse(JSON.stringify(exported.default) ?? 'null');
}

/** The message, and where in a file it happened if the stack says so. */
function describeWithPlace(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, file, line] = /file:\/\/(\/[^?\n:)]*)(?:\?[^:\n]*)?:(\d+(?::\d+)?)/.exec(error.stack ?? '') ?? [];
  return `${error.name}: ${error.message}${file === undefined ? '' : ` (${file}:${line})`}`;
}
