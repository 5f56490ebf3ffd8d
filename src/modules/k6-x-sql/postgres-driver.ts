// PostgreSQL, by the package pg: https://node-postgres.com.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type Pg from 'pg';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { dialForDriver } from './dial-for-driver.ts';
import { dialPostgresTls } from './dial-postgres-tls.ts';
import { type OwnCertificates, tlsOfDriver } from './driver-tls.ts';
import type { SqlAnswer, SqlDriver, SqlRendering, SqlSession, SqlSource, SqlValue } from './sql-driver.ts';
import { sqlFailure } from './sql-failure.ts';

const FILES = ['sslrootcert', 'sslcert', 'sslkey'];
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** @param pg the package, as it is installed */
export function createPostgresDriver(pg: typeof Pg): SqlDriver {
  return { name: 'postgres', isLocal: false, prepare: (dsn, rendering) => prepare(pg, dsn, rendering) };
}

function prepare(pg: typeof Pg, dsn: string, rendering: SqlRendering): SqlSource {
  const settings = /^postgres(?:ql)?:\/\//.test(dsn) ? readUrl(dsn) : readPairs(dsn);
  const { host, port, database } = settings;
  // As Go's driver has it: TLS, without a look at the certificate, unless the mode says more.
  const mode = settings.sslmode ?? 'require';
  if (!MODES.includes(mode)) throw new Error(`sslmode must be one of ${MODES.join(', ')}, not ${mode}`);
  const own = readCertificates(settings);
  const connect = (vu: VirtualUser, tls: ConnectionOptions | false) => open({ pg, rendering }, vu, settings, tls);
  return {
    url: `postgres://${host}:${port}/${database}`,
    async connect(vu) {
      if (mode === 'disable' || mode === 'allow') return connect(vu, false);
      // Go's driver looks at the certificate, too, where it is told by whom it has to be.
      const isVerifying = mode.startsWith('verify') || (mode === 'require' && own.ca !== undefined);
      const tls: ConnectionOptions = {
        ...tlsOfDriver(vu, host, isVerifying, own),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
      };
      try {
        return await connect(vu, tls);
      } catch (error) {
        if (mode === 'prefer' && (error as WireError).code === 1301) return connect(vu, false);
        throw error;
      }
    },
  };
}

async function open(
  { pg, rendering }: { readonly pg: typeof Pg; readonly rendering: SqlRendering },
  vu: VirtualUser,
  settings: Settings,
  ssl: ConnectionOptions | false,
): Promise<PostgresSession> {
  const { host, port, user, password, database } = settings;
  const stream = ssl === false ? dialForDriver(vu, host, port) : await dialPostgresTls(vu, host, port, ssl);
  const known = new Set<number>(KNOWN.map((name) => pg.types.builtins[name]));
  const client = new pg.Client({
    ...{ host, port, user, database, ssl: false },
    ...(password === undefined ? {} : { password: () => password }),
    stream: () => stream as never,
    types: { getTypeParser: ((oid: number, format: string) => parserOf(pg, known, oid, format, rendering)) as never },
  });
  const session = new PostgresSession(client);
  try {
    await client.connect();
  } catch (error) {
    throw session.explain(error);
  }
  return session;
}

function readCertificates({ files }: Settings): OwnCertificates {
  const read = (key: string): string | undefined => {
    const file = files[key];
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw new Error(`${key} of the connection string cannot be read: ${(error as Error).message}`);
    }
  };
  const [ca, cert, key] = FILES.map(read);
  if ((cert === undefined) !== (key === undefined))
    throw new Error('the connection string must name both sslcert and sslkey');
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined || key === undefined ? {} : { cert, key }) };
}

/**
 * Types that k6's driver (https://pkg.go.dev/github.com/lib/pq) makes something of: numbers, text, times, booleans, octets. What others
 * are – numeric, json, uuid, lists, enumerations – it leaves to the script, as the bytes of their text.
 */
const KNOWN = [
  ...(['BOOL', 'BYTEA', 'CHAR', 'INT2', 'INT4', 'INT8', 'FLOAT4', 'FLOAT8', 'TEXT', 'VARCHAR', 'BPCHAR'] as const),
  ...(['DATE', 'TIME', 'TIMETZ', 'TIMESTAMP', 'TIMESTAMPTZ'] as const),
];

/** 64-bit integers come as numbers, as far as these are exact; else as BigInts, not as text. */
function parserOf(
  pg: typeof Pg,
  known: ReadonlySet<number>,
  oid: number,
  format: string,
  { textAsStrings }: SqlRendering,
): unknown {
  if (format !== 'binary' && !known.has(oid)) return textAsStrings ? String : (text: string) => [...Buffer.from(text)];
  if (oid !== pg.types.builtins.INT8 || format === 'binary') return pg.types.getTypeParser(oid, format as 'text');
  return (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));
}

class PostgresSession implements SqlSession {
  isBroken = false;
  readonly #client: Pg.Client;
  #failure: WireError | null = null;

  constructor(client: Pg.Client) {
    this.#client = client;
    client.on('error', (error) => {
      this.#failure ??= toWireError(error, 'read');
      this.isBroken = true;
    });
    client.on('end', () => {
      this.isBroken = true;
    });
  }

  async run(statement: string, values: readonly SqlValue[], timeoutMs: number): Promise<SqlAnswer> {
    const config = {
      text: statement,
      ...(values.length === 0 ? {} : { values: [...values] }),
      ...(Number.isFinite(timeoutMs) ? { query_timeout: timeoutMs } : {}),
    };
    try {
      const answer: unknown = await this.#client.query(config);
      // Several statements in one text have an answer each.
      const { rows, rowCount } = (Array.isArray(answer) ? answer.at(-1) : answer) as Pg.QueryResult;
      return { rows, rowsAffected: rowCount ?? 0, lastInsertId: null };
    } catch (error) {
      throw this.explain(error);
    }
  }

  close(): void {
    this.#client.end().catch(() => {});
  }

  explain(error: unknown): WireError {
    if (error instanceof WireError) return error;
    const { message, code } = error as { message: string; code?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      const failure = sqlFailure(message, code, error);
      // The connection is ended behind the answer.
      if (failure.code === 2106) this.isBroken = true;
      return failure;
    }
    this.isBroken = true;
    if (/timeout/i.test(message))
      return new WireError(1050, 'request timeout: no answer in time', { cause: error, kind: 'request timeout' });
    if (this.#failure !== null) return this.#failure;
    if (/terminated unexpectedly|Connection ended|not queryable/i.test(message))
      return new WireError(1040, 'EOF: the server closed the connection', { cause: error });
    return toWireError(error, 'read');
  }
}

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslmode: string | undefined;
  /** Those that `sslrootcert`, `sslcert` and `sslkey` name. */
  readonly files: Readonly<Record<string, string | undefined>>;
}

function readUrl(dsn: string): Settings {
  let url: URL;
  let user: string;
  let password: string;
  let database: string;
  try {
    url = new URL(dsn);
    [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decodeURIComponent) as [
      string,
      string,
      string,
    ];
  } catch {
    throw new Error(
      'the connection string cannot be read: postgres://user:password@host:port/database?sslmode=disable',
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port || 5432),
    user,
    password: password || undefined,
    database: database || user,
    sslmode: url.searchParams.get('sslmode') ?? undefined,
    files: Object.fromEntries(FILES.map((key) => [key, url.searchParams.get(key) ?? undefined])),
  };
}

/** `host=localhost user=ann dbname=shop` */
function readPairs(dsn: string): Settings {
  const pairs = new Map(
    [...dsn.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)].map(([, key, quoted, plain]) => [
      key,
      quoted?.replace(/\\(.)/g, '$1') ?? plain,
    ]),
  );
  if (pairs.size === 0)
    throw new Error('the connection string is neither an address (postgres://…) nor pairs (host=… user=… dbname=…)');
  const user = pairs.get('user') ?? '';
  return {
    host: pairs.get('host') ?? 'localhost',
    port: Number(pairs.get('port') ?? 5432),
    user,
    password: pairs.get('password'),
    database: pairs.get('dbname') ?? user,
    sslmode: pairs.get('sslmode'),
    files: Object.fromEntries(FILES.map((key) => [key, pairs.get(key)])),
  };
}
