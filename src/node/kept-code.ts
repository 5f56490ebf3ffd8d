// What the engine has compiled of the program itself, from start to start. Node's own cache (module.enableCompileCache) holds what was
// compiled at once; functions that are compiled when they are first called, which takes a third of a start, are only in what is taken later.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { KeptFiles } from './kept-files.ts';

/** Files that are kept: up to five for each version of the program that is in use. */
const MOST_KEPT = 20;

/** Whatever else than the text decides about what fits: V8 looks at the rest. */
const ENGINE = `${process.version}-${process.arch}`;

/** For how long after its start a thread's code is worth taking, in ms: the engine forgets what has not been called for long. */
const SOON_MS = 20_000;

let files: KeptFiles | null = null;
/** Whether there are such texts at all: there are none in the sources. */
let hasTexts = false;
/** Those that nothing was kept of when they were compiled. */
const fresh = new Map<string, vm.Script>();

/** What is compiled from now on is kept in a folder. */
export function keepCodeIn(folder: string): void {
  files = new KeptFiles(folder, MOST_KEPT);
}

/** Whether what this thread or another one takes will be there later. */
export function keepsCode(): boolean {
  return hasTexts && files?.isWritable === true;
}

/**
 * Compiles a text of the program's own, as what was kept of it allows.
 * @param name never the same for two texts: V8 compares their lengths only
 */
export function compileKept(name: string, source: string, options: vm.ScriptOptions = {}): vm.Script {
  hasTexts = true;
  const cachedData = files === null ? undefined : readTwice(files.read(fileOf(name)));
  const script = new vm.Script(source, { ...options, ...(cachedData && { cachedData }) });
  if (files !== null && (cachedData === undefined || script.cachedDataRejected === true)) fresh.set(name, script);
  return script;
}

/** What a file of the program has in place of its own `require`: its imports. */
export type Imports = Readonly<Record<string, unknown>>;

/**
 * Runs a file of the built program that stands as a text beside the module that asks (scripts/kept-chunk.ts).
 * @param text the file's name, which has a digest of its content in it
 * @param meta `import.meta` of the module
 * @param load `import()` of the module: that of a text would be told from a module's by a warning
 * @returns what the text exports
 */
export function runKept(
  text: string,
  meta: ImportMeta,
  load: (specifier: string) => Promise<unknown>,
  imports: Imports,
): Record<string, unknown> {
  const script = compileKept(text, readFileSync(path.join(meta.dirname, text), 'latin1'), {
    filename: new URL(text, meta.url).href,
  });
  const run = script.runInThisContext() as (
    require: (specifier: string) => unknown,
    meta: ImportMeta,
    load: (specifier: string) => Promise<unknown>,
  ) => Record<string, unknown>;
  return run((specifier) => imports[specifier], meta, load);
}

/**
 * Takes, once, what the engine has compiled by now of texts that nothing was kept of.
 * @returns it by their names; nothing in a thread that is no longer young
 */
export function takeCode(): ReadonlyMap<string, Uint8Array> {
  const taken = new Map<string, Uint8Array>();
  if (performance.now() < SOON_MS) for (const [name, script] of fresh) taken.set(name, script.createCachedData());
  fresh.clear();
  return taken;
}

/** Keeps what {@link takeCode} has taken, in this thread or another one. */
export function keepCode(taken: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, code] of taken) files?.write(fileOf(name), [code, code]);
}

function fileOf(name: string): string {
  return `${name}-${ENGINE}.code`;
}

/**
 * The engine believes whatever it is given, and ends the process at what is damaged. To compare what is written twice costs less than any
 * sum over it.
 */
function readTwice(bytes: Buffer | null): Buffer | undefined {
  if (bytes === null) return undefined;
  const half = bytes.length / 2;
  const code = bytes.subarray(0, half);
  return Number.isInteger(half) && half > 0 && code.equals(bytes.subarray(half)) ? code : undefined;
}
