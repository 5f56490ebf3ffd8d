// `--secret-source=file=FILE`: a file of `key=value` lines (https://grafana.com/docs/k6/latest/using-k6/secret-source/file/).
import { readFileSync } from 'node:fs';
import { badSource, type SecretSource, type SourceDescription } from './secret-source.ts';

/** @throws ExitError 255 for a file that cannot be read, and for a line that is none */
export function openFileSource({ settings }: SourceDescription): SecretSource {
  const [setting, ...others] = settings;
  if (others.length > 0 || setting === undefined || !['', 'filename'].includes(setting[0]) || setting[1] === '')
    throw badSource('a source of the type file takes one file, as in file=secrets.txt or file=filename=secrets.txt');
  const [, name] = setting;
  const secrets = new Map(parseSecrets(readText(name), name));
  return { description: `the file ${name}`, get: async (key) => secrets.get(key), keys: secrets.keys() };
}

function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw badSource(`there is no file ${name}`);
    if (code === 'EISDIR') throw badSource(`${name} is a folder, not a file of secrets`);
    throw badSource(`the file ${name} cannot be read: ${message}`);
  }
}

function* parseSecrets(text: string, file: string): Generator<[string, string]> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  // What follows the last line's end is no line.
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf('=');
    // The line may be a secret: it is not shown.
    if (at <= 0)
      throw badSource(
        `${file}:${index + 1}: each line must be key=value, and this one ${line.trim() === '' ? 'is empty' : at < 0 ? 'has no =' : 'has no key'}`,
      );
    yield [line.slice(0, at), line.slice(at + 1)];
  }
}
