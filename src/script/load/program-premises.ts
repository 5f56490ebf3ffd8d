// What a compiled script rests on: the files that it was made of, and what has made the bundler find these and no others.
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
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
    const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() === true;
    for (const folder of isFolder ? [path.dirname(target), target] : [path.dirname(target)])
      folders[folder] ??= digestFolder(folder);
  }
  return { files, folders, addresses };
}

/** Whether all is as it was. Modules of the web are loaded, as compiling would. @throws ScriptError where one cannot be had */
export async function premisesHold(premises: ProgramPremises, remote: RemoteModules): Promise<boolean> {
  for (const [file, digest] of Object.entries(premises.files)) if (digestFile(file) !== digest) return false;
  for (const [folder, digest] of Object.entries(premises.folders)) if (digestFolder(folder) !== digest) return false;
  const loaded = await Promise.all(
    Object.entries(premises.addresses).map(
      async ([address, digest]) => digestOf((await remote.load(address)).text) === digest,
    ),
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
    const names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isFile() || MODULE_NAME.test(entry.name))
      .map((entry) => {
        const scope = holdsPackages && entry.name.startsWith('@') ? digestFolder(path.join(folder, entry.name)) : null;
        return [
          entry.name,
          ...(entry.isSymbolicLink() ? [targetOf(folder, entry)] : []),
          ...(scope ? [scope] : []),
        ].join('\n');
      });
    return digestOf([realpathSync.native(folder), ...names.sort()].join('\0'));
  } catch {
    return null;
  }
}

/** @returns what a link leads to in the end; nothing for one that leads nowhere */
function targetOf(folder: string, { name }: Dirent): string {
  try {
    return realpathSync.native(path.join(folder, name));
  } catch {
    return '';
  }
}
