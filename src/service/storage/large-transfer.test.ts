// Ten thousand runs come from SQLite to PostgreSQL and back, and are the same.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import { openDatabase } from './database.ts';
import { FilledDatabase } from './filled-database.fixture.ts';
import { exportDatabase, importDatabase } from './transfer.ts';

const RUNS = 10_000;
const AT_ONCE = 500;

test('10,000 runs with results, files and logs: SQLite, PostgreSQL, SQLite', { skip: NO_POSTGRES }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-transfer-'));
  const postgres = await spawnPostgres();
  t.after(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true });
  });
  const first = await FilledDatabase.open();
  const { query } = first.database;
  for (let i = 0; i < RUNS; i += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, k) =>
      first.rowOf({
        state: 'passed',
        exit_code: 0,
        note: `build ${i + k}: "ü" \\ \n\t`,
        created_ms: 2 ** 41 + i + k,
        ended_ms: i % 2 === 0 ? null : i,
        headline: '{"iterations":1}',
        cluster: i === 0 ? Buffer.from([0, 1, 255]) : null,
      }),
    );
    await query.insertInto('run').values(rows).execute();
    const [row] = rows;
    const record = Buffer.from(Array.from({ length: 1000 }, (_, k) => (i + k) % 256));
    await query
      .insertInto('run_result')
      .values({ run_id: row!.id, record, seq: i, at_ms: i, summary: null, summary_json: '{}' })
      .execute();
    await query.insertInto('run_file').values({ run_id: row!.id, name: 'a/b.html', size: 3, data: record }).execute();
    await query
      .insertInto('run_log')
      .values({ run_id: row!.id, seq: 1, at_ms: i, level: 'info', message: `line ${i}`, fields: '{}' })
      .execute();
  }
  const file = (name: string): string => path.join(folder, name);
  const sums = [await exportDatabase(first.database, file('a.ndjson'))];
  assert.equal(sums[0]!['run']!.rows, RUNS);
  const second = await openDatabase(`postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`, folder);
  await second.migrate();
  sums.push(await importDatabase(second, file('a.ndjson')), await exportDatabase(second, file('b.ndjson')));
  const third = await openDatabase(file('third.db'), folder);
  await third.migrate();
  sums.push(await importDatabase(third, file('b.ndjson')));
  for (const later of sums.slice(1)) assert.deepEqual(later, sums[0]);
  const ids = await query.selectFrom('run').select('id').orderBy('id').execute();
  const run = (database: typeof third, index: number) =>
    database.query.selectFrom('run').selectAll().where('id', '=', ids[index]!.id).executeTakeFirstOrThrow();
  for (const index of [0, RUNS - 1]) {
    const { cluster, ...expected } = await run(first.database, index);
    const { cluster: came, ...rest } = await run(third, index);
    assert.deepEqual({ ...rest }, { ...expected });
    assert.deepEqual(came === null ? null : [...came], cluster === null ? null : [...cluster]);
  }
  for (const database of [first, second, third]) await database.close();
});
