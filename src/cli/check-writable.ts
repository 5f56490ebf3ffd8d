import { EXIT, ExitError } from '../exit/exit-error.ts';
import { whyNotWritable } from '../outputs/why-not-writable.ts';

/**
 * Whether a file can be written at the end of a run: to be known before there is load.
 * @param flag who wants to write it, for the message
 * @throws ExitError 255 that says why not
 */
export function checkWritable(flag: string, file: string): void {
  const problem = whyNotWritable(file);
  if (problem !== null) throw new ExitError(EXIT.other, `${flag}: cannot write to "${file}": ${problem}`);
}
