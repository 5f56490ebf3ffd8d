import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../node/make-folder.ts';
import { FILE_PATHS, renderFile } from './site.ts';

/**
 * Writes every file of the site, the same bytes that a server would send.
 * @returns how many files
 * @throws the system's error where the folder cannot be written
 */
export async function writeSite(folder: string): Promise<number> {
  for (const file of FILE_PATHS) {
    const to = path.join(folder, file);
    makeFolder(path.dirname(to));
    await writeFile(to, (await renderFile(file))!);
  }
  return FILE_PATHS.length;
}
