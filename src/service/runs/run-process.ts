// Starts the process of a run: under Node's permission model, with no environment but its own, in a folder that goes with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPermissions } from '../../cluster/agent/load-permissions.ts';
import { makeFolder } from '../../node/make-folder.ts';
import type { ChildTask, FromChild, ToChild } from './child-protocol.ts';

const PROGRAM = new URL('./run-child.ts', import.meta.url);

/** Standard error of a process that dies: its last words. */
const MOST_LAST_WORDS = 4000;

export interface RunFiles {
  /** The script or archive. */
  readonly bytes: Uint8Array;
  readonly type: ChildTask['type'];
  readonly fileName: string;
}

export interface RunListener {
  onMessage(message: FromChild): void;
  /** It is gone. @param lastWords what it wrote before that */
  onExit(code: number | null, signal: NodeJS.Signals | null, lastWords: string): void;
}

export class RunProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #lastWords = '';

  /**
   * @param folder its own, made for it; {@link clean} removes it
   * @param task what to do, except where the script lies
   * @throws Error where the folder cannot be made
   */
  constructor(
    folder: string,
    files: RunFiles,
    task: Omit<ChildTask, 'script' | 'type' | 'name'>,
    listener: RunListener,
  ) {
    makeFolder(folder, 0o700);
    this.#folder = realpathSync(folder);
    const name = files.type === 'archive' ? 'archive.tar' : safeName(files.fileName);
    const script = path.join(this.#folder, name);
    writeFileSync(script, files.bytes, { mode: 0o600 });
    const cache = compileCache();
    const flags = [...loadPermissions(this.#folder), `--allow-fs-write=${this.#folder}`];
    // Modules beside the script are ES modules, as in any folder without a manifest; nothing above it has a say.
    this.#child = spawn(process.execPath, [...flags, fileURLToPath(PROGRAM)], {
      cwd: this.#folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: {
        TMPDIR: this.#folder,
        TEMP: this.#folder,
        TMP: this.#folder,
        HOME: this.#folder,
        SIXFOLD_HISTORY: 'off',
        ...(cache !== null && { NODE_COMPILE_CACHE: cache }),
      },
    });
    let isOver = false;
    const end = (code: number | null, signal: NodeJS.Signals | null, words = this.#lastWords): void => {
      if (isOver) return;
      isOver = true;
      listener.onExit(code, signal, words);
    };
    this.#child.on('error', (error) => end(null, null, error.message));
    this.#child.on('close', (code, signal) => end(code, signal));
    // Missing where it could not be started, for which there is an error.
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-MOST_LAST_WORDS);
    });
    this.#child.on('message', (message: FromChild) => {
      if (message.type === 'up')
        this.#tell({ type: 'begin', task: { ...task, script, type: files.type, name: files.fileName } });
      else listener.onMessage(message);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: Exclude<ToChild, { type: 'begin' }>): void {
    this.#tell(message);
  }

  #tell(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Removes its folder, once nothing in it is wanted any more. */
  clean(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // It goes with the folder of the server.
    }
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** @returns the name without what could lead elsewhere */
function safeName(name: string): string {
  const base = path
    .basename(name)
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '');
  return /\.[cm]?[jt]sx?$/.test(base) ? base : `${base || 'script'}.js`;
}

/** @returns where Node keeps what it has compiled of ours, which saves each run half a second; null where it cannot */
function compileCache(): string | null {
  enableCompileCache();
  const folder = getCompileCacheDir();
  // Each set of flags of the engine has a folder of its own in it.
  return folder === undefined ? null : path.dirname(folder);
}
