import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import {
  type DatabaseServer,
  NO_MARIADB,
  NO_POSTGRES,
  spawnMariadb,
  spawnPostgres,
} from '../../../test/servers/spawn-databases.ts';
import { createCertificates } from '../../demo/certificates.ts';
import type { Options } from '../../options/options.ts';

const benches: ScriptBench[] = [];
afterEach(() => {
  for (const { vu } of benches.splice(0)) vu.dispose();
});

/** A script with a database `db`; `attempt` gives the outcome of a function as text. */
async function bench(
  driver: string,
  dsn: string,
  body: string,
  settings: Partial<Options> = {},
  options = {},
): Promise<ScriptBench> {
  const made = await createScriptBench(
    `import sql from 'k6/x/sql';
     import driver from 'k6/x/sql/driver/${driver}';
     const db = sql.open(driver, ${JSON.stringify(dsn)}, ${JSON.stringify(options)});
     const attempt = (f) => { try { return f(); } catch (e) { return [e.message, e.error_code, e.sqlState].join(' / '); } };
     export default function () { ${body} }`,
    settings,
  );
  benches.push(made);
  return made;
}

const codesOf = ({ samples }: ScriptBench): (string | undefined)[] =>
  samples.filter(({ metric }) => metric === 'sql_queries').map(({ tags }) => tags['error_code']);

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-sql-'));
after(() => rmSync(folder, { recursive: true }));

const { ca, cert, key } = createCertificates(['db.test']);
for (const [name, text] of Object.entries({ ca, cert, key })) writeFileSync(path.join(folder, name), text);
const tls = { certificate: path.join(folder, 'cert'), key: path.join(folder, 'key') };

test('SQLite: rows, results, values and what the file may do', async () => {
  const file = path.join(folder, 'test.db');
  const script = await bench(
    'sqlite3',
    file,
    `db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, price REAL, data BLOB); CREATE INDEX i ON t (price)');
     const result = db.exec("INSERT INTO t (name, price) VALUES ('a', 1.5), ('b', NULL)");
     const one = db.exec('INSERT INTO t (name, data) VALUES ($1, $2)', 'c', new Uint8Array([1, 2]).buffer);
     const rows = db.query('SELECT * FROM t WHERE id > ? ORDER BY id', 1);
     return [result.rowsAffected(), result.lastInsertId(), one.lastInsertId(), rows.length, rows[0], [...rows[1].data], db.query('SELECT * FROM t WHERE name = $1', 'none'),
       db.query('INSERT INTO t (name) VALUES (?) RETURNING id', true)[0].id, db.exec('UPDATE t SET price = 2').rowsAffected(),
       attempt(() => db.exec("INSERT INTO t (name) VALUES ('a')")), attempt(() => db.query('SELEC 1')), attempt(() => db.query('SELECT * FROM none')),
       attempt(() => db.exec("ATTACH '${folder}/other.db' AS other")), attempt(() => db.exec("VACUUM INTO '${folder}/copy.db'")), attempt(() => db.exec('SELECT ?', {})), attempt(() => db.query()), attempt(() => { db.close(); db.query('SELECT 1'); })];`,
  );
  const [...all] = (await script.run()) as unknown[];
  assert.deepEqual(all.slice(0, 9), [2, 2, 3, 2, { id: 2, name: 'b', price: null, data: null }, [1, 2], [], 4, 4]);
  const [constraint, syntax, absent, attach, vacuum, value, none, closed] = all.slice(9).map(String) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  assert.match(constraint, /UNIQUE constraint failed: t\.name \/ 2102/);
  assert.match(syntax, /syntax error \/ 2103/);
  assert.match(absent, /no such table: none \/ 2103/);
  for (const denied of [attach, vacuum]) assert.match(denied, /authoriz.* \/ 2101/);
  assert.match(value, /^value 1 of exec\(\) must be null, text, a number/);
  assert.match(none, /^query\(\) takes a statement as text/);
  assert.match(closed, /^the database is closed/);
  assert.ok(
    existsSync(file) && !existsSync(path.join(folder, 'other.db')) && !existsSync(path.join(folder, 'copy.db')),
  );
  assert.ok(
    script.samples.some(
      ({ metric, tags }) =>
        metric === 'sql_query_duration' && tags['name'] === 'UPDATE' && tags['url'] === `sqlite3:${file}`,
    ),
  );
});

test('SQLite: integers beyond the exact numbers are BigInts; a database in memory may be opened by a virtual user', async () => {
  const script = await bench(
    'sqlite3',
    ':memory:',
    `const own = sql.open(driver, ':memory:');
     own.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
     const [row] = own.query('SELECT 9007199254740991 AS safe, 9007199254740993 AS big, ? AS given', 9007199254740993n);
     return [row.safe, String(row.big), typeof row.big, row.given === row.big, own.exec('INSERT INTO t VALUES (7)').lastInsertId(),
       attempt(() => sql.open(driver, '${folder}/late.db'))];`,
  );
  const [late, ...rest] = ((await script.run()) as unknown[]).reverse();
  assert.deepEqual(rest.reverse(), [9007199254740991, '9007199254740993', 'bigint', true, 7]);
  assert.match(String(late), /in the init context/);
});

test('drivers, connection strings and options that cannot be used are named', async () => {
  const message = async (driver: string, call: string) =>
    (
      await createScriptBench(
        `import sql from 'k6/x/sql'; import driver from 'k6/x/sql/driver/${driver}'; let message = 'none'; try { ${call}; } catch (e) { message = e.message; } export default () => message;`,
      )
    ).run();
  const expected: readonly (readonly [string, string, RegExp])[] = [
    ['sqlite3', "sql.open('oracle', 'x')", /import driver from 'k6\/x\/sql\/driver\/oracle' \(there are sqlite3/],
    ['sqlite3', 'sql.open(undefined, 1)', /default export of a driver first/],
    ['sqlite3', "sql.open('sqlite3', ':memory:')", /^none$/],
    ['sqlite3', "sql.open(driver, '')", /connection string second/],
    ['sqlite3', "sql.open(driver, ':memory:', { connMaxLifetime: 'x' })", /connMaxLifetime must be a time/],
    ['sqlite3', "sql.open(driver, ':memory:', { maxOpen: 1 })", /unknown option "maxOpen"/],
    ['postgres', "sql.open(driver, 'postgres://h/db?sslmode=never')", /sslmode must be one of/],
    ['postgres', "sql.open(driver, 'nonsense')", /neither an address/],
    ['postgres', "sql.open(driver, 'postgres://h/db').query('SELECT 1')", /in the init context is not supported/],
    ['mysql', "sql.open(driver, 'localhost')", /cannot be read: user:password@tcp/],
  ];
  for (const [driver, call, pattern] of expected) assert.match(String(await message(driver, call)), pattern, call);
});

describe('PostgreSQL', { skip: NO_POSTGRES }, () => {
  let server: DatabaseServer;
  before(async () => {
    server = await spawnPostgres(tls);
  });
  after(() => server.stop());
  const dsn = (rest = '') => `postgres://ann:s3cret@127.0.0.1:${server.port}/postgres?sslmode=disable${rest}`;

  test('rows, results, values and failures', async () => {
    const script = await bench(
      'postgres',
      dsn(),
      `db.exec('CREATE TABLE t (id SERIAL PRIMARY KEY, name TEXT UNIQUE, big BIGINT, at TIMESTAMPTZ, data BYTEA, doc JSONB); INSERT INTO t (name) VALUES (\\'first\\')');
       const result = db.exec('INSERT INTO t (name, big, data, doc, at) VALUES ($1, $2, $3, $4, $5)', 'a', 5, new Uint8Array([7]), '{"k": [1]}', new Date(0));
       const [row] = db.query('SELECT * FROM t WHERE name = $1', 'a');
       return [result.rowsAffected(), attempt(() => result.lastInsertId()), row.id, row.big, [...row.data], JSON.parse(String.fromCharCode(...row.doc)), row.at.getTime(), Object.getPrototypeOf(row) === Object.prototype,
         db.queryWithTimeout('5s', 'SELECT 1 AS one'), attempt(() => db.exec('INSERT INTO t (name) VALUES ($1)', 'a')), attempt(() => db.query('SELEC')), attempt(() => db.query('SELECT 1/0')),
         attempt(() => db.queryWithTimeout('100ms', 'SELECT pg_sleep(5)')), db.query('SELECT 2 AS two'), attempt(() => db.query('SELECT pg_terminate_backend(pg_backend_pid())')), db.query('SELECT 3 AS three')];`,
    );
    const all = (await script.run()) as unknown[];
    assert.deepEqual([all[0], ...all.slice(2, 9)], [1, 2, 5, [7], { k: [1] }, 0, true, [{ one: 1 }]]);
    assert.match(String(all[1]), /add RETURNING id/);
    assert.match(String(all[9]), /duplicate key .* \/ 2102 \/ 23505$/);
    assert.match(String(all[10]), /syntax error .* \/ 2103 \/ 42601$/);
    assert.match(String(all[11]), /division by zero \/ 2100 \/ 22012$/);
    assert.match(String(all[12]), /no answer in time \/ 1050/);
    assert.deepEqual(
      [all[13], all[15]],
      [[{ two: 2 }], [{ three: 3 }]],
      'a new connection takes the place of one that is lost',
    );
    assert.match(String(all[14]), / \/ (2106 \/ 57P01|1040 \/ )$/);
    assert.ok(script.vu.meter.received > 0 && codesOf(script).includes('2102'));
  });

  test('types come as in k6: what its driver leaves to the script are bytes, strings where that is asked for', async () => {
    const statement =
      "SELECT 1.50::numeric AS numeric, '{\"a\": 1}'::json AS json, ARRAY[1, 2] AS list, '6f1e4a2c-0000-4000-8000-000000000001'::uuid AS uuid, 'x'::varchar AS text, true AS yes, 2::smallint AS small, 0.5::float8 AS half, '12:30'::time AS time";
    const row = async (options: object) => {
      const script = await bench('postgres', dsn(), `return db.query(${JSON.stringify(statement)})[0];`, {}, options);
      return (await script.run()) as Record<string, unknown>;
    };
    const text = (bytes: unknown) => String.fromCharCode(...(bytes as number[]));
    const { numeric, json, list, uuid, ...rest } = await row({});
    assert.deepEqual([numeric, json, list, uuid].map(text), [
      '1.50',
      '{"a": 1}',
      '{1,2}',
      '6f1e4a2c-0000-4000-8000-000000000001',
    ]);
    const known = { text: 'x', yes: true, small: 2, half: 0.5, time: '12:30:00' };
    assert.deepEqual(rest, known);
    assert.deepEqual(await row({ textAsStrings: true }), {
      ...{ numeric: '1.50', json: '{"a": 1}', list: '{1,2}', uuid: '6f1e4a2c-0000-4000-8000-000000000001' },
      ...known,
    });
  });

  test('credentials, block lists and a server that is not there', async () => {
    const outcome = async (source: string, settings: Partial<Options> = {}) =>
      String(await (await bench('postgres', source, "return attempt(() => db.query('SELECT 1'))", settings)).run());
    assert.match(await outcome(dsn().replace('s3cret', 'wrong')), /password authentication failed .* \/ 2101 \/ 28P01/);
    assert.match(await outcome(dsn().replace('/postgres?', '/nothere?')), / \/ 2101 \/ 3D000/);
    assert.match(await outcome(dsn(), { blacklistIPs: ['127.0.0.0/8'] }), / \/ 1110/);
    assert.match(await outcome('postgres://ann@127.0.0.1:1/x?sslmode=disable'), /connection refused \/ 1212/);
    const pairs = await bench(
      'postgres',
      `host=db.test port=5432 user=ann password='s3cret' dbname=postgres sslmode=disable`,
      "return db.query('SELECT 1 AS one')",
      {
        hosts: { 'db.test:5432': `127.0.0.1:${server.port}` },
      },
    );
    assert.deepEqual(await pairs.run(), [{ one: 1 }]);
  });

  test('TLS by the mode of the connection string', async () => {
    const ask = async (mode: string, host = 'db.test', settings: Partial<Options> = {}): Promise<string> => {
      const hosts = { 'db.test': '127.0.0.1', 'other.test': '127.0.0.1' };
      const made = await bench(
        'postgres',
        `postgres://ann:s3cret@${host}:${server.port}/postgres${mode}`,
        "return attempt(() => String(db.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')[0].ssl))",
        { hosts, ...settings },
      );
      return String(await made.run());
    };
    const root = `&sslrootcert=${folder}/ca`;
    const expected: readonly (readonly [RegExp, string, string?, Partial<Options>?])[] = [
      [/^false$/, '?sslmode=disable'],
      [/^true$/, ''],
      [/^true$/, '?sslmode=prefer'],
      [/^true$/, '?sslmode=require', 'other.test'],
      [/ \/ 1310/, '?sslmode=verify-ca'],
      [/^true$/, '?sslmode=verify-full', 'db.test', { insecureSkipTLSVerify: true }],
      [/^true$/, `?sslmode=verify-full${root}`],
      [/^true$/, `?sslmode=verify-ca${root}`, 'other.test'],
      [/ \/ 1311/, `?sslmode=verify-full${root}`, 'other.test'],
    ];
    for (const [pattern, ...rest] of expected) assert.match(await ask(...rest), pattern, rest.join(' '));
    await assert.rejects(ask(`?sslmode=verify-ca&sslrootcert=${folder}/none`), /sslrootcert .* cannot be read: ENOENT/);
    await assert.rejects(ask(`?sslcert=${folder}/cert`), /both sslcert and sslkey/);
    const plain = await spawnPostgres();
    try {
      const outcome = async (mode: string) =>
        (
          await bench(
            'postgres',
            `postgres://ann:s3cret@127.0.0.1:${plain.port}/postgres${mode}`,
            "return attempt(() => db.query('SELECT 1 AS one')[0].one)",
          )
        ).run();
      assert.match(String(await outcome('')), / \/ 1301/);
      assert.equal(await outcome('?sslmode=prefer'), 1);
    } finally {
      await plain.stop();
    }
  });
});

describe('MySQL', { skip: NO_MARIADB }, () => {
  let server: DatabaseServer;
  before(async () => {
    server = await spawnMariadb(tls);
  });
  after(() => server.stop());
  const dsn = () => `ann:s3cret@tcp(127.0.0.1:${server.port})/shop`;

  test('rows, results, values and failures', async () => {
    const script = await bench(
      'mysql',
      dsn(),
      `db.exec('CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20) UNIQUE, big BIGINT, data BLOB)');
       const result = db.exec("INSERT INTO t (name) VALUES ('a'), ('b')");
       const one = db.exec('INSERT INTO t (name, big, data) VALUES (?, ?, ?)', 'c', 5, new Uint8Array([7]));
       const [row] = db.query('SELECT * FROM t WHERE name = ?', 'c');
       return [result.rowsAffected(), result.lastInsertId(), one.lastInsertId(), row.id, row.big, [...row.data], Object.getPrototypeOf(row) === Object.prototype, db.query('SELECT 1 AS one'),
         attempt(() => db.exec("INSERT INTO t (name) VALUES ('a')")), attempt(() => db.query('SELEC')), attempt(() => db.queryWithTimeout('100ms', 'SELECT SLEEP(5)')), db.query('SELECT 2 AS two'),
         String.fromCharCode(...row.name), Array.isArray(row.name)];`,
    );
    const all = (await script.run()) as unknown[];
    assert.deepEqual(all.slice(0, 8), [2, 1, 3, 3, 5, [7], true, [{ one: 1 }]]);
    assert.match(String(all[8]), /Duplicate entry .* \/ 2102 \/ 23000$/);
    assert.match(String(all[9]), / \/ 2103 \/ 42000$/);
    assert.match(String(all[10]), /no answer in time \/ 1050/);
    assert.deepEqual(all.slice(11), [[{ two: 2 }], 'c', true]);
    const texts = await bench(
      'mysql',
      dsn(),
      "return db.query('SELECT name FROM t ORDER BY id')",
      {},
      { textAsStrings: true },
    );
    assert.deepEqual(await texts.run(), [{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  });

  test('TLS by the connection string', async () => {
    const ask = async (mode: string, settings: Partial<Options> = {}): Promise<string> => {
      const made = await bench(
        'mysql',
        `ann:s3cret@tcp(db.test:${server.port})/shop?tls=${mode}`,
        'return attempt(() => db.query("SHOW STATUS LIKE \'Ssl_version\'")[0].Value)',
        { hosts: { 'db.test': '127.0.0.1' }, ...settings },
        { textAsStrings: true },
      );
      return String(await made.run());
    };
    assert.equal(await ask('false'), '');
    assert.match(await ask('skip-verify'), /^TLSv1\.[23]$/);
    assert.match(await ask('preferred'), /^TLSv1\.[23]$/);
    assert.match(await ask('true'), / \/ 1310/);
    assert.match(await ask('true', { insecureSkipTLSVerify: true }), /^TLSv1\.[23]$/);
    assert.equal(await ask('skip-verify', { tlsVersion: { min: 'TLSv1.2', max: 'TLSv1.2' } }), 'TLSv1.2');
  });

  test('credentials and a server that is not there', async () => {
    const outcome = async (source: string) =>
      String(await (await bench('mysql', source, "return attempt(() => db.query('SELECT 1'))")).run());
    assert.match(await outcome(dsn().replace('s3cret', 'wrong')), /Access denied .* \/ 2101 \/ 28000/);
    assert.match(await outcome(dsn().replace('/shop', '/nothere')), / \/ 2101/);
    assert.match(await outcome('ann@tcp(127.0.0.1:1)/shop'), /connection refused \/ 1212/);
  });
});
