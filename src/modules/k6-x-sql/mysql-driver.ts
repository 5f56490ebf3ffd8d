// MySQL and MariaDB, by the package mysql2: https://sidorares.github.io/node-mysql2.
import type Mysql from 'mysql2';
import type { ConnectionOptions, ResultSetHeader, SslOptions } from 'mysql2';
import type { Connection } from 'mysql2/promise';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { dialForDriver } from './dial-for-driver.ts';
import { tlsOfDriver } from './driver-tls.ts';
import type { SqlAnswer, SqlDriver, SqlRendering, SqlSession, SqlSource, SqlValue } from './sql-driver.ts';
import { sqlFailure } from './sql-failure.ts';

/** The driver overwrites the code of what Node says about a certificate. */
const TLS_CODES: readonly (readonly [RegExp, string])[] = [
  [/does not match certificate/, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/has expired/, 'CERT_HAS_EXPIRED'],
  [/not yet valid/, 'CERT_NOT_YET_VALID'],
  [/certificate/, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
];

/** @param mysql the package, as it is installed */
export function createMysqlDriver(mysql: typeof Mysql): SqlDriver {
  return { name: 'mysql', isLocal: false, prepare: (dsn, rendering) => prepare(mysql, dsn, rendering) };
}

/** As Go's driver has it: `[user[:password]@][tcp[(host[:port])]]/database[?name=value&…]` */
function prepare(mysql: typeof Mysql, dsn: string, { textAsStrings }: SqlRendering): SqlSource {
  const match = /^(?:([^:@/]*)(?::(.*))?@)?(?:tcp(?:\(([^)]*)\))?)?\/([^?/]*)(?:\?(.*))?$/s.exec(dsn);
  if (match === null) throw new Error('the connection string cannot be read: user:password@tcp(host:port)/database');
  const [, user = '', password, address = '', database = '', parameters = ''] = match;
  const [, host = '127.0.0.1', port = '3306'] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(address || '127.0.0.1:3306') ?? [];
  const settings = new URLSearchParams(parameters);
  const tls = settings.get('tls') ?? 'false';
  if (!['true', 'false', 'skip-verify', 'preferred'].includes(tls))
    throw new Error(`tls must be true, false, skip-verify or preferred, not ${tls}`);
  const options: ConnectionOptions = {
    ...{ user, database },
    ...(password === undefined ? {} : { password }),
    multipleStatements: settings.get('multiStatements') === 'true',
    supportBigNumbers: true,
    // As Go's driver has them, unless the connection string says `parseTime=true`.
    dateStrings: settings.get('parseTime') !== 'true',
    jsonStrings: true,
    // The load worker makes no code from strings.
    disableEval: true,
  };
  return {
    url: `mysql://${host}:${port}/${database}`,
    async connect(vu) {
      const open = (tls: ConnectionOptions['ssl']): Promise<MysqlSession> =>
        connect(
          mysql,
          vu,
          host,
          Number(port),
          { ...options, ...(tls === undefined ? {} : { ssl: tls }) },
          textAsStrings,
        );
      if (tls === 'false') return open(undefined);
      const isVerifying = tls === 'true';
      const ssl = { ...tlsOfDriver(vu, host, isVerifying), verifyIdentity: isVerifying } as SslOptions;
      try {
        return await open(ssl);
      } catch (error) {
        if (tls === 'preferred' && (error as WireError).code === 1301) return open(undefined);
        throw error;
      }
    },
  };
}

async function connect(
  mysql: typeof Mysql,
  vu: VirtualUser,
  host: string,
  port: number,
  options: ConnectionOptions,
  textAsStrings: boolean,
): Promise<MysqlSession> {
  const stream = dialForDriver(vu, host, port);
  const connection = mysql.createConnection({ ...options, host, port, stream: () => stream as never });
  // One that is lost later says so here, too, and the next statement finds out.
  connection.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    // Of several errors the first is the reason.
    stream.once('error', reject);
    connection.once('error', reject);
    connection.once('connect', () => resolve());
  }).catch((error: unknown) => {
    connection.destroy();
    throw explain(error);
  });
  return new MysqlSession(connection.promise(), textAsStrings);
}

class MysqlSession implements SqlSession {
  isBroken = false;
  readonly #connection: Connection;

  readonly #textAsStrings: boolean;

  constructor(connection: Connection, textAsStrings: boolean) {
    this.#connection = connection;
    this.#textAsStrings = textAsStrings;
    connection.on('error', () => {
      this.isBroken = true;
    });
  }

  async run(sql: string, values: readonly SqlValue[], timeoutMs: number): Promise<SqlAnswer> {
    const options = { sql, ...(Number.isFinite(timeoutMs) ? { timeout: timeoutMs } : {}) };
    try {
      const [answer] =
        values.length === 0
          ? await this.#connection.query(options)
          : await this.#connection.execute(options, [...values] as never);
      if (Array.isArray(answer) && !isHeaders(answer))
        return { rows: this.#present(answer as never), rowsAffected: answer.length, lastInsertId: null };
      // Several statements in one text have an answer each.
      const { affectedRows, insertId } = (Array.isArray(answer) ? answer.at(-1) : answer) as ResultSetHeader;
      return { rows: [], rowsAffected: affectedRows, lastInsertId: insertId };
    } catch (error) {
      const failure = explain(error);
      this.isBroken ||= failure.code < 2000;
      throw failure;
    }
  }

  close(): void {
    this.#connection.destroy();
  }

  /** Scripts for k6 turn text into strings themselves: there it comes as a list of bytes (https://github.com/grafana/xk6-sql/issues/12). */
  #present(rows: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
    if (this.#textAsStrings) return rows;
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? [...Buffer.from(value)] : value]),
      ),
    );
  }
}

function isHeaders(answer: readonly unknown[]): boolean {
  const last = answer.at(-1);
  return typeof last === 'object' && last !== null && 'affectedRows' in last;
}

function explain(error: unknown): WireError {
  if (error instanceof WireError) return error;
  const { message, code, sqlState, errno } = error as {
    message: string;
    code?: string;
    sqlState?: string;
    errno?: number;
  };
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT')
    return new WireError(1050, 'request timeout: no answer in time', { cause: error, kind: 'request timeout' });
  if (code === 'PROTOCOL_CONNECTION_LOST')
    return new WireError(1040, 'EOF: the server closed the connection', { cause: error });
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return new WireError(1301, 'the server speaks no TLS (write tls=false)', { cause: error, kind: 'no TLS' });
  if (code === 'HANDSHAKE_SSL_ERROR') {
    const lost = TLS_CODES.find(([pattern]) => pattern.test(message))?.[1];
    return toWireError(Object.assign(error as Error, { code: lost }), 'tls');
  }
  if (typeof sqlState !== 'string') return toWireError(error, 'read');
  // Too many connections, a lock that was not had, an unknown database: MySQL has no classes of their own for them.
  const code2 =
    errno === 1040
      ? 2105
      : errno === 1205
        ? 2104
        : errno === 1049 || errno === 1044 || errno === 1045
          ? 2101
          : undefined;
  return code2 === undefined ? sqlFailure(message, sqlState, error) : sqlFailure(message, sqlState, error, code2);
}
