// What the machine that leads a run keeps of it until it is over, so that the run can be taken over: readable by its user alone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { makeFolder } from '../../node/make-folder.ts';
import { parseUnquotedJson } from '../../node/parse-json.ts';
import type { Environment } from '../../options/environment.ts';
import { stateFolder } from '../../options/system-folders.ts';
import type { NatsSettings } from '../nats-link.ts';

export interface RunFile {
  readonly run: string;
  /** Of the run, in base64. */
  readonly key: string;
  readonly nats: NatsSettings;
  /** File with the key that it is signed with, absolute; null: it is not signed. */
  readonly sign: string | null;
  /** The command line behind the program's name. */
  readonly words: readonly string[];
  /** The script as the command line names it. */
  readonly script: string;
  /** What relative names on the command line start from. */
  readonly folder: string;
  /** `K6_…` and `SIXFOLD_…` variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Keeps a run. @throws what writing throws */
export function keepRun(file: RunFile, env: Environment): void {
  const folder = stateFolder('runs', env);
  makeFolder(folder, 0o700);
  writeFileSync(path.join(folder, `${file.run}.json`), JSON.stringify(file), { mode: 0o600 });
}

/** @throws ExitError 255 where this machine knows of no such run, and for a file that is none of a run */
export function readRunFile(run: string, env: Environment): RunFile {
  const found = findRunFile(run, env);
  if (found !== null) return found;
  const known = listRunFiles(env);
  const others = known.length === 0 ? 'none is kept there' : `there are ${known.join(', ')}`;
  throw new ExitError(
    EXIT.other,
    `the key of the run ${run} is not on this machine (${stateFolder('runs', env)}; ${others}): use the machine that began it, or copy the file`,
  );
}

/** @returns null where this machine knows of no such run @throws ExitError 255 for a file that is none of a run */
export function findRunFile(run: string, env: Environment): RunFile | null {
  const file = path.join(stateFolder('runs', env), `${path.basename(run)}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    return parseRunFile(text);
  } catch (error) {
    throw new ExitError(
      EXIT.other,
      `the file ${file} cannot be used: ${(error as Error).message}. Copy it anew from the machine that began the run`,
    );
  }
}

/** Whoever copied it may have changed it. @throws Error that says what it lacks, and nothing of what it holds: that are keys */
function parseRunFile(text: string): RunFile {
  const file = readObject(parseUnquotedJson(text), 'it');
  const nats = readObject(file['nats'], 'its "nats"');
  return {
    run: readText(file, 'run'),
    key: readText(file, 'key'),
    nats: {
      url: readText(nats, 'url'),
      creds: readTextOrNull(nats, 'creds'),
      ca: readTextOrNull(nats, 'ca'),
      cert: readTextOrNull(nats, 'cert'),
      key: readTextOrNull(nats, 'key'),
    },
    sign: readTextOrNull(file, 'sign'),
    words: readTexts(file['words'], 'its "words"'),
    script: readText(file, 'script'),
    folder: readText(file, 'folder'),
    variables: readVariables(file['variables']),
  };
}

function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function readText(object: Readonly<Record<string, unknown>>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new Error(`its "${name}" is no text`);
  return value;
}

function readTextOrNull(object: Readonly<Record<string, unknown>>, name: string): string | null {
  return object[name] === null || object[name] === undefined ? null : readText(object, name);
}

function readTexts(value: unknown, what: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new Error(`${what} is no list of texts`);
  return value;
}

function readVariables(value: unknown): Readonly<Record<string, string>> {
  const variables = readObject(value, 'its "variables"');
  readTexts(Object.values(variables), 'what its "variables" hold');
  return variables as Readonly<Record<string, string>>;
}

/** Runs that this machine has begun and not ended. */
function listRunFiles(env: Environment): string[] {
  try {
    return readdirSync(stateFolder('runs', env)).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
  } catch {
    return [];
  }
}

export function forgetRun(run: string, env: Environment): void {
  rmSync(path.join(stateFolder('runs', env), `${run}.json`), { force: true });
}
