// What a compiled script rests on: the files that it was made of, and what has made the bundler find these and no others.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeCrypto } from '../../node/late-builtins.ts';
import type { RemoteModules } from './remote/remote-modules.ts';

/** Digests by what they are of; null for what was not there. */
type Digests = Readonly<Record<string, string | null>>;

export interface ProgramPremises {
  /** Files by their absolute paths: modules of the script, and each package.json above them. */
  readonly files: Digests;
  /** Folders in which an import may find another file when one is added: those of the modules, and each node_modules above them. */
  readonly folders: Digests;
  /** Modules of the web, by address. */
  readonly addresses: Digests;
}

/** Names that an import may find. */
const MODULE_NAME = /\.(?:[cm]?[jt]sx?|json)$/;

/**
 * @param inputs absolute paths, and addresses of https
 * @param remote has loaded the modules of the web among them
 */
export function findPremises(inputs: Iterable<string>, remote: RemoteModules): ProgramPremises {
  const files: Record<string, string | null> = {};
  const folders: Record<string, string | null> = {};
  const addresses: Record<string, string | null> = {};
  const above = new Set<string>();
  for (const input of inputs) {
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

function digestFolder(folder: string): string | null {
  try {
    const names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isFile() || MODULE_NAME.test(entry.name))
      .map(({ name }) => name);
    return digestOf(names.sort().join('\0'));
  } catch {
    return null;
  }
}
