// What people upload, before anything of it is kept: a script or an archive, of a size that can be unpacked, with nothing in it that leads
// out of its folder.
import { isArchive, openArchive } from '../../script/archive/archive.ts';
import { readTar, type TarEntry } from '../../script/archive/tar.ts';
import { Problem } from '../rest/problem.ts';

const MOST_ENTRIES = 10_000;
/** Unpacked, in octets. Entries may share their content, so that this is more than the archive. */
const MOST_UNPACKED = 200 * 1024 * 1024;
const LONGEST_NAME = 1024;
const LONGEST_SCRIPT = 10 * 1024 * 1024;

export interface Upload {
  readonly kind: 'script' | 'archive';
  readonly fileName: string;
  readonly bytes: Buffer;
}

/**
 * @param name of the file, as its sender calls it
 * @throws Problem that says what is wrong with it
 */
export function checkUpload(bytes: Buffer, name: string | undefined): Upload {
  if (bytes.length === 0) throw new Problem('unusable', 'the file is empty');
  if (isArchive(bytes)) {
    checkArchive(bytes);
    return { kind: 'archive', fileName: checkName(name ?? 'archive.tar'), bytes };
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new Problem('unusable', 'the file is compressed: send the tar that "sixfold archive" writes, as it is');
  if (bytes.length > LONGEST_SCRIPT)
    throw new Problem(
      'too-large',
      'a script has at most 10 MB: put its data into files and pack them with "sixfold archive"',
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) throw new Error('it has NUL characters');
  } catch {
    throw new Problem('unusable', 'the file is neither a script in UTF-8 nor an archive of "sixfold archive"');
  }
  return { kind: 'script', fileName: checkName(name ?? 'script.js'), bytes };
}

/** @throws Problem for a name that is more than one */
function checkName(name: string): string {
  if (name.length > 200 || !/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u.test(name))
    throw new Problem('invalid', 'file must be the name of a file alone, such as script.js');
  return name;
}

function checkArchive(bytes: Buffer): void {
  const refused = (what: string): Problem => new Problem('unusable', `the archive cannot be used: ${what}`);
  let entries: TarEntry[];
  try {
    entries = readTar(bytes);
  } catch (error) {
    throw refused((error as Error).message);
  }
  if (entries.length > MOST_ENTRIES) throw refused(`it has ${entries.length} entries, and ${MOST_ENTRIES} are allowed`);
  const sizes = new Map(entries.map(({ name, body }) => [name.replace(/^\.\//, ''), body.length]));
  let unpacked = 0;
  for (const { name, body, link } of entries) {
    const shown = JSON.stringify(name.slice(0, 200));
    if (name.length > LONGEST_NAME) throw refused(`the name ${shown}… is too long`);
    if (/[\0\r\n\\]/.test(name) || name.split('/').includes('..') || name.startsWith('/'))
      throw refused(`the name ${shown} leads out of it, or is none`);
    // The script stands in it twice: as `data`, and under its own name, which leads there.
    if (link !== undefined && link.replace(/^\.\//, '') !== 'data')
      throw refused(`${shown} is a link to ${JSON.stringify(link.slice(0, 200))}: links are not unpacked`);
    unpacked += link === undefined ? body.length : (sizes.get('data') ?? 0);
    if (unpacked > MOST_UNPACKED) throw refused(`it unpacks to more than ${MOST_UNPACKED / 1024 / 1024} MB`);
  }
  try {
    const { main } = openArchive(bytes);
    if (main.split(/[\\/]/).includes('..')) throw refused('the name of its script leads out of it');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw refused((error as Error).message);
  }
}
