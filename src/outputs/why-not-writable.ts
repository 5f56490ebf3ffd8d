import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeNothing } from './write-target.ts';

/** Whether a file can be written, without changing what it holds. @returns a reason why not, or null */
export function whyNotWritable(file: string): string | null {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
      const folder = path.dirname(file);
      if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
      accessSync(folder, constants.W_OK);
    } else if (found.isDirectory()) return 'it is a folder';
    // Opening one would wait for its reader.
    else if (found.isFIFO()) accessSync(file, constants.W_OK);
    else tryToWrite(file);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'its folder does not exist' : message;
  }
}

/** @throws what the system says */
function tryToWrite(file: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeNothing(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
