// MySQL and MariaDB, by the package mysql2: https://sidorares.github.io/node-mysql2.
import { type Connection, createConnection, type ResultSetHeader } from 'mysql2/promise';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { dialForDriver } from './dial-for-driver.ts';
import type { SqlAnswer, SqlDriver, SqlSession, SqlSource, SqlValue } from './sql-driver.ts';
import { sqlFailure } from './sql-failure.ts';

export const mysqlDriver: SqlDriver = { name: 'mysql', isLocal: false, prepare };

/** As Go's driver has it: `[user[:password]@][tcp[(host[:port])]]/database[?name=value&…]` */
function prepare(dsn: string): SqlSource {
  const match = /^(?:([^:@/]*)(?::(.*))?@)?(?:tcp(?:\(([^)]*)\))?)?\/([^?/]*)(?:\?(.*))?$/s.exec(dsn);
  if (match === null) throw new Error('the connection string cannot be read: user:password@tcp(host:port)/database');
  const [, user = '', password, address = '', database = '', parameters = ''] = match;
  const [, host = '127.0.0.1', port = '3306'] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(address || '127.0.0.1:3306') ?? [];
  const settings = new URLSearchParams(parameters);
  const tls = settings.get('tls') ?? 'false';
  if (!['true', 'false', 'skip-verify', 'preferred'].includes(tls))
    throw new Error(`tls must be true, false, skip-verify or preferred, not ${tls}`);
  return {
    url: `mysql://${host}:${port}/${database}`,
    async connect(vu) {
      const stream = dialForDriver(vu, host, Number(port));
      let failure: unknown = null;
      stream.on('error', (error) => {
        failure = error;
      });
      const own = vu.environment.network.tlsFor(host, []);
      try {
        const connection = await createConnection({
          ...{ host, port: Number(port), user, database },
          ...(password === undefined ? {} : { password }),
          stream: () => stream as never,
          multipleStatements: settings.get('multiStatements') === 'true',
          supportBigNumbers: true,
          // The load worker makes no code from strings.
          disableEval: true,
          ...(tls === 'true' || tls === 'skip-verify'
            ? { ssl: { rejectUnauthorized: tls === 'true' && own.rejectUnauthorized, verifyIdentity: tls === 'true' } }
            : {}),
        });
        return new MysqlSession(connection);
      } catch (error) {
        throw explain(failure ?? error);
      }
    },
  };
}

class MysqlSession implements SqlSession {
  isBroken = false;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
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
        return { rows: answer as never, rowsAffected: answer.length, lastInsertId: null };
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
