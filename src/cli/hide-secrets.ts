// The end of a command that prints its errors itself.

import type { Redactor } from '../execution/secrets/redactor.ts';
import { ExitError } from '../exit/exit-error.ts';

/**
 * Does a command's work; what it fails with shows no secret.
 * @throws ExitError as `work` does
 */
export async function hideSecrets<T>(redactor: Redactor, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ExitError) || redactor.isIdle) throw error;
    throw new ExitError(error.exitCode, redactor.redact(error.message));
  }
}
