// A file that text is appended to, plain or compressed, or standard output.
import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { OutputError } from './output.ts';

/** Text is gathered up to this length, in characters. */
const BLOCK = 256 * 1024;

/** Where blocks of text go. */
interface Target {
  write(text: string): void;
  close(): Promise<void>;
}

export class TextFile {
  readonly #path: string;
  readonly #writeStdout: (text: string) => void;
  #target: Target | null = null;
  #pending: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;
  #failure: Error | null = null;

  /** @param path `-` or empty: standard output; ending in `.gz`: compressed */
  constructor(path: string, writeStdout: (text: string) => void = (text) => void process.stdout.write(text)) {
    this.#path = path === '-' ? '' : path;
    this.#writeStdout = writeStdout;
  }

  get description(): string {
    return this.#path === '' ? '-' : this.#path;
  }

  /**
   * Opens it, and empties what there was.
   *
   * @param flushMs how long text may wait to be written
   * @throws OutputError where that is not possible
   */
  open(flushMs: number): void {
    try {
      if (this.#path === '') this.#target = { write: this.#writeStdout, close: async () => {} };
      else this.#target = this.#path.endsWith('.gz') ? openCompressed(this.#path) : openPlain(this.#path);
    } catch (error) {
      throw this.#toOutputError(error as Error);
    }
    this.#timer = setInterval(() => this.flush(), flushMs).unref();
  }

  write(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= BLOCK) this.flush();
  }

  /** Hands on what has been gathered. The first error is kept for {@link close}: the test goes on. */
  flush(): void {
    if (this.#length === 0 || this.#target === null) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#length = 0;
    if (this.#failure) return;
    try {
      this.#target.write(text);
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  /** @throws OutputError where something could not be written */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.flush();
    try {
      await this.#target?.close();
    } catch (error) {
      this.#failure ??= error as Error;
    }
    this.#target = null;
    if (this.#failure) throw this.#toOutputError(this.#failure);
  }

  #toOutputError(error: Error): OutputError {
    return new OutputError(`could not write to "${this.#path}": ${error.message}`, { cause: error });
  }
}

/** Written synchronously: what has been measured is in the file, whatever happens to the process then. */
function openPlain(path: string): Target {
  const file = openSync(path, 'w');
  return {
    write: (text) => {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    },
    close: async () => closeSync(file),
  };
}

function openCompressed(path: string): Target {
  // Opened here, so that a path that cannot be written to fails at the start.
  const fd = openSync(path, 'w');
  const gzip: Gzip = createGzip();
  const done = pipeline(gzip, createWriteStream(path, { fd }));
  // Looked at in close(): until then it must not count as unhandled.
  done.catch(() => {});
  return {
    write: (text) => void gzip.write(text),
    close: async () => {
      gzip.end();
      await done;
    },
  };
}
