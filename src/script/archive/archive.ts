// Archives of scripts in k6's layout: `metadata.json`, the script as `data`, and what it needs below `file/` and `https/`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isTar, readTar, type TarEntry, writeTar } from './tar.ts';

export interface ArchiveMetadata {
  readonly type: 'js';
  /** The options in force when it was made, in JSON form; null for those that nobody set. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Addresses of the script and of the folder that it was packed in. */
  readonly filename: string;
  readonly pwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly compatibilityMode: string;
  readonly k6version: string;
  readonly goos: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** Of Sixfold: where the addresses of modules of the web led. */
  readonly redirects?: Readonly<Record<string, string>>;
}

export interface ArchiveSource {
  readonly metadata: Omit<ArchiveMetadata, 'filename' | 'pwd' | 'redirects' | 'type'>;
  /** The script, absolute. */
  readonly file: string;
  readonly pwd: string;
  /** The folder that stands for the root of the file system, where an archive has been unpacked; else it is that itself. */
  readonly root?: string;
  /** All files that it needs, absolute; the script itself may be among them. */
  readonly files: readonly string[];
  /** Modules of the web, by address. */
  readonly remote: ReadonlyMap<string, { readonly text: string; readonly resolved: string }>;
}

/** The name of whoever made an archive is nobody's business. */
function anonymise(file: string): string {
  return file
    .replace(/^(\/(?:home|Users)\/)[^/]+/, '$1nobody')
    .replace(/^([A-Za-z]:[\\/]Users[\\/])[^\\/]+/, '$1nobody');
}

/**
 * Packs a script with all that it needs.
 * @throws what reading a file throws
 */
export function packArchive({ metadata, file, pwd, root = '', files, remote }: ArchiveSource): Buffer {
  const redirects = [...remote].flatMap(([address, { resolved }]) =>
    resolved === address ? [] : [[address, resolved]],
  );
  const shown: ArchiveMetadata = {
    type: 'js',
    ...metadata,
    ...(redirects.length > 0 && { redirects: Object.fromEntries(redirects) as Record<string, string> }),
    filename: pathToFileURL(anonymise(file.slice(root.length))).href,
    pwd: pathToFileURL(anonymise(pwd)).href,
  };
  const nameOf = (one: string): string =>
    `file${anonymise(one.slice(root.length))
      .replaceAll('\\', '/')
      .replace(/^([A-Za-z]):/, '/$1')}`;
  const main = nameOf(file);
  const entries: TarEntry[] = [
    { name: 'metadata.json', body: Buffer.from(JSON.stringify(shown, null, 2)) },
    { name: 'data', body: readFileSync(file) },
    { name: main, body: Buffer.alloc(0), link: 'data' },
  ];
  const needed = new Set(files.flatMap((one) => [one, ...packagesOf(one)]));
  needed.delete(file);
  for (const one of [...needed].sort()) entries.push({ name: nameOf(one), body: readFileSync(one) });
  for (const [address, { text }] of [...remote].sort(([a], [b]) => (a < b ? -1 : 1)))
    entries.push({ name: `https/${address.replace(/^https:\/\//, '')}`, body: Buffer.from(text) });
  return writeTar(entries);
}

/** The package.json by which a file of an npm package is found, and which decides what it is. */
function packagesOf(file: string): string[] {
  if (!file.split(path.sep).includes('node_modules')) return [];
  const found: string[] = [];
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (path.basename(folder) === 'node_modules') break;
    const candidate = path.join(folder, 'package.json');
    try {
      readFileSync(candidate);
    } catch {
      continue;
    }
    found.push(candidate);
    break;
  }
  return found;
}

export interface Archive {
  readonly metadata: ArchiveMetadata;
  /** By their names below `file/` (with a leading slash), the script among them. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** By address without its scheme: `host/path`. */
  readonly remote: ReadonlyMap<string, Buffer>;
  /** The script's name in `files`. */
  readonly main: string;
}

/** Whether a file is an archive rather than the text of a script. */
export function isArchive(bytes: Buffer): boolean {
  return isTar(bytes);
}

/** Whoever packed it may have written anything in it; k6 leaves out what is empty. @throws Error that says what is wrong */
function readMetadata(text: string): ArchiveMetadata {
  const parts = readTable(parseJson(text), 'it');
  const { filename } = parts;
  if (typeof filename !== 'string') throw new Error('its metadata.json names no script');
  return {
    ...(parts as unknown as ArchiveMetadata),
    options: readTable(parts['options'] ?? {}, 'its "options"'),
    env: readTexts(parts['env'] ?? {}, 'env'),
    ...(parts['redirects'] !== undefined && { redirects: readTexts(parts['redirects'], 'redirects') }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`its metadata.json is no JSON: ${(error as Error).message}`);
  }
}

function readTable(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`its metadata.json cannot be used: ${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function readTexts(value: unknown, name: string): Readonly<Record<string, string>> {
  const table = readTable(value, `its "${name}"`);
  for (const [key, text] of Object.entries(table))
    if (typeof text !== 'string')
      throw new Error(`its metadata.json cannot be used: ${JSON.stringify(key)} in its "${name}" is no text`);
  return table as Readonly<Record<string, string>>;
}

/** @returns where a script that is named by an address, or by a path, was @throws Error for what is neither */
function pathOf(filename: string): string {
  if (!filename.startsWith('file:')) return `/${filename.replace(/^\/*/, '')}`;
  try {
    return fileURLToPath(filename);
  } catch (error) {
    throw new Error(`its metadata.json names a script that cannot be: ${filename} (${(error as Error).message})`);
  }
}

/**
 * @throws Error that says what is missing in it
 */
export function openArchive(bytes: Buffer): Archive {
  const entries = new Map(readTar(bytes).map((entry) => [entry.name.replace(/^\.\//, ''), entry]));
  const bodyOf = (entry: TarEntry): Buffer =>
    entry.link === undefined ? entry.body : (entries.get(entry.link.replace(/^\.\//, ''))?.body ?? entry.body);
  const described = entries.get('metadata.json');
  if (described === undefined) throw new Error('it has no metadata.json: it is not an archive of a script');
  const metadata = readMetadata(described.body.toString('utf8'));
  const main = pathOf(metadata.filename);
  const files = new Map<string, Buffer>();
  const remote = new Map<string, Buffer>();
  for (const [name, entry] of entries) {
    if (name.startsWith('file/')) files.set(name.slice('file'.length), bodyOf(entry));
    else if (name.startsWith('https/')) remote.set(name.slice('https/'.length), bodyOf(entry));
  }
  const script = entries.get('data');
  if (script !== undefined) files.set(main, script.body);
  if (!files.has(main)) throw new Error(`the script ${main} is not in it`);
  return { metadata, files, remote, main };
}
