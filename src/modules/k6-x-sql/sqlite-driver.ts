// SQLite, by the engine that is part of Node: https://nodejs.org/api/sqlite.html.
import path from 'node:path';
import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Code } from '../../codes/catalogue.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { SqlAnswer, SqlDriver, SqlSession, SqlValue } from './sql-driver.ts';

type SqlRow = Readonly<Record<string, unknown>>;

/** Blanks, semicolons and comments: what SQLite finds no statement in. */
const NOTHING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/;

/** Of a text of many statements SQLite is first shown so much, in UTF-16 code units: it copies all that it is shown. */
const FIRST_LOOK = 4096;

/** How long a statement waits for a file that another connection has locked, in ms: it holds up its thread. */
const BUSY_MS = 1000;

/** By SQLite's primary result code (https://sqlite.org/rescode.html). */
const CODES: Readonly<Record<number, Code>> = {
  5: 2104,
  6: 2104,
  7: 2105,
  13: 2105,
  14: 2101,
  19: 2102,
  23: 2101,
  8: 2101,
};

export const sqliteDriver: SqlDriver = {
  name: 'sqlite3',
  isLocal: true,
  prepare(dsn) {
    const [name = ''] = dsn.replace(/^file:/, '').split('?');
    if (name === '') throw new Error('name the file of the database, or :memory:');
    const file = name === ':memory:' ? name : path.resolve(name);
    return { url: `sqlite3:${file}`, connect: () => new SqliteSession(file) };
  },
};

class SqliteSession implements SqlSession {
  readonly isBroken = false;
  readonly #database: DatabaseSync;

  constructor(file: string) {
    try {
      this.#database = new DatabaseSync(file, { timeout: BUSY_MS, allowUnknownNamedParameters: true });
      // A script has the file that it named, and no other: not by ATTACH, nor by VACUUM INTO.
      this.#database.setAuthorizer((action) =>
        action === constants.SQLITE_ATTACH ? constants.SQLITE_DENY : constants.SQLITE_OK,
      );
    } catch (error) {
      throw explain(error);
    }
  }

  run(statement: string, values: readonly SqlValue[]): SqlAnswer {
    try {
      const before = this.#counts();
      const rows = (values.length === 0 ? this.#runAll(statement) : this.#runWith(statement, values)).map(
        shortenIntegers,
      );
      return { rows, ...this.#changed(before) };
    } catch (error) {
      throw explain(error);
    }
  }

  /** Several statements in one text, as migrations have them. @returns the rows of the last one that gives any */
  #runAll(text: string): SqlRow[] {
    let rows: SqlRow[] = [];
    for (let rest = text; !NOTHING.test(rest); ) {
      const prepared = this.#prepareFirst(rest);
      const found = prepared.all() as SqlRow[];
      if (prepared.columns().length > 0) rows = found;
      rest = rest.slice(prepared.sourceSQL.length);
    }
    return rows;
  }

  #runWith(statement: string, values: readonly SqlValue[]): SqlRow[] {
    const prepared = this.#prepare(statement);
    if (!NOTHING.test(statement.slice(prepared.sourceSQL.length)))
      throw new WireError(2103, 'values go with one statement: run those behind it on their own', { kind: 'sqlite 1' });
    return prepared.all(...(toParameters(statement, values) as SQLInputValue[])) as SqlRow[];
  }

  /** The first statement of a text, without a look at all that is behind it. */
  #prepareFirst(text: string): StatementSync {
    for (let length = FIRST_LOOK; length < text.length; length *= 2) {
      try {
        const prepared = this.#prepare(text.slice(0, length));
        // One that ends before the part does would end there in the whole text, too.
        if (prepared.sourceSQL.length < length) return prepared;
      } catch {
        // It may be the cut that it cannot read.
      }
    }
    return this.#prepare(text);
  }

  #prepare(statement: string): StatementSync {
    const prepared = this.#database.prepare(statement);
    prepared.setReadBigInts(true);
    return prepared;
  }

  close(): void {
    this.#database.close();
  }

  #counts(): { total: number; id: number } {
    return this.#database.prepare('SELECT total_changes() AS total, last_insert_rowid() AS id').get() as never;
  }

  #changed(before: { total: number }): Pick<SqlAnswer, 'rowsAffected' | 'lastInsertId'> {
    const { total, id } = this.#counts();
    return { rowsAffected: total - before.total, lastInsertId: id };
  }
}

/** Integers as numbers, as far as these are exact; else they stay BigInts. */
function shortenIntegers(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
    ]),
  );
}

/** SQLite has `$1` for a name, where other databases have it for a place. */
function toParameters(
  statement: string,
  values: readonly SqlValue[],
): (SQLInputValue | Record<string, SQLInputValue>)[] {
  const list = values.map(toParameter);
  if (!/\$\d/.test(statement)) return list;
  return [Object.fromEntries(list.map((value, i) => [`$${i + 1}`, value]))];
}

function toParameter(value: SqlValue): null | number | bigint | string | Uint8Array {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Date ? value.toISOString() : value;
}

function explain(error: unknown): Error {
  if (error instanceof WireError) return error;
  const { message, errcode } = error as { message: string; errcode?: number };
  const primary = (errcode ?? 0) & 0xff;
  const isSyntax = primary === 1 && /syntax error|no such|has no column|incomplete input|unrecognized/.test(message);
  return new WireError(isSyntax ? 2103 : (CODES[primary] ?? 2100), message, {
    cause: error,
    kind: `sqlite ${primary}`,
  });
}
