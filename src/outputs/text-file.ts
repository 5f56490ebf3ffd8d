// A file that text is appended to, plain or compressed, or standard output.

import { finished } from 'node:stream/promises';
import { nodeZlib } from '../node/late-builtins.ts';
import { OutputError } from './output-error.ts';
import { openTarget, type WriteTarget } from './write-target.ts';

/** Text is gathered up to this many bytes. */
const BLOCK = 512 * 1024;
/** How much text to write at a time, in characters: little enough to be gone before the next collection. */
export const PIECE = 8192;
/** Octets that may wait for whoever reads standard output. */
const MOST_UNREAD = 64 * 1024 * 1024;
/** Bytes that a UTF-16 unit takes at most. */
const MOST_BYTES = 3;
const LINE_FEED = 10;

export class TextFile {
  readonly #path: string;
  readonly #writeStdout: ((text: string) => void) | undefined;
  #target: WriteTarget | null = null;
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
      else this.#target = this.#path.endsWith('.gz') ? openCompressed(this.#path) : openTarget(this.#path, 'w');
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
    this.#lostLines += countLines(bytes);
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
    this.#lostLines += this.#target?.lostLines ?? 0;
    this.#target = null;
    if (this.#failure) throw this.#toOutputError(this.#failure);
  }

  #toOutputError(error: Error): OutputError {
    const lost = this.#lostLines > 0 ? `; up to ${this.#lostLines} lines are lost` : '';
    return new OutputError(`could not write to "${this.#path}": ${error.message}${lost}`, { cause: error });
  }
}

function toStdout(write: ((text: string) => void) | undefined): WriteTarget {
  if (write) return { write: (bytes) => write(bytes.toString()), close: async () => {} };
  let lost = 0;
  return {
    write: (bytes) => {
      // A reader that stalls must not fill the memory.
      if (process.stdout.writableLength > MOST_UNREAD) lost += bytes.length;
      else process.stdout.write(bytes.toString());
    },
    // A pipe takes its time: the process must not end before.
    close: async () => {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      if (lost > 0) throw new Error(`its reader was too slow: ${lost} bytes were left out`);
    },
  };
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}

function openCompressed(path: string): WriteTarget {
  // Opened here, so that a path that cannot be written to fails at the start.
  const target = openTarget(path, 'w');
  const gzip = nodeZlib().createGzip();
  let failure: unknown;
  /** Lines that the compressor was given, and those of them that can be unpacked from what has been written. */
  let taken = 0;
  let written = 0;
  gzip.on('data', (bytes: Buffer) => {
    try {
      if (failure === undefined) target.write(bytes);
    } catch (error) {
      failure = error;
    }
  });
  return {
    write: (bytes) => {
      if (failure !== undefined) throw failure;
      gzip.write(Buffer.from(bytes));
      taken += countLines(bytes);
      const now = taken;
      // What has been measured is in the file, as without compression, and not in the compressor.
      gzip.flush(nodeZlib().constants.Z_SYNC_FLUSH, () => {
        if (failure === undefined) written = now;
      });
    },
    close: async () => {
      gzip.end();
      await finished(gzip);
      await target.close();
      if (failure !== undefined) throw failure;
    },
    get lostLines() {
      return failure === undefined ? 0 : taken - written;
    },
  };
}
