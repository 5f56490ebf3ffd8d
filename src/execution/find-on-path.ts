// Programs of the system by their names.
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../options/environment.ts';

/** @returns the file of a program that is given by its name alone, or null */
export function findOnPath(program: string, env: Environment): string | null {
  if (program.includes(path.sep)) return null;
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? [`${program}.exe`, program] : [program];
  for (const folder of folders) {
    for (const name of names) {
      const file = path.join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
