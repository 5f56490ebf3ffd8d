import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Whether a program of that name is on the path, or where Debian keeps servers. */
export function hasProgram(name: string): boolean {
  return [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'].some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
