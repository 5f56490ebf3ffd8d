import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../exit/exit-error.ts';

/**
 * Whether a file can be written at the end of a run: to be known before there is load.
 * @param flag who wants to write it, for the message
 * @throws ExitError 255 that says why not
 */
export function checkWritable(flag: string, file: string): void {
  const problem = whyNotWritable(file);
  if (problem !== null) throw new ExitError(EXIT.other, `${flag}: cannot write to "${file}": ${problem}`);
}

/** @returns a reason, or null */
function whyNotWritable(file: string): string | null {
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
