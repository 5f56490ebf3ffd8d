import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** Whether a file can be written, without touching it. @returns a reason why not, or null */
export function whyNotWritable(file: string): string | null {
  try {
    if (existsSync(file)) {
      if (statSync(file).isDirectory()) return 'it is a folder';
      accessSync(file, constants.W_OK);
    } else accessSync(path.dirname(file), constants.W_OK);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'its folder does not exist' : message;
  }
}
