// Where the system wants what a program keeps beside its results (XDG base directories, and what other systems have in their place).
import os from 'node:os';
import path from 'node:path';
import type { Environment } from './environment.ts';

/**
 * Where the system wants what can be had again: XDG_CACHE_HOME or ~/.cache, Library/Caches, LOCALAPPDATA.
 * @param name of a part of ours
 */
export function cacheFolder(name: string, env: Environment = process.env): string {
  return path.join(systemFolder(env, 'XDG_CACHE_HOME', 'Library/Caches', '.cache'), 'sixfold', name);
}

/**
 * Where the system wants what a program has to remember of its work: XDG_STATE_HOME or ~/.local/state, Library/Application Support,
 * LOCALAPPDATA.
 * @param name of a part of ours
 */
export function stateFolder(name: string, env: Environment = process.env): string {
  return path.join(systemFolder(env, 'XDG_STATE_HOME', 'Library/Application Support', '.local/state'), 'sixfold', name);
}

/** The user's folder; for a user whom the system does not know, as in a container, that for what is needed for a while. */
export function homeFolder(): string {
  try {
    return os.homedir();
  } catch {
    return os.tmpdir();
  }
}

function systemFolder(env: Environment, variable: string, ofMac: string, ofOthers: string): string {
  const home = homeFolder();
  return (
    env[variable] ||
    (process.platform === 'win32'
      ? env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local')
      : path.join(home, process.platform === 'darwin' ? ofMac : ofOthers))
  );
}
