// What the machine that leads a run keeps of it until it is over, so that the run can be taken over: readable by its user alone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { makeFolder } from '../../node/make-folder.ts';
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

/** @throws ExitError 255 where this machine knows of no such run */
export function readRunFile(run: string, env: Environment): RunFile {
  const folder = stateFolder('runs', env);
  try {
    return JSON.parse(readFileSync(path.join(folder, `${path.basename(run)}.json`), 'utf8')) as RunFile;
  } catch {
    const known = listRunFiles(env);
    const others = known.length === 0 ? 'none is kept there' : `there are ${known.join(', ')}`;
    throw new ExitError(
      EXIT.other,
      `the key of the run ${run} is not on this machine (${folder}; ${others}): use the machine that began it, or copy the file`,
    );
  }
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
