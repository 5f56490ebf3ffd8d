import os from 'node:os';
import path from 'node:path';

/**
 * Where the system wants what can be had again: XDG_CACHE_HOME or ~/.cache, Library/Caches, LOCALAPPDATA.
 * @param name of a part of ours
 */
export function cacheFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const home = os.homedir();
  const system =
    env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32'
      ? env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local')
      : path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache'));
  return path.join(system, 'sixfold', name);
}
