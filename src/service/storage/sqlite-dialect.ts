// Node's own SQLite under Kysely, which knows another library's interface.
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { type Dialect, type SqliteDatabase, SqliteDialect } from 'kysely';
import { makeFolder } from '../../node/make-folder.ts';

/** Another program may write for so long, in ms. */
const BUSY_MS = 5000;
/** Statements that are kept compiled. */
const MOST_STATEMENTS = 300;

/**
 * @param file made where there is none, for its owner alone; `:memory:` for none
 * @throws Error where it cannot be opened
 */
export function openSqlite(file: string): Dialect {
  if (file !== ':memory:') makeFolder(path.dirname(file), 0o700);
  const before = process.umask(0o077);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_MS });
    // Before there are tables, else it has no effect: what was deleted is given back.
    database.exec(
      'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000',
    );
    database.function('unicode_lower', { deterministic: true }, (text) =>
      typeof text === 'string' ? text.toLowerCase() : (text as SQLOutputValue),
    );
  } finally {
    process.umask(before);
  }
  return new SqliteDialect({ database: adapt(database) });
}

function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, StatementSync>();
  const prepare = (text: string): StatementSync => {
    let statement = statements.get(text);
    if (statement === undefined) {
      if (statements.size >= MOST_STATEMENTS) statements.clear();
      statements.set(text, (statement = database.prepare(text)));
    }
    return statement;
  };
  return {
    close: () => database.close(),
    prepare: (text) => {
      const statement = prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => {
          const { changes, lastInsertRowid } = statement.run(...(values as SQLInputValue[]));
          return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
        },
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])) as IterableIterator<unknown>,
      };
    },
  };
}
