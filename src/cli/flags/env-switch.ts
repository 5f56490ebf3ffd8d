import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { parseBoolean } from '../../options/value-forms.ts';

/** The truth value that an environment variable holds. @throws ExitError 255 that names the variable */
export function readEnvBoolean(variable: string, text: string): boolean {
  try {
    return parseBoolean(text);
  } catch (error) {
    throw new ExitError(EXIT.other, `the environment variable ${variable} cannot be used: ${(error as Error).message}`);
  }
}
