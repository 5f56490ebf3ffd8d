import { InvalidArgumentError } from 'commander';

/** Makes a bad value an error that commander reports with the flag's name. */
export function refusing(
  parse: (text: string, before: unknown) => unknown,
): (text: string, before: unknown) => unknown {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
