// What a compiled script rests on: the files that it was made of, and what has made the bundler find these and no others.
import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { nodeCrypto } from '../../node/late-builtins.ts';
import type { RemoteModules } from './remote/remote-modules.ts';

/** Digests by what they are of; null for what was not there. */
type Digests = Readonly<Record<string, string | null>>;

export interface ProgramPremises {
  /** Files by their absolute paths: modules of the script, and each package.json above them. */
  readonly files: Digests;
  /**
   * Folders in which an import may find another file when one is added or a link leads elsewhere: those of the modules, those that
   * imports name, and each node_modules above them.
   */
  readonly folders: Digests;
  /** Modules of the web, by address. */
  readonly addresses: Digests;
}

/** What went into a program. */
export interface ProgramInputs {
  /** All modules: real paths, and addresses of https. */
  readonly modules: readonly string[];
  /** The absolute paths that modules import by, as they are written: through links, and maybe without an ending. */
  readonly named: readonly string[];
}

/** Names that an import may find. */
const MODULE_NAME = /\.(?:[cm]?[jt]sx?|json)$/;

/**
 * @param inputs what it was made of
 * @param remote has loaded the modules of the web among them
 */
export function findPremises({ modules, named }: ProgramInputs, remote: RemoteModules): ProgramPremises {
  const files: Record<string, string | null> = {};
  const folders: Record<string, string | null> = {};
  const addresses: Record<string, string | null> = {};
  const above = new Set<string>();
  for (const input of modules) {
    if (input.startsWith('https:')) {
      const module = remote.loaded.get(input);
      addresses[input] = module === undefined ? null : digestOf(module.text);
      continue;
    }
    files[input] = digestFile(input);
    let folder = path.dirname(input);
    folders[folder] ??= digestFolder(folder);
    for (; !above.has(folder); folder = path.dirname(folder)) {
      above.add(folder);
      const manifest = path.join(folder, 'package.json');
      files[manifest] = digestFile(manifest);
      const packages = path.join(folder, 'node_modules');
      folders[packages] = digestFolder(packages);
    }
  }
  for (const target of named) {
    for (const folder of isFolder(target) ? [path.dirname(target), target] : [path.dirname(target)])
      folders[folder] ??= digestFolder(folder);
  }
  return { files, folders, addresses };
}

/** File systems tell the time of a change by a clock that lags behind by up to 10 ms, or a little more over a network. */
const CLOCK_LAG_MS = 50;

/**
 * Whether something of it has changed at a time or later, so that what was compiled meanwhile may be of what was there before. By the
 * time of the change of status (stat(2)), which nobody can set.
 * @param premises have been found before that is asked
 * @param sinceMs by the clock of the system
 */
export function changedSince({ files, folders }: ProgramPremises, sinceMs: number): boolean {
  const isNew = (atMs: number): boolean => atMs >= sinceMs - CLOCK_LAG_MS;
  const isNewIn = (folder: string, entry: Dirent): boolean => {
    if (!entry.isFile() && !entry.isSymbolicLink()) return false;
    const { birthtimeMs, ctimeMs } = lstatSync(path.join(folder, entry.name));
    // A file beside the modules may be one that the run before has filled: only that it is there can matter.
    return isNew(entry.isFile() ? birthtimeMs : ctimeMs);
  };
  const there = (digests: Digests): string[] => Object.keys(digests).filter((place) => digests[place] !== null);
  try {
    return (
      there(files).some((file) => isNew(statSync(file).ctimeMs)) ||
      there(folders).some((folder) => namesIn(folder).some((entry) => isNewIn(folder, entry)))
    );
  } catch {
    return true; // gone since
  }
}

/**
 * Whether all is as it was. Modules of the web are loaded, as compiling would: one that cannot be had, which may be for want of the password
 * that only the script has, is not as it was.
 */
export async function premisesHold(premises: ProgramPremises, remote: RemoteModules): Promise<boolean> {
  for (const [file, digest] of Object.entries(premises.files)) if (digestFile(file) !== digest) return false;
  for (const [folder, digest] of Object.entries(premises.folders)) if (digestFolder(folder) !== digest) return false;
  const loaded = await Promise.all(
    Object.entries(premises.addresses).map(async ([address, digest]) => {
      const module = await remote.load(address).catch(() => null);
      return module !== null && digestOf(module.text) === digest;
    }),
  );
  return !loaded.includes(false);
}

function digestOf(content: string | Buffer): string {
  return nodeCrypto().hash('sha256', content, 'base64url');
}

function digestFile(file: string): string | null {
  try {
    return digestOf(readFileSync(file));
  } catch {
    return null;
  }
}

/** Of the names in it, and where links lead: modules are known by their real paths, which a link that leads elsewhere leaves as they are. */
function digestFolder(folder: string): string | null {
  try {
    const holdsPackages = path.basename(folder) === 'node_modules';
    const names = namesIn(folder).map((entry) => {
      const scope = holdsPackages && entry.name.startsWith('@') ? digestFolder(path.join(folder, entry.name)) : null;
      return [entry.name, ...(entry.isSymbolicLink() ? [targetOf(folder, entry)] : []), ...(scope ? [scope] : [])].join(
        '\n',
      );
    });
    return digestOf([realpathSync.native(folder), ...names.sort()].join('\0'));
  } catch {
    return null;
  }
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false;
  }
}

/** What an import may find in a folder. @throws Error of the system where it cannot be read */
function namesIn(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => !entry.isFile() || MODULE_NAME.test(entry.name),
  );
}

/** @returns what a link leads to in the end; nothing for one that leads nowhere */
function targetOf(folder: string, { name }: Dirent): string {
  try {
    return realpathSync.native(path.join(folder, name));
  } catch {
    return '';
  }
}
