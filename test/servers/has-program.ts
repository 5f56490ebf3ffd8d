import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';

/** Where Debian keeps servers, besides the path; each version of PostgreSQL has a folder of its own. */
const SERVER_FOLDERS = ['/usr/sbin', ...globSync('/usr/lib/postgresql/*/bin').sort().reverse()];

/** Whether a program of that name is on the path, or where Debian keeps servers. */
export function hasProgram(name: string): boolean {
  return findProgram(name) !== null;
}

/** @returns its absolute path, or null */
export function findProgram(name: string): string | null {
  for (const folder of [...(process.env['PATH'] ?? '').split(path.delimiter), ...SERVER_FOLDERS]) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return path.resolve(file);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
