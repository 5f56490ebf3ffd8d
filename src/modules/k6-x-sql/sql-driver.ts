// What a database is to the module, whichever it is.
import type { VirtualUser } from '../../vu/virtual-user.ts';

/** A value of a statement or a row. */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | Date;

export interface SqlAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowsAffected: number;
  /** Null where the database tells none. */
  readonly lastInsertId: number | null;
}

/** One connection; statements are run one after another, since a virtual user waits for each. */
export interface SqlSession {
  /**
   * @param timeoutMs Infinity for none
   * @returns at once where the database is part of the process
   * @throws WireError with a code of the catalogue
   */
  run(statement: string, values: readonly SqlValue[], timeoutMs: number): SqlAnswer | Promise<SqlAnswer>;
  /** It has failed in a way that leaves it of no use. */
  readonly isBroken: boolean;
  close(): void;
}

export interface SqlDriver {
  /** As `k6/x/sql/driver/NAME` and the old text say it. */
  readonly name: string;
  /** Runs in this process, so init code may use it. */
  readonly isLocal: boolean;
  /**
   * Reads a connection string, without connecting.
   * @throws Error that says what is wrong with it
   */
  prepare(dsn: string, rendering: SqlRendering): SqlSource;
}

/** How rows are given to the script. */
export interface SqlRendering {
  /** Text of MySQL, and PostgreSQL's types beyond numbers, text and times, as strings; else as lists of bytes, as in k6. */
  readonly textAsStrings: boolean;
}

export interface SqlSource {
  /** For tags: without credentials. */
  readonly url: string;
  connect(vu: VirtualUser): SqlSession | Promise<SqlSession>;
}
