// From what the user named – a path, or - for standard input – to a compiled program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { cacheFolder } from '../options/system-folders.ts';
import { loadProgram } from '../script/load/load-program.ts';
import type { LoadOptions } from '../script/load/load-script.ts';
import { ProgramCache } from '../script/load/program-cache.ts';
import { LOCK_NAME } from '../script/load/remote/module-lock.ts';
import { type PackedModules, RemoteModules } from '../script/load/remote/remote-modules.ts';
import { ScriptError } from '../script/load/script-error.ts';
import type { Program } from '../script/program.ts';
import type { ScriptLocation } from '../vu/environment.ts';

/** @param name a path, or `-` for standard input */
export function locateScript(name: string): ScriptLocation {
  const cwd = process.cwd();
  if (name === '-') return { file: null, folder: cwd };
  const file = path.resolve(cwd, name);
  return { file, folder: path.dirname(file) };
}

/** Where modules of the web come from. */
export interface ModuleSources {
  /** Nothing is fetched. */
  readonly offline: boolean;
  /** Those of an archive; null for a script. */
  readonly packed: PackedModules | null;
}

/** @param script absolute, or null for standard input */
export function remoteModulesOf(script: string | null, { offline, packed }: ModuleSources): RemoteModules {
  const lockFile = script === null || packed !== null ? null : path.join(path.dirname(script), LOCK_NAME);
  return new RemoteModules({ cache: cacheFolder('modules'), lockFile, offline, packed });
}

/** Programs that earlier runs have compiled. */
export function keptPrograms(): ProgramCache {
  return new ProgramCache(cacheFolder('programs'));
}

/**
 * Compiles a script.
 * @param name a path, or `-` for standard input
 * @param options which packages are each virtual user's own, and where modules of the web come from
 * @param source its text, in place of standard input
 * @throws ExitError: 255 when the script is not there, 107 when it cannot be compiled
 */
export async function compileScriptFile(name: string, options: LoadOptions = {}, source?: string): Promise<Program> {
  const cwd = process.cwd();
  try {
    if (name === '-') return await loadProgram({ path: null, source: source ?? readFileSync(0, 'utf8'), cwd }, options);
    return await loadProgram({ path: name, cwd }, options);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ExitError(error.kind === 'missing' ? EXIT.other : EXIT.scriptException, error.message, { cause: error });
  }
}
