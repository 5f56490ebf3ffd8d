// The database of the service: SQLite in a file, or PostgreSQL by its address. Everything above sees one interface.
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Migrator, NO_MIGRATIONS } from 'kysely/migration';
import type Pg from 'pg';
import { maskAddress } from '../../addresses/credentials.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { importOptional } from '../../extension/import-optional.ts';
import type { OwnPlace } from '../../wire/net/place-rules.ts';
import { migrationsFor } from './migrations.ts';
import type { Tables } from './tables.ts';

export type Reader = Kysely<Tables> | Transaction<Tables>;

export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  readonly query: Kysely<Tables>;
  /** Where its server listens; null: it has none, or no port. */
  readonly place: OwnPlace | null;
  /** One unit: all of it happens, or nothing. */
  transact<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Brings the schema to the latest version, or to one by its name; `none` takes everything away. @throws ExitError 255 */
  migrate(to?: string): Promise<void>;
  close(): Promise<void>;
}

/** Connections of one server to PostgreSQL. */
const CONNECTIONS = 10;
/** PostgreSQL's numbers of the types bigint and numeric. */
const INT8 = 20;
const NUMERIC = 1700;

/**
 * @param address `postgres://…`, or the path of a file
 * @param folder where the package pg is looked for
 * @throws ExitError 255 for what cannot be opened
 */
export async function openDatabase(address: string, folder: string): Promise<Database> {
  if (/^postgres(?:ql)?:\/\//.test(address)) return openPostgres(address, folder);
  if (/^[a-z]+:\/\//.test(address))
    throw new ExitError(EXIT.other, `--database ${hidePassword(address)}: use postgres://USER:PASSWORD@HOST/NAME`);
  const { openSqlite } = await import('./sqlite-dialect.ts');
  try {
    return wrap('sqlite', new Kysely<Tables>({ dialect: openSqlite(address) }), null);
  } catch (error) {
    throw new ExitError(EXIT.other, `the database ${address} cannot be opened: ${(error as Error).message}`);
  }
}

async function openPostgres(address: string, folder: string): Promise<Database> {
  const found = (await importOptional('pg', folder, 'the server with PostgreSQL')) as { default: typeof Pg };
  const { Client, Pool, types } = found.default;
  const pool = new Pool({
    connectionString: address,
    max: CONNECTIONS,
    application_name: 'sixfold server',
    types: {
      // Ms and counts are exact as numbers; pg gives them as text.
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // A connection that breaks while nobody uses it is opened anew.
  pool.on('error', () => {});
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw new ExitError(EXIT.other, `--database ${hidePassword(address)}: ${(error as Error).message}`);
  }
  // Never connected: it knows what the address leaves to variables and defaults.
  const { host, port } = new Client({ connectionString: address });
  const place = host.startsWith('/') ? null : { host, port };
  return wrap('postgres', new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), place);
}

function hidePassword(address: string): string {
  return maskAddress(address).replace(/([?&](?:ssl)?password=)[^&#]*/gi, '$1****');
}

function wrap(kind: Database['kind'], query: Kysely<Tables>, place: OwnPlace | null): Database {
  const migrator = new Migrator({ db: query, provider: migrationsFor(kind === 'sqlite' ? 'blob' : 'bytea') });
  return {
    kind,
    query,
    place,
    transact: (work) => query.transaction().execute(work),
    async migrate(to) {
      const { error } =
        to === undefined
          ? await migrator.migrateToLatest()
          : await migrator.migrateTo(to === 'none' ? NO_MIGRATIONS : to);
      if (error === undefined) return;
      const text = error instanceof Error ? error.message : String(error);
      const isLater = /previously executed migration .* is missing/.test(text);
      throw new ExitError(
        EXIT.other,
        isLater ? 'a later version of Sixfold made this database: update Sixfold' : `the schema: ${text}`,
      );
    },
    close: () => query.destroy(),
  };
}
