// Files that are written to while a test runs, of whatever kind, without ever waiting for whoever reads them.
import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Octets that may wait for a slow reader. */
const MOST_QUEUED = 64 * 1024 * 1024;
/** How long a reader that takes nothing is waited for at the end, in ms. */
const PATIENCE_MS = 2000;
const LOOK_MS = 50;
const NOTHING = Buffer.alloc(0);

/** Where octets go. */
export interface WriteTarget {
  /** @param bytes hold only during the call @throws what the system says, from then on nothing is written */
  write(bytes: Buffer): void;
  /** Resolves when all is written, or rejects with what was lost. */
  close(): Promise<void>;
  /** Of a target that holds text back: lines that it took and that may not have been written; known once it is closed. */
  readonly lostLines?: number;
}

/**
 * Opens a file for writing.
 * @param flags `w` empties what there was, `a` adds to it
 * @throws what the system says
 */
export function openTarget(path: string, flags: 'w' | 'a', mode = 0o666): WriteTarget {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) {
    // Opened for reading too, since opening waits for a reader otherwise.
    return new PipeTarget(openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
  }
  const file = openSync(path, flags, mode);
  try {
    if (!fstatSync(file).isFIFO()) writeNothing(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  if (fstatSync(file).isFIFO()) return new PipeTarget(file);
  // At once: what has been measured is in the file, whatever happens to the process then.
  return {
    write: (bytes) => {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    },
    close: async () => closeSync(file),
  };
}

/**
 * Tells before there is load, rather than under it, what may be opened and yet takes nothing, such as a file of /proc.
 * @throws what the system says; a full disk is no such case: there may be room when there is something to write
 */
export function writeNothing(file: number): void {
  try {
    writeSync(file, NOTHING);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** A pipe, whose reader may be slow, stall or go away. What it does not take is counted and left out, a whole write at a time. */
class PipeTarget implements WriteTarget {
  readonly #socket: Socket;
  #lost = 0;
  #failure: Error | null = null;

  constructor(fd: number) {
    this.#socket = new Socket({ fd, readable: false, writable: true });
    this.#socket.on('error', (error) => {
      this.#failure ??= error;
    });
    // Only closing waits for it.
    this.#socket.unref();
  }

  write(bytes: Buffer): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#socket.writableLength + bytes.length > MOST_QUEUED) this.#lost += bytes.length;
    else this.#socket.write(Buffer.from(bytes));
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    let left = socket.writableLength;
    for (let waited = 0; left > 0 && waited < PATIENCE_MS && this.#failure === null; waited += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (socket.writableLength < left) waited = 0;
      left = socket.writableLength;
    }
    socket.destroy();
    if (this.#failure !== null) throw this.#failure;
    const lost = this.#lost + left;
    if (lost > 0) throw new Error(`its reader was too slow: ${lost} bytes were left out`);
  }
}
