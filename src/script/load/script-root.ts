// The folder that a script was unpacked into: where somebody else's script is compiled, nothing outside of it becomes part of the script.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { isOwnLibrary } from '../own-libraries.ts';

/** Whether a file is the script's, or a library of ours. Links are followed. @param root absolute */
export function isInRoot(file: string, root: string): boolean {
  if (isOwnLibrary(file)) return true;
  const [real, top] = [followed(file), followed(root)];
  return real === top || real.startsWith(top + path.sep);
}

/** The file that an absolute path of the script's author means here, as `open()` takes it. */
export function placeInRoot(file: string, root: string): string {
  return isInRoot(file, root) ? file : path.join(root, path.normalize(file));
}

function followed(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
