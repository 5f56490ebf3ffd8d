// PostgreSQL, by the package pg: https://node-postgres.com.
import pg from 'pg';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { dialForDriver } from './dial-for-driver.ts';
import type { SqlAnswer, SqlDriver, SqlSession, SqlSource, SqlValue } from './sql-driver.ts';
import { sqlFailure } from './sql-failure.ts';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

export const postgresDriver: SqlDriver = { name: 'postgres', isLocal: false, prepare };

function prepare(dsn: string): SqlSource {
  const { host, port, user, password, database, sslmode } = /^postgres(?:ql)?:\/\//.test(dsn)
    ? readUrl(dsn)
    : readPairs(dsn);
  // As Go's driver has it: TLS, without a look at the certificate, unless the mode says more.
  const mode = sslmode ?? 'require';
  if (!MODES.includes(mode)) throw new Error(`sslmode must be one of ${MODES.join(', ')}, not ${mode}`);
  return {
    url: `postgres://${host}:${port}/${database}`,
    async connect(vu) {
      const stream = dialForDriver(vu, host, port);
      const tls = vu.environment.network.tlsFor(host, []);
      const client = new pg.Client({
        ...{ host, port, user, database },
        ...(password === undefined ? {} : { password: () => password }),
        stream: () => stream as never,
        types: { getTypeParser: parserOf as never },
        ssl:
          mode === 'disable' || mode === 'allow' || mode === 'prefer'
            ? false
            : {
                rejectUnauthorized: mode.startsWith('verify') && tls.rejectUnauthorized,
                servername: host,
                ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
              },
      });
      const session = new PostgresSession(client);
      try {
        await client.connect();
      } catch (error) {
        throw session.explain(error);
      }
      return session;
    },
  };
}

/** 64-bit integers as numbers, as far as these are exact; else as BigInts, not as text. */
function parserOf(oid: number, format: 'text' | 'binary'): unknown {
  if (oid !== pg.types.builtins.INT8 || format === 'binary') return pg.types.getTypeParser(oid, format as 'text');
  return (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));
}

class PostgresSession implements SqlSession {
  isBroken = false;
  readonly #client: pg.Client;
  #failure: WireError | null = null;

  constructor(client: pg.Client) {
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
      const { rows, rowCount } = (Array.isArray(answer) ? answer.at(-1) : answer) as pg.QueryResult;
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
    return /SSL/.test(message)
      ? new WireError(1301, `${message} (write sslmode=disable)`, { cause: error, kind: 'no TLS' })
      : toWireError(error, 'tls');
  }
}

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslmode: string | undefined;
}

function readUrl(dsn: string): Settings {
  let url: URL;
  try {
    url = new URL(dsn);
  } catch {
    throw new Error(
      'the connection string cannot be read: postgres://user:password@host:port/database?sslmode=disable',
    );
  }
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(url.port || 5432),
    user,
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    sslmode: url.searchParams.get('sslmode') ?? undefined,
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
  };
}
