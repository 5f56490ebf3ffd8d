// Tells when files have other content than before: by their folders, since editors put a new file in the place of the old one.
import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import path from 'node:path';

/** One saving of an editor is several events, in ms. */
const SETTLE_MS = 100;
/** What appears beside a script and is none of its parts. */
const NEVER = /^(?:\.|node_modules$|.*(?:~|\.sw[a-z]|\.tmp)$)/;

export class FileWatch {
  readonly #onChange: (files: readonly string[]) => void;
  /** What was in them; null: they were not there. */
  readonly #known = new Map<string, string | null>();
  readonly #folders = new Map<string, FSWatcher>();
  readonly #touched = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  /** Whether any file beside those watched counts. */
  #isWide = false;

  /** @param onChange is given absolute paths, once the files have settled */
  constructor(onChange: (files: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  /** The number of files. */
  get size(): number {
    return this.#known.size;
  }

  /**
   * Watches these files from now on, and no others.
   * @param files absolute; they need not be there
   * @param isWide whether other files in their folders count too: something is missing, and nobody knows where it will be
   */
  follow(files: Iterable<string>, isWide: boolean): void {
    const before = new Map(this.#known);
    this.#known.clear();
    // Of one that was not there before, too, it is known what it was: that it has come since is a change.
    for (const file of files)
      this.#known.set(file, before.has(file) ? (before.get(file) as string | null) : contentOf(file));
    this.#isWide = isWide;
    const wanted = new Set([...this.#known.keys()].map((file) => path.dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#watchFolder(folder);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, (_event, name) => this.#touch(folder, name));
      watcher.on('error', () => {
        watcher.close();
        this.#folders.delete(folder);
      });
      this.#folders.set(folder, watcher);
    } catch {
      // It is not there (yet), or the system watches no more: a key runs the test again all the same.
    }
  }

  #touch(folder: string, name: string | null): void {
    const files = name === null ? [...this.#known.keys()] : [path.join(folder, name)];
    for (const file of files)
      if (this.#known.has(file) || (this.#isWide && !NEVER.test(path.basename(file)))) this.#touched.add(file);
    if (this.#touched.size === 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), SETTLE_MS);
  }

  #look(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    const changed = touched.filter((file) => {
      const content = contentOf(file);
      const isOther = this.#known.has(file) ? content !== this.#known.get(file) : content !== null;
      if (this.#known.has(file)) this.#known.set(file, content);
      return isOther;
    });
    if (changed.length > 0) this.#onChange(changed);
  }
}

/** @returns a digest of what the file holds; null where there is none */
function contentOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64');
  } catch {
    return null;
  }
}
