// What the process of a run leaves in its folder for whoever takes the run up, where its server is gone: how it ended, or how far it was.
// A server's folder bears its id, so that another process on the same machine finds what a dead one's runs have left.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { FromChild } from './child-protocol.ts';

const FILE = 'left.bin';
const PID_FILE = 'pid';
const PREFIX = 'server-';

export interface LeftBehind {
  /** When it was written, in ms since the epoch. */
  readonly atMs: number;
  readonly message: Extract<FromChild, { type: 'end' | 'checkpoint' }>;
}

/** @param folder of the run @throws Error where it cannot be written */
export function leaveBehind(folder: string, message: LeftBehind['message']): void {
  const left: LeftBehind = { atMs: Date.now(), message };
  const file = path.join(folder, FILE);
  // Whole or not at all: this process may be killed as well.
  writeFileSync(`${file}.part`, serialize(left), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** @returns the folder of a server's runs @param dataFolder of `--data` */
export function serverFolder(dataFolder: string, server: string): string {
  return path.join(dataFolder, PREFIX + server);
}

/** @returns the folder of a run @param folder of its server */
export function runFolder(folder: string, run: string): string {
  return path.join(folder, 'work', run);
}

/** @param folder of the server that ran it @returns null: nothing that can be read */
export function findLeft(folder: string, run: string): LeftBehind | null {
  try {
    return deserialize(readFileSync(path.join(runFolder(folder, run), FILE))) as LeftBehind;
  } catch {
    return null;
  }
}

/** Says whose the folder is. */
export function claimFolder(folder: string): void {
  writeFileSync(path.join(folder, PID_FILE), String(process.pid), { mode: 0o600 });
}

/** A folder of a server whose process is gone. */
export interface DeadFolder {
  readonly server: string;
  readonly folder: string;
  /** Runs that have left something. */
  readonly runs: readonly string[];
}

/** @param dataFolder of `--data` @param own the server that asks */
export function deadFolders(dataFolder: string, own: string): DeadFolder[] {
  return readdirSync(dataFolder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || !entry.name.startsWith(PREFIX)) return [];
    const server = entry.name.slice(PREFIX.length);
    const folder = path.join(dataFolder, entry.name);
    if (server === own || isAlive(folder)) return [];
    const runs = namesIn(path.join(folder, 'work')).filter((run) => namesIn(runFolder(folder, run)).includes(FILE));
    return [{ server, folder, runs }];
  });
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where there is no number of a process, nobody knows: it stays. */
function isAlive(folder: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(path.join(folder, PID_FILE), 'utf8'));
  } catch {
    return true;
  }
  // 0 and less are groups of processes.
  if (!Number.isSafeInteger(pid) || pid < 1) return true;
  // In containers each process of ours may have the same number.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
