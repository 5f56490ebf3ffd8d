// SQLite as a driver: which statements give rows, what values become, what a file is, and what a failure is called.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, test } from 'node:test';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { SqlAnswer, SqlSession, SqlValue } from './sql-driver.ts';
import { sqliteDriver } from './sqlite-driver.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-sqlite-'));
after(() => rmSync(folder, { recursive: true }));

const sessions: SqlSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

function open(dsn = ':memory:'): (statement: string, ...values: SqlValue[]) => SqlAnswer {
  const source = sqliteDriver.prepare(dsn, { textAsStrings: false });
  const session = source.connect(null as unknown as VirtualUser) as SqlSession;
  sessions.push(session);
  return (statement, ...values) => session.run(statement, values, Number.POSITIVE_INFINITY) as SqlAnswer;
}
const rowsOf = ({ rows }: SqlAnswer): unknown[] => rows.map((row) => ({ ...row }));
const codeOf = (work: () => unknown): number | undefined => {
  try {
    work();
  } catch (error) {
    return (error as { code?: number }).code;
  }
  return assert.fail('it did not fail');
};

test('a statement gives its rows, whatever it begins with', () => {
  const run = open();
  for (const statement of [
    'SELECT 1 AS a',
    '  select 1 as a;',
    '-- what it is for\nSELECT 1 AS a',
    '/* what;\n it is for */ SELECT 1 AS a -- and how it ends',
    '; SELECT 1 AS a',
    'WITH t AS (SELECT 1 AS a) SELECT a FROM t',
  ])
    assert.deepEqual(rowsOf(run(statement)), [{ a: 1 }], statement);
  assert.deepEqual(rowsOf(run('VALUES (1), (2)')).length, 2);
  assert.equal(rowsOf(run('PRAGMA foreign_keys')).length, 1);
});

test('statements of a long text end where they end, wherever SQLite is shown a part of it first', () => {
  const run = open();
  run('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
  // Two powers of two, at each of which a semicolon stands that ends nothing; the cut may divide a character, too.
  for (const size of [4096, 8192]) {
    for (const shift of [-2, -1, 0, 1, 2]) {
      run('DELETE FROM t');
      const name = (head: string): string => `${'x'.repeat(size + shift - head.length - 1)};;\u{1f600};`;
      const inText = name("INSERT INTO t (name) VALUES ('");
      const inComment = name("INSERT INTO t (name) SELECT 'a' /* ");
      const text = [
        `INSERT INTO t (name) VALUES ('${inText}')`,
        `INSERT INTO t (name) SELECT 'a' /* ${inComment} */ || 'b'`,
        `CREATE TRIGGER IF NOT EXISTS r${size + shift} AFTER INSERT ON t BEGIN SELECT 1; /*${inComment}*/ SELECT 2; END`,
        `INSERT INTO t (name) VALUES ('c') RETURNING name`,
      ].join(';\n');
      assert.deepEqual(rowsOf(run(text)), [{ name: 'c' }]);
      assert.deepEqual(rowsOf(run('SELECT name FROM t ORDER BY id')), [
        { name: inText },
        { name: 'ab' },
        { name: 'c' },
      ]);
      assert.equal(
        codeOf(() => run(`${text};\nSELECT 1 FROM nowhere`)),
        codeOf(() => run('SELECT 1 FROM nowhere')),
      );
    }
  }
});

test('a text of several statements runs them all, one after the other, whatever words are in it', () => {
  const run = open();
  const { rowsAffected, lastInsertId } = run(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); -- a migration; as they are
    INSERT INTO t (name) VALUES ('returning; ''soon''');
    INSERT INTO t (name) VALUES ('b'), ('ü');
  `);
  assert.deepEqual([rowsAffected, lastInsertId], [3, 3]);
  assert.deepEqual(rowsOf(run('SELECT name FROM t ORDER BY id')), [
    { name: "returning; 'soon'" },
    { name: 'b' },
    { name: 'ü' },
  ]);
  assert.deepEqual(
    rowsOf(run("SELECT 1 AS a; DELETE FROM t WHERE id = 1; SELECT count(*) AS n FROM t; UPDATE t SET name = 'c'")),
    [{ n: 2 }],
  );
  assert.deepEqual(rowsOf(run('SELECT DISTINCT name FROM t')), [{ name: 'c' }]);
});

test('what comes before a statement that fails has been done, and what comes behind has not', () => {
  const run = open();
  run('CREATE TABLE t (id INTEGER PRIMARY KEY)');
  assert.equal(
    codeOf(() => run('INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)')),
    2102,
  );
  assert.deepEqual(rowsOf(run('SELECT id FROM t')), [{ id: 1 }]);
});

test('nothing is no statement, and nothing happens', () => {
  const run = open();
  for (const nothing of [' ', ';', ';;', '-- only this', '/* only this */', '/* not closed', '--'])
    assert.deepEqual(run(nothing), { rows: [], rowsAffected: 0, lastInsertId: 0 }, nothing);
});

test('values go with one statement, and none of those behind it is left out in silence', () => {
  const run = open();
  run('CREATE TABLE t (a)');
  assert.equal(run('INSERT INTO t VALUES (?); -- fine', 1).rowsAffected, 1);
  assert.throws(() => run('INSERT INTO t VALUES (?); DELETE FROM t', 1), {
    code: 2103,
    message: /^values go with one statement/,
  });
  assert.deepEqual(rowsOf(run('SELECT a FROM t')), [{ a: 1 }]);
});

test('values come as they were given, by their places or by $ and a number', () => {
  const run = open();
  const moment = new Date('2024-09-04T03:07:09.050Z');
  assert.deepEqual(
    rowsOf(run('SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f', null, true, 'ü\0x', 1.5, moment, 2n ** 40n)),
    [{ a: null, b: 1, c: 'ü\0x', d: 1.5, e: moment.toISOString(), f: 2 ** 40 }],
  );
  assert.deepEqual(rowsOf(run('SELECT $2 AS b, $1 AS a, $2 AS c', 'x', 'y')), [{ b: 'y', a: 'x', c: 'y' }]);
  const [row] = run('SELECT ? AS bytes', Buffer.from([0, 255])).rows;
  assert.deepEqual([...(row!['bytes'] as Uint8Array)], [0, 255]);
});

test('integers are exact: beyond those that a number holds they are BigInts', () => {
  const run = open();
  const [row] = run('SELECT 9007199254740991 AS safe, 9007199254740993 AS large, -9223372036854775808 AS least').rows;
  assert.deepEqual({ ...row }, { safe: Number.MAX_SAFE_INTEGER, large: 9_007_199_254_740_993n, least: -(2n ** 63n) });
});

test('RETURNING gives rows and counts as a change', () => {
  const run = open();
  run('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
  const answer = run('INSERT INTO t (name) VALUES (?), (?) RETURNING id', 'a', 'b');
  assert.deepEqual([rowsOf(answer), answer.rowsAffected, answer.lastInsertId], [[{ id: 1 }, { id: 2 }], 2, 2]);
});

test('a failure has the code of its kind', () => {
  const run = open();
  run('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, n INTEGER CHECK (n > 0))');
  run("INSERT INTO t VALUES (1, 'a', 1)");
  for (const [statement, code] of [
    ["INSERT INTO t VALUES (1, 'b', 1)", 2102],
    ["INSERT INTO t VALUES (2, 'a', 1)", 2102],
    ['INSERT INTO t VALUES (2, NULL, 1)', 2102],
    ["INSERT INTO t VALUES (2, 'b', 0)", 2102],
    ['SELEC 1', 2103],
    ['SELECT', 2103],
    ['SELECT * FROM absent', 2103],
    ['SELECT absent FROM t', 2103],
    ['INSERT INTO t (absent) VALUES (1)', 2103],
    ["SELECT '", 2103],
    ["ATTACH 'x.db' AS x", 2101],
  ] as const)
    assert.equal(
      codeOf(() => run(statement)),
      code,
      statement,
    );
});

test('a file is that of its name, with or without a scheme and what is behind a ?, and its tag is its whole path', () => {
  const file = path.join(folder, 'a b.db');
  const write = open(file);
  write('CREATE TABLE t (a); INSERT INTO t VALUES (7)');
  assert.deepEqual(rowsOf(open(`file:${file}?mode=ro`)('SELECT a FROM t')), [{ a: 7 }]);
  const urlOf = (dsn: string) => sqliteDriver.prepare(dsn, { textAsStrings: false }).url;
  assert.equal(urlOf('some.db'), `sqlite3:${path.resolve('some.db')}`);
  assert.equal(urlOf(':memory:'), 'sqlite3::memory:');
  for (const dsn of ['', 'file:', '?mode=memory'])
    assert.throws(() => urlOf(dsn), { message: 'name the file of the database, or :memory:' }, dsn);
});

test('a script has the file that it named and no other, by no statement', () => {
  const run = open(path.join(folder, 'own.db'));
  run('CREATE TABLE t (a)');
  for (const statement of [
    `ATTACH '${folder}/stolen.db' AS stolen`,
    `VACUUM INTO '${folder}/stolen.db'`,
    `SELECT 1; ATTACH '${folder}/stolen.db' AS stolen`,
    `/* hidden */ ATTACH '${folder}/stolen.db' AS stolen`,
  ])
    assert.ok([2101, 2100].includes(codeOf(() => run(statement))!), statement);
  assert.ok(!existsSync(path.join(folder, 'stolen.db')));
});

test('what is no database, or lies where nothing can, is said with its code', () => {
  const file = path.join(folder, 'text.db');
  writeFileSync(file, 'this is no database, and it is long enough to be looked at as one'.repeat(20));
  assert.equal(
    codeOf(() => open(file)('SELECT * FROM t')),
    2100,
  );
  assert.equal(
    codeOf(() => open(path.join(folder, 'none', 'a.db'))),
    2101,
  );
});

test('a file that another connection writes is waited for, and then said to be locked', () => {
  const file = path.join(folder, 'busy.db');
  const [one, two] = [open(file), open(file)];
  one('CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)');
  assert.equal(
    codeOf(() => two('INSERT INTO t VALUES (2)')),
    2104,
  );
  one('COMMIT');
  assert.equal(two('INSERT INTO t VALUES (2)').rowsAffected, 1);
});
