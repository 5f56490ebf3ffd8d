// The config file: options as JSON, below the script's own (docs/reference/options.md).
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { invalidConfig } from '../exit/exit-error.ts';

/** Where the file is looked for when nobody names one; k6's own file, so that it need not be copied. */
function defaultConfigPaths(env: NodeJS.ProcessEnv = process.env): string[] {
  const home = os.homedir();
  const base =
    process.platform === 'win32'
      ? (env['AppData'] ?? path.join(home, 'AppData', 'Roaming'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support')
        : env['XDG_CONFIG_HOME'] || path.join(home, '.config');
  return [path.join(base, 'sixfold', 'config.json'), path.join(base, 'k6', 'config.json')];
}

/**
 * @param named the path that the user gave; undefined: the default ones, which need not exist
 * @returns the file's JSON; undefined without a file
 * @throws ExitError 104
 */
export function readConfigFile(named: string | undefined, env: NodeJS.ProcessEnv = process.env): unknown {
  for (const file of named === undefined ? defaultConfigPaths(env) : [named]) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (named === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) continue;
      throw invalidConfig(`could not read the config file "${file}": ${message}`);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw invalidConfig(`the config file "${file}" is not valid JSON: ${(error as Error).message}`);
    }
  }
  return undefined;
}
