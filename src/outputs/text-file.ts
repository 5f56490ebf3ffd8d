// A file that text is appended to, plain or compressed, or standard output.
import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { OutputError } from './output.ts';

/** Text is gathered up to this many bytes. */
const BLOCK = 512 * 1024;
/** How much text to write at a time, in characters: little enough to be gone before the next collection. */
export const PIECE = 8192;
/** Bytes that a UTF-16 unit takes at most. */
const MOST_BYTES = 3;
const LINE_FEED = 10;

/** Where blocks of text go. */
interface Target {
  /** @param bytes hold only during the call */
  write(bytes: Buffer): void;
  close(): Promise<void>;
}

export class TextFile {
  readonly #path: string;
  readonly #writeStdout: ((text: string) => void) | undefined;
  #target: Target | null = null;
  /** Text is turned into bytes at once: a block of strings would survive collections, and be copied by each of them. */
  readonly #block = Buffer.allocUnsafe(BLOCK);
  #length = 0;
  #timer: NodeJS.Timeout | null = null;
  #failure: Error | null = null;
  /** Lines that came to nothing since the first failure; of those in the block that failed some may have been written. */
  #lostLines = 0;

  /**
   * @param path `-` or empty: standard output; ending in `.gz`: compressed
   * @param writeStdout in place of the process's own
   */
  constructor(path: string, writeStdout?: (text: string) => void) {
    this.#path = path === '-' ? '' : path;
    this.#writeStdout = writeStdout;
  }

  get description(): string {
    return this.#path === '' ? 'stdout' : this.#path;
  }

  /**
   * Opens it, and empties what there was.
   *
   * @param flushMs how long text may wait to be written
   * @throws OutputError where that is not possible
   */
  open(flushMs: number): void {
    try {
      if (this.#path === '') this.#target = toStdout(this.#writeStdout);
      else this.#target = this.#path.endsWith('.gz') ? openCompressed(this.#path) : openPlain(this.#path);
    } catch (error) {
      throw this.#toOutputError(error as Error);
    }
    this.#timer = setInterval(() => this.flush(), flushMs).unref();
  }

  /** Appends text; quickest in pieces of about {@link PIECE} characters. */
  write(text: string): void {
    if (this.#length + text.length * MOST_BYTES > BLOCK) this.flush();
    if (text.length * MOST_BYTES > BLOCK) this.#send(Buffer.from(text));
    else this.#length += this.#block.write(text, this.#length);
  }

  /** Hands on what has been gathered. The first error is kept for {@link close}: the test goes on. */
  flush(): void {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    this.#send(this.#block.subarray(0, length));
  }

  #send(bytes: Buffer): void {
    try {
      if (!this.#failure) {
        this.#target?.write(bytes);
        return;
      }
    } catch (error) {
      this.#failure = error as Error;
    }
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) this.#lostLines++;
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
    const lost = this.#lostLines > 0 ? `; up to ${this.#lostLines} lines are lost` : '';
    return new OutputError(`could not write to "${this.#path}": ${error.message}${lost}`, { cause: error });
  }
}

function toStdout(write: ((text: string) => void) | undefined): Target {
  if (write) return { write: (bytes) => write(bytes.toString()), close: async () => {} };
  return {
    write: (bytes) => void process.stdout.write(bytes.toString()),
    // A pipe takes its time: the process must not end before.
    close: () => new Promise((resolve) => process.stdout.write('', () => resolve())),
  };
}

/** Written synchronously: what has been measured is in the file, whatever happens to the process then. */
function openPlain(path: string): Target {
  const file = openSync(path, 'w');
  return {
    write: (bytes) => {
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
    write: (bytes) => void gzip.write(Buffer.from(bytes)),
    close: async () => {
      gzip.end();
      await done;
    },
  };
}
