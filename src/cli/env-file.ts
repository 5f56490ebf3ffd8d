// `--env-file`: variables from a file, in the form that `dotenv` and Node's own --env-file read.
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { FlagReader } from './flags/flag-reader.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The environment that a command works with. */
export interface CommandEnvironment {
  /** That of the process, with what the files add to it. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the files alone. */
  readonly variables: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/** @throws ExitError 255 for a file that cannot be read */
export function readEnvironment(command: Command, env: NodeJS.ProcessEnv): CommandEnvironment {
  const files = new FlagReader(command, env).list('envFile') ?? [];
  if (files.length === 0) return { env, variables: {}, files };
  const variables = readEnvFiles(files);
  return { env: { ...env, ...variables }, variables, files };
}

/**
 * @param files the variables of a later one go before those of an earlier one
 * @throws ExitError 255 with file and line, and without any value
 */
function readEnvFiles(files: readonly string[]): Record<string, string> {
  return Object.assign({}, ...files.map(readEnvFile)) as Record<string, string>;
}

function readEnvFile(file: string): Record<string, string> {
  const text = readText(file);
  const problem = findProblem(text);
  if (problem !== null) throw refuse(`${file}:${problem.line}: ${problem.what}`);
  return parseEnv(text) as Record<string, string>;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${message}`);
  }
}

function refuse(what: string): ExitError {
  return new ExitError(EXIT.other, `--env-file: ${what}`);
}

/** What Node's parser would pass over in silence. */
function findProblem(text: string): { line: number; what: string } | null {
  const lines = text.split(/\r\n|[\n\r]/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at].trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^(?:export\s+)?([^=]*?)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined) return { line: at + 1, what: 'there is no "=": write NAME=value, or # before a comment' };
    if (!NAME.test(name))
      return { line: at + 1, what: `"${name}" is no name of a variable: use letters, digits and _, as in NAME=value` };
    const [quote = ''] = value;
    if (!/["'`]/.test(quote)) continue;
    const begin = at;
    let rest = value.slice(1);
    while (!rest.includes(quote)) {
      if (++at === lines.length) return { line: begin + 1, what: `the value of ${name} has no closing ${quote}` };
      rest = lines[at];
    }
    const behind = rest.slice(rest.indexOf(quote) + 1).trim();
    if (behind !== '' && !behind.startsWith('#'))
      return { line: at + 1, what: `behind the closing ${quote} of ${name} stands something: only a comment may` };
  }
  return null;
}
