// `k6/x/sql` (https://github.com/grafana/xk6-sql).

import { types } from 'node:util';
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostMember, Realm } from '../../script/realm-interface.ts';
import { box, Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { readDuration } from '../../vu/script-duration.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { Database } from './database.ts';
import { findDriver } from './driver-modules.ts';
import { readOpenOptions } from './open-options.ts';
import type { SqlAnswer, SqlValue } from './sql-driver.ts';

export const sqlModule: HostModule = {
  specifier: 'k6/x/sql',
  create({ realm }) {
    const databases = createAttachedState<Database>();
    const results = createAttachedState<SqlAnswer>();
    const resultClass = createResultClass(realm, results);
    const own = (self: unknown): Database => {
      const database = databases.of(self);
      if (database === null) throw new TypeError('this is not a Database: sql.open() gives one');
      return database;
    };
    const toRows = ({ rows }: SqlAnswer): unknown => realm.fromHost(rows.map((row) => ({ ...row })));
    const toResult = (answer: SqlAnswer): unknown => {
      const result = resultClass.create();
      results.attach(result, answer);
      return result;
    };
    const explain = (error: unknown): unknown => {
      if (!(error instanceof WireError)) return error;
      const made = toScriptError(realm, error);
      const state = /^sqlstate (.*)$/.exec(error.kind)?.[1];
      if (state !== undefined)
        Object.defineProperty(made, 'sqlState', { value: state, enumerable: true, configurable: true, writable: true });
      return made;
    };
    /** A method that runs a statement; `timed` ones take a time first. */
    const method = (name: string, isTimed: boolean, present: (answer: SqlAnswer) => unknown): HostMember => ({
      length: isTimed ? 2 : 1,
      kind: 'blocking',
      refuse: 'callbacks',
      impl(this: unknown, ...given: unknown[]) {
        const database = own(this);
        const timeoutMs = isTimed ? readTimeout(given.shift(), name) : Number.POSITIVE_INFINITY;
        const [statement, ...values] = given;
        if (typeof statement !== 'string' || statement === '')
          throw new TypeError(`${name}() takes a statement as text`);
        try {
          const answer = database.run(
            statement,
            values.map((value, i) => toSqlValue(value, `value ${i + 1} of ${name}()`)),
            timeoutMs,
          );
          if (!(answer instanceof Promise)) return present(answer);
          return new Suspension(
            answer.then(
              (arrived) => box(present(arrived)),
              (error: unknown) => {
                throw explain(error);
              },
            ),
          );
        } catch (error) {
          throw explain(error);
        }
      },
    });
    const databaseClass = realm.hostClass({
      name: 'Database',
      construct() {
        throw new TypeError('a Database comes from sql.open(); it cannot be constructed');
      },
      methods: {
        exec: method('exec', false, toResult),
        execWithTimeout: method('execWithTimeout', true, toResult),
        query: method('query', false, toRows),
        queryWithTimeout: method('queryWithTimeout', true, toRows),
        close: {
          length: 0,
          impl(this: unknown) {
            own(this).close();
          },
        },
      },
    });
    const open = realm.hostFunction('open', 3, (given: unknown, dsn: unknown, options: unknown) => {
      const vu = realm.vu as VirtualUser;
      const driver = findDriver(given);
      // As open(): what files a test uses is known before it makes load.
      if (driver.isLocal && dsn !== ':memory:') vu.requireInit('sql.open() of a file');
      if (typeof dsn !== 'string' || dsn === '') throw new TypeError('open() takes a connection string second');
      const object = databaseClass.create();
      const { limits, rendering } = readOpenOptions(options);
      databases.attach(object, new Database(vu, driver, driver.prepare(dsn, rendering), limits));
      return object;
    });
    const exports = { named: { open } };
    return () => exports;
  },
};

function createResultClass(realm: Realm, results: ReturnType<typeof createAttachedState<SqlAnswer>>): HostClass {
  const own = (self: unknown): SqlAnswer => {
    const answer = results.of(self);
    if (answer === null) throw new TypeError('this is not a Result: exec() gives one');
    return answer;
  };
  return realm.hostClass({
    name: 'Result',
    construct() {
      throw new TypeError('a Result comes from exec(); it cannot be constructed');
    },
    methods: {
      rowsAffected: {
        length: 0,
        impl(this: unknown) {
          return own(this).rowsAffected;
        },
      },
      lastInsertId: {
        length: 0,
        impl(this: unknown) {
          const { lastInsertId } = own(this);
          if (lastInsertId === null)
            throw new Error('this database tells no last id: add RETURNING id to the statement, and query() it');
          return lastInsertId;
        },
      },
    },
  });
}

function readTimeout(given: unknown, name: string): number {
  const time = readDuration(given);
  if (Number.isNaN(time) || time <= 0) throw new TypeError(`${name}() takes a time first, as in "5s"`);
  return time;
}

function toSqlValue(value: unknown, what: string): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  const bytes = toBytes(value);
  if (bytes !== null) return Buffer.from(bytes);
  if (types.isDate(value)) return new Date(Date.prototype.getTime.call(value));
  throw new TypeError(`${what} must be null, text, a number, a boolean, bytes or a Date, not ${typeof value}`);
}
