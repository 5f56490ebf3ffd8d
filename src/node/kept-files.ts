// Files that are kept from start to start. They are a convenience: what cannot be read or written counts as not there.
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';
import { removeDraft } from './remove-draft.ts';

/** A folder of them, of this user alone. */
export class KeptFiles {
  readonly #folder: string;
  readonly #most: number;
  #drafts = 0;

  /** @param most how many are kept; those not touched for longest go first */
  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  /** @returns what is kept under a name, or null */
  read(name: string): Buffer | null {
    try {
      return this.#isOwn() ? readFileSync(path.join(this.#folder, name)) : null;
    } catch {
      return null;
    }
  }

  /** Whether anything can be kept there: where all of it is read-only there is no need to make what is to be kept. */
  get isWritable(): boolean {
    try {
      makeFolder(this.#folder, 0o700);
      accessSync(this.#folder, constants.W_OK);
      return this.#isOwn();
    } catch {
      return false;
    }
  }

  /** Marks a file as used. */
  touch(name: string): void {
    const now = new Date();
    try {
      utimesSync(path.join(this.#folder, name), now, now);
    } catch {
      // It has just been removed.
    }
  }

  /** Others may read it meanwhile: it is there whole or not at all. */
  write(name: string, parts: readonly Uint8Array[]): void {
    const file = path.join(this.#folder, name);
    const draft = `${file}.${process.pid}-${process.hrtime.bigint()}-${++this.#drafts}.draft`;
    try {
      makeFolder(this.#folder, 0o700);
      if (!this.#isOwn()) return;
      writeWhole(draft, parts);
      renameSync(draft, file);
      this.#makeRoom();
    } catch {
      removeDraft(draft);
    }
  }

  /** Whether nobody else can put files there, which would run as this user. Windows keeps the folders of users apart by itself. */
  #isOwn(): boolean {
    if (process.getuid === undefined) return true;
    const { uid, mode } = statSync(this.#folder);
    return uid === process.getuid() && (mode & 0o022) === 0;
  }

  #makeRoom(): void {
    const files = readdirSync(this.#folder).map((name) => path.join(this.#folder, name));
    if (files.length <= this.#most) return;
    const byAge = files
      .map((file) => ({ file, usedMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.usedMs - a.usedMs);
    for (const { file } of byAge.slice(this.#most)) rmSync(file, { force: true });
  }
}

function writeWhole(file: string, parts: readonly Uint8Array[]): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at);
  } finally {
    closeSync(descriptor);
  }
}
