// From what the user named – a path, or - for standard input – to a compiled program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../execution/exit-error.ts';
import { loadProgram } from '../script/load/load-program.ts';
import { ScriptError } from '../script/load/script-error.ts';
import type { Program } from '../script/program.ts';

export interface LoadedScript {
  readonly program: Program;
  /** Absolute path, or null for standard input; and the folder that relative paths start from. */
  readonly script: { readonly file: string | null; readonly folder: string };
}

/**
 * Compiles a script.
 * @param name a path, or `-` for standard input
 * @throws ExitError: 255 when the script is not there, 107 when it cannot be compiled
 */
export async function loadScriptFile(name: string): Promise<LoadedScript> {
  const cwd = process.cwd();
  try {
    if (name === '-') {
      const source = readFileSync(0, 'utf8');
      return { program: await loadProgram({ path: null, source, cwd }), script: { file: null, folder: cwd } };
    }
    const program = await loadProgram({ path: name, cwd });
    const file = path.resolve(cwd, name);
    return { program, script: { file, folder: path.dirname(file) } };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ExitError(error.kind === 'missing' ? EXIT.other : EXIT.scriptException, error.message, { cause: error });
  }
}
