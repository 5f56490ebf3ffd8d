// `open(path, mode)`: files as text or bytes, in the init context only.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VuEnvironment } from './environment.ts';
import { currentFile, initModulesOf } from './init-modules.ts';
import type { VirtualUser } from './virtual-user.ts';

/**
 * `open` of the realm, shared by all virtual users. A file is read once per worker: text is shared, bytes are copied,
 * since each virtual user may write to its own.
 */
export function createOpen(environment: VuEnvironment): unknown {
  const { realm } = environment;
  const texts = new Map<string, string>();
  return realm.hostFunction('open', 2, (given: unknown, mode: unknown) => {
    const vu = realm.vu as VirtualUser;
    if (vu.phase !== 'init') {
      throw realm.error(
        'Error',
        'the "open()" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle for more information',
      );
    }
    if (typeof given !== 'string' || given === '')
      throw realm.error('TypeError', "open() can't be used with an empty filename");
    const file = resolveOpened(vu, given);
    try {
      if (typeof mode === 'string' && mode.includes('b')) {
        const bytes = readOpened(environment, file);
        const buffer = new realm.intrinsics.ArrayBuffer(bytes.length);
        new Uint8Array(buffer).set(bytes);
        return buffer;
      }
      let text = texts.get(file);
      if (text === undefined) {
        text = readText(file);
        noteOpened(environment, file);
        if (!keepsNothing.has(environment)) texts.set(file, text);
      }
      return text;
    } catch (error) {
      throw realm.error('Error', explain(given, file, error as NodeJS.ErrnoException));
    }
  });
}

/** Bytes of a file from this number on are given back at once, and not when garbage is collected. */
const MANY_BYTES = 1024 * 1024;

function readText(file: string): string {
  const bytes = readFileSync(file);
  const text = bytes.toString('utf8');
  // Small ones may lie in a pool of Node's.
  if (bytes.length >= MANY_BYTES && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
  return text;
}

/** Those whose files are read for one purpose only. */
const keepsNothing = new WeakSet<VuEnvironment>();

/** Says whether what is opened from now on is kept for other virtual users of the worker. */
export function keepOpenedFiles(environment: VuEnvironment, keeps: boolean): void {
  if (keeps) keepsNothing.delete(environment);
  else keepsNothing.add(environment);
}

const opened = new WeakMap<VuEnvironment, Map<string, Buffer>>();

/** The file that a script means: relative to the module whose top level is being run. */
export function resolveOpened(vu: VirtualUser, given: string): string {
  if (initModulesOf(vu).warns && initModulesOf(vu).current !== null && !isAbsolute(given)) warnOfFolder(vu, given);
  return locateOpened(vu.environment, path.dirname(currentFile(vu)), given);
}

/** @param given a path or a file address; of an unpacked archive nothing outside is reached */
export function locateOpened({ script: { root } }: VuEnvironment, folder: string, given: string): string {
  const named = given.startsWith('file://') ? fileURLToPath(given) : given;
  const plain = path.resolve(folder, named);
  if (root === undefined || plain.startsWith(root + path.sep)) return plain;
  const file = path.isAbsolute(named) ? path.join(root, named) : plain;
  return file.startsWith(root + path.sep) ? file : path.join(root, file);
}

const noted = new WeakMap<VuEnvironment, Set<string>>();

/** Remembers a file that the script needs: an archive of it holds them. */
export function noteOpened(environment: VuEnvironment, file: string): void {
  const files = noted.get(environment);
  if (files === undefined) noted.set(environment, new Set([file]));
  else files.add(file);
}

/** The files that scripts of this worker have opened. */
export function openedFiles(environment: VuEnvironment): string[] {
  return [...(noted.get(environment) ?? [])];
}

/**
 * What is in a file; it is read once per worker, unless {@link keepOpenedFiles} said otherwise.
 * @throws what reading it throws
 */
export function readOpened(environment: VuEnvironment, file: string): Buffer {
  let files = opened.get(environment);
  if (files === undefined) opened.set(environment, (files = new Map()));
  let bytes = files.get(file);
  if (bytes === undefined) {
    bytes = readFileSync(file);
    if (!keepsNothing.has(environment)) files.set(file, bytes);
    noteOpened(environment, file);
  }
  return bytes;
}

function isAbsolute(given: string): boolean {
  return given.startsWith('file://') || path.isAbsolute(given);
}

/** Where a function of one module is called by another, the file is looked for beside the caller: seldom what is meant. */
function warnOfFolder(vu: VirtualUser, given: string): void {
  const { realm, logger } = vu.environment;
  const place = /\bat (?:.*\()?(?:file:\/\/)?(\/.*?):(\d+):(\d+)\)?$/m.exec(realm.error('Error', '').stack ?? '');
  if (!place) return;
  const [, file, line, column] = place as unknown as [string, string, string, string];
  const from = currentFile(vu);
  if (path.dirname(file) === path.dirname(from)) return;
  logger.log(
    'warning',
    `${file}:${line}:${column}: open("${given}") is relative to ${from}, whose top level is being run, and not to the file that the call stands in; to open what lies beside that, pass import.meta.resolve("${given}")`,
  );
}

function explain(given: string, file: string, error: NodeJS.ErrnoException): string {
  const where = given === file ? '' : ` (${file})`;
  switch (error.code) {
    case 'ENOENT':
      return `open ${given}: no such file or directory${where}`;
    case 'EISDIR':
      return `open() can't be used with directories, path: "${given}"${where}`;
    case 'EACCES':
      return `open ${given}: permission denied${where}`;
    case 'ERR_STRING_TOO_LONG':
      return `open ${given}: the file is longer than a string can be${where}; read it in pieces with 'k6/experimental/csv' or 'k6/experimental/fs', or divide it`;
    default:
      return `open ${given}: ${error.message}`;
  }
}
