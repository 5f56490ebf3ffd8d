// A whole database as lines of text, and back: how SQLite becomes PostgreSQL, or a backup. What came is compared with what was sent.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type QueryResult, type RawBuilder, sql } from 'kysely';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Database, Reader } from './database.ts';
import { keyOf, LATEST, TABLES } from './migrations.ts';
import type { Tables } from './tables.ts';

const FORMAT = 'sixfold-service 1';
/** Rows that are read at once; of tables with octets one by one. */
const CHUNK = 500;
/** Rows that are written at once: each has up to thirty values, and a statement of SQLite's 32,766. */
const ROWS_AT_ONCE = 200;
const LARGE: ReadonlySet<string> = new Set(['blob', 'run_result', 'run_file']);

type Row = Readonly<Record<string, unknown>>;
type TableName = (typeof TABLES)[number];

/** What a table holds: how many rows, and a digest of them in whatever order. */
interface TableSum {
  readonly rows: number;
  readonly digest: string;
}
export type Sums = Readonly<Record<string, TableSum>>;

/** Servers come and go with their processes, and browsers sign in anew. */
function isCarried(table: TableName, row: Row): boolean {
  return table !== 'server' && !(table === 'credential' && row['kind'] === 'session');
}

/** All rows of a table, in the order of their keys. */
async function* readTable(reader: Reader, table: TableName): AsyncGenerator<Row> {
  const key = keyOf(table);
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const limit = LARGE.has(table) ? 1 : CHUNK;
  let last: Row | null = null;
  for (;;) {
    const after: Row | null = last;
    const where: RawBuilder<unknown> =
      after === null ? sql`` : sql` where (${columns}) > (${sql.join(key.map((column) => sql.val(after[column])))})`;
    const { rows }: QueryResult<Row> =
      await sql<Row>`select * from ${sql.table(table)}${where} order by ${columns} limit ${sql.lit(limit)}`.execute(
        reader,
      );
    yield* rows;
    if (rows.length < limit) return;
    last = rows.at(-1)!;
  }
}

/** @returns the same text for the same row, whichever database it lies in */
function writeRow(row: Row): string {
  const parts = Object.keys(row)
    .sort()
    .map((column) => {
      const value = row[column];
      return [column, value instanceof Uint8Array ? { octets: Buffer.from(value).toString('base64') } : value];
    });
  return JSON.stringify(Object.fromEntries(parts));
}

function readRow(text: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(text).map(([column, value]) => [
      column,
      typeof value === 'object' && value !== null
        ? Buffer.from(String((value as { octets?: unknown }).octets), 'base64')
        : value,
    ]),
  );
}

class Summing {
  readonly #digests: string[] = [];

  add(line: string): void {
    this.#digests.push(createHash('sha256').update(line).digest('base64'));
  }

  get sum(): TableSum {
    const all = createHash('sha256');
    for (const digest of this.#digests.sort()) all.update(digest);
    return { rows: this.#digests.length, digest: all.digest('hex') };
  }
}

/** Writes a database into a file that is made anew. @throws ExitError 255 where it cannot be written */
export async function exportDatabase(database: Database, file: string): Promise<Sums> {
  const target = createWriteStream(file, { mode: 0o600 });
  const failure = new Promise<never>((_, reject) => {
    target.on('error', (error) => reject(new ExitError(EXIT.other, `cannot write "${file}": ${error.message}`)));
  });
  failure.catch(() => {});
  const write = async (line: object): Promise<void> => {
    if (!target.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(target, 'drain'), failure]);
  };
  const sums: Record<string, TableSum> = {};
  // One transaction: everything as it was at one moment.
  const work = database.query.transaction().setIsolationLevel('repeatable read');
  await (database.kind === 'sqlite' ? database.query.transaction() : work).execute(async (transaction) => {
    await write({ format: FORMAT, schema: LATEST });
    for (const table of TABLES) {
      const summing = new Summing();
      for await (const row of readTable(transaction, table)) {
        if (!isCarried(table, row)) continue;
        const line = writeRow(row);
        summing.add(line);
        await write({ table, row: JSON.parse(line) as object });
      }
      sums[table] = summing.sum;
    }
    await write({ sums });
  });
  await Promise.race([new Promise<void>((resolve) => target.end(resolve)), failure]);
  return sums;
}

/**
 * Reads a file of {@link exportDatabase} into an empty database, all or nothing, and compares what has come.
 * @throws ExitError 255 for a file that is none or is cut short, one of another schema, and a database that is not empty
 */
export async function importDatabase(database: Database, file: string): Promise<Sums> {
  const refuse = (what: string): ExitError => new ExitError(EXIT.other, `cannot import "${file}": ${what}`);
  const source = createReadStream(file, 'utf8');
  // An error of the file ends the reading of its lines, and is thrown there.
  const opened = once(source, 'open').catch((error: Error) => {
    throw refuse(error.message);
  });
  await opened;
  return database.transact(async (transaction) => {
    for (const table of ['person', 'project'] as const)
      if ((await transaction.selectFrom(table).select('id').limit(1).execute()).length > 0)
        throw refuse('the database is not empty');
    await transaction.deleteFrom('credential').execute();
    let sums: Sums | null = null;
    let isFirst = true;
    const rows = new RowWriter(transaction, refuse);
    for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = parseLine(text, refuse);
      if (isFirst) {
        if (line.format !== FORMAT) throw refuse('it is no file of "sixfold server export"');
        if (line.schema !== LATEST)
          throw refuse(`its schema is ${line.schema}, and this version of Sixfold has ${LATEST}`);
        isFirst = false;
      } else if (line.sums !== undefined) sums = line.sums;
      else await rows.add(line);
    }
    await rows.flush();
    if (sums === null) throw refuse('it is cut short');
    for (const table of TABLES) {
      const summing = new Summing();
      for await (const row of readTable(transaction, table)) if (isCarried(table, row)) summing.add(writeRow(row));
      const { rows, digest } = summing.sum;
      if (rows !== sums[table]?.rows || digest !== sums[table].digest)
        throw refuse(`what has come of the table ${table} is not what was sent: ${rows} rows of ${sums[table]?.rows}`);
    }
    return sums;
  });
}

interface Line {
  readonly format?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly sums?: Sums;
}

function parseLine(text: string, refuse: (what: string) => ExitError): Line {
  let line: unknown = null;
  try {
    line = JSON.parse(text);
  } catch {
    // Refused below.
  }
  if (typeof line !== 'object' || line === null)
    throw refuse('it is no file of "sixfold server export", or is damaged');
  return line;
}

/** Writes rows as they come, those of one table several at a time. */
class RowWriter {
  readonly #transaction: Reader;
  readonly #refuse: (what: string) => ExitError;
  #table: TableName | null = null;
  #rows: Record<string, unknown>[] = [];

  constructor(transaction: Reader, refuse: (what: string) => ExitError) {
    this.#transaction = transaction;
    this.#refuse = refuse;
  }

  /** @throws ExitError for what is no row of ours */
  async add({ table, row }: Line): Promise<void> {
    const known = TABLES.find((one) => one === table);
    if (known === undefined) throw this.#refuse(`there is no table "${table}"`);
    if (typeof row !== 'object' || row === null) throw this.#refuse(`a row of the table ${known} is no object`);
    if (known !== this.#table) await this.flush();
    this.#table = known;
    this.#rows.push(readRow(row));
    if (LARGE.has(known) || this.#rows.length >= ROWS_AT_ONCE) await this.flush();
  }

  async flush(): Promise<void> {
    const [table, rows] = [this.#table, this.#rows];
    this.#rows = [];
    if (table === null || rows.length === 0) return;
    try {
      await this.#transaction
        .insertInto(table as keyof Tables)
        .values(rows as never)
        .execute();
    } catch (error) {
      throw this.#refuse(`a row of the table ${table} is none: ${(error as Error).message}`);
    }
  }
}
