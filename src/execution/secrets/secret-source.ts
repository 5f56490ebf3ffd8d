// What a source of secrets is, and how `--secret-source` describes one.
import { EXIT, ExitError } from '../../exit/exit-error.ts';

/** Where secrets come from. */
export interface SecretSource {
  /** For messages: `the file secrets.txt`. */
  readonly description: string;
  /**
   * @returns the secret, or undefined where there is none of that name
   * @throws Error, whose message holds no secret, when it cannot be had
   */
  get(key: string): Promise<string | undefined>;
  /** Names of all secrets, where they are known: for messages. */
  readonly keys?: Iterable<string>;
}

/** One `--secret-source`, taken apart. */
export interface SourceDescription {
  readonly type: string;
  /** Null where it has none. */
  readonly name: string | null;
  readonly isDefault: boolean;
  /** What belongs to its type, in its order; an item without `=` has the key ''. */
  readonly settings: readonly (readonly [key: string, value: string])[];
}

/** @returns an error that ends the program with 255; the text must not show values */
export function badSource(problem: string): ExitError {
  return new ExitError(EXIT.other, `--secret-source: ${problem}`);
}

/**
 * Takes apart `TYPE[=KEY=VALUE,…][,name=NAME][,default]`.
 * @throws ExitError 255
 */
export function parseSourceDescription(text: string): SourceDescription {
  const [, type, rest] = /^([^=,]*)(?:[=,](.*))?$/s.exec(text.trim())!;
  if (type === '') throw badSource('it needs the type of a source, as in file=secrets.txt');
  const items = rest === undefined ? [] : rest.split(',');
  let name: string | null = null;
  let isDefault = false;
  const settings: (readonly [string, string])[] = [];
  for (const item of items) {
    const [key, value] = splitAtEquals(item);
    if (value === null) {
      if (key === 'default') isDefault = true;
      else settings.push(['', key]);
    } else if (key === 'name') {
      if (value === '') throw badSource(`the name of a source of the type ${type} is empty`);
      name = value;
    } else settings.push([key, value]);
  }
  return { type, name, isDefault, settings };
}

function splitAtEquals(text: string): [string, string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
