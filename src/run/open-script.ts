// From what the user named – a path, - for standard input, an archive – to files that can be compiled.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { makeFolder } from '../node/make-folder.ts';
import { type ArchiveMetadata, isArchive, openArchive } from '../script/archive/archive.ts';
import type { PackedModules } from '../script/load/remote/remote-modules.ts';
import type { ScriptLocation } from '../vu/environment.ts';
import { locateScript } from './load-script-file.ts';

const STANDARD_INPUT = 0;

export interface OpenScript {
  /** What to compile: a path, or `-`. */
  readonly name: string;
  readonly place: ScriptLocation;
  /** The text of a script that is no file, such as one from standard input; null for a file. */
  readonly source: string | null;
  /** What an archive says of itself; null for a script. */
  readonly archive: ArchiveMetadata | null;
  /** Modules of the web that an archive holds; null for a script. */
  readonly packed: PackedModules | null;
  /** Text with the paths that the user knows in place of those of unpacked files. */
  showPaths(text: string): string;
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * @param name a path, or `-`
 * @param type what the user says it is; null: look
 * @param source the script's text, in place of standard input
 * @throws ExitError 255 for an archive that is none
 */
export function openScript(name: string, type: string | null, source?: string): OpenScript {
  const place = locateScript(name);
  const plain = {
    name,
    place,
    source: source ?? null,
    archive: null,
    packed: null,
    showPaths: (text: string) => text,
    close: () => {},
  };
  if (source !== undefined || (type === 'js' && place.file !== null)) return plain;
  let bytes: Buffer;
  try {
    bytes = readFileSync(place.file ?? STANDARD_INPUT);
  } catch {
    // Compiling it says why.
    return plain;
  }
  if (type === 'archive' || (type === null && isArchive(bytes)))
    return openArchivedScript(bytes, place.file ?? 'from standard input');
  return place.file === null ? { ...plain, source: bytes.toString('utf8') } : plain;
}

/**
 * @param bytes an archive
 * @param name how messages call it
 * @param folder that it is unpacked in
 * @throws ExitError 255 for an archive that is none
 */
export function openArchivedScript(bytes: Buffer, name: string, folder = os.tmpdir()): OpenScript {
  try {
    return unpack(bytes, folder);
  } catch (error) {
    throw new ExitError(EXIT.other, `the archive ${name} cannot be used: ${(error as Error).message}`);
  }
}

function unpack(bytes: Buffer, folder: string): OpenScript {
  const { metadata, files, remote, main } = openArchive(bytes);
  const root = mkdtempSync(path.join(folder, 'sixfold-archive-'));
  const close = (): void => rmSync(root, { recursive: true, force: true });
  try {
    for (const [name, body] of files) {
      const file = path.join(root, name);
      // A name with `..` could lead out of the folder.
      if (!file.startsWith(root + path.sep)) throw new Error(`the name ${name} leads out of it`);
      makeFolder(path.dirname(file));
      writeFileSync(file, body);
    }
  } catch (error) {
    close();
    throw error;
  }
  const file = path.join(root, main);
  return {
    name: file,
    place: { file, folder: path.dirname(file), root },
    source: null,
    archive: metadata,
    packed: { bodies: remote, redirects: metadata.redirects ?? {} },
    showPaths: (text) => text.replaceAll(root, ''),
    close,
  };
}
