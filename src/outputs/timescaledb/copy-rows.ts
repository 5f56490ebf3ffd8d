// Rows for COPY … FROM STDIN (postgresql.org, "COPY", text format), and the statement as pg wants it.
import type { Connection, Submittable } from 'pg';

const MICROS = 1_000_000;

/** @param text without what PostgreSQL cannot hold: NUL and half characters */
export function escapeCopy(text: string): string {
  return text
    .replaceAll('\0', '')
    .toWellFormed()
    .replace(/[\\\t\n\r]/g, (char) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[char] ?? '\\r');
}

/** Times as text, to the microsecond. Samples come in order, many in the same second: its text is kept. */
export class TimestampText {
  #second = Number.NaN;
  #text = '';

  /** @param time in ms since the epoch */
  format(time: number): string {
    const micros = Math.floor(time * 1000);
    const second = Math.floor(micros / MICROS);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toISOString().slice(0, 19);
    }
    return `${this.#text}.${String(micros - second * MICROS + MICROS).slice(1)}Z`;
  }
}

/** The part of pg's connection that copying needs; its types leave it out. */
interface CopyConnection extends Connection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

/** A COPY of rows that are all there already. Its events are those that pg calls on the query in progress. */
export class CopyQuery implements Submittable {
  readonly #statement: string;
  readonly #rows: Uint8Array;
  readonly #done = Promise.withResolvers<void>();
  #failure: Error | null = null;

  constructor(statement: string, rows: Uint8Array) {
    this.#statement = statement;
    this.#rows = rows;
  }

  /** Rejects with pg's error. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  submit(connection: Connection): void {
    (connection as CopyConnection).query(this.#statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#failure = error;
    // Where the connection is gone, nothing says that it is ready again.
    this.#done.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === null) this.#done.resolve();
  }
}
