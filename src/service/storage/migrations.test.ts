// Each version of the schema leads up and down, with what people have made in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { onBothDatabases } from './filled-database.fixture.ts';

onBothDatabases((name, open) => {
  test(`${name}: a version back keeps what that version knows, and the way up brings the rest as it is when new`, async () => {
    const filled = await open();
    try {
      const { database } = filled;
      const id = await filled.addRun({ state: 'passed', exit_code: 0, begun_ms: 5, reporter: 'ann', note: 'kept' });
      await database.query
        .insertInto('run_file')
        .values({ run_id: id, name: 'a.html', size: 1, data: Buffer.from('x') })
        .execute();
      await database.query.updateTable('project').set({ allowed_targets: '["a.example"]' }).execute();
      await database.migrate('0001-first');
      await assert.rejects(database.query.selectFrom('project').select('allowed_targets').execute(), /allowed_targets/);
      await assert.rejects(database.query.selectFrom('run_file').selectAll().execute(), /run_file/);
      await assert.rejects(database.query.selectFrom('run').select('begun_ms').execute(), /begun_ms/);
      const { rows } = await sql<{ note: string }>`select * from run where id = ${id}`.execute(database.query);
      assert.deepEqual(
        rows.map((row) => [row.note, 'begun_ms' in row]),
        [['kept', false]],
      );
      await database.migrate();
      const again = await filled.run(id);
      assert.deepEqual([again.note, again.begun_ms, again.reporter], ['kept', null, null]);
      assert.deepEqual(await database.query.selectFrom('run_file').selectAll().execute(), []);
      const projects = await database.query.selectFrom('project').select('allowed_targets').execute();
      assert.deepEqual(
        projects.map((project) => project.allowed_targets),
        [null],
      );
    } finally {
      await filled.close();
    }
  });

  test(`${name}: rows go with what they belong to, and a file that a version needs cannot go`, async () => {
    const filled = await open();
    try {
      const { query } = filled.database;
      const run_id = await filled.addRun();
      await query
        .insertInto('run_log')
        .values({ run_id, seq: 1, at_ms: 1, level: 'info', message: 'a', fields: '{}' })
        .execute();
      await query
        .insertInto('run_file')
        .values({ run_id, name: 'a', size: 1, data: Buffer.from('x') })
        .execute();
      await assert.rejects(query.deleteFrom('blob').execute(), /foreign key/i);
      await query.deleteFrom('project').where('id', '=', 'shop').execute();
      for (const table of ['test', 'test_version', 'run', 'run_log', 'run_file'] as const)
        assert.deepEqual(await query.selectFrom(table).selectAll().execute(), [], table);
      await query.deleteFrom('blob').execute();
    } finally {
      await filled.close();
    }
  });

  test(`${name}: numbers beyond 32 bits and octets come back as they were`, async () => {
    const filled = await open();
    try {
      const id = await filled.addRun({ created_ms: 2 ** 52 + 1, cluster: Buffer.from([0, 255, 1]) });
      const { created_ms, cluster } = await filled.run(id);
      assert.equal(created_ms, 2 ** 52 + 1);
      assert.deepEqual([...cluster!], [0, 255, 1]);
    } finally {
      await filled.close();
    }
  });

  test(`${name}: what fails in a transaction leaves nothing`, async () => {
    const filled = await open();
    try {
      const { database } = filled;
      const row = filled.rowOf();
      const failing = database.transact(async (transaction) => {
        await transaction.insertInto('run').values(row).execute();
        throw new Error('half way');
      });
      await assert.rejects(failing, /half way/);
      assert.deepEqual(await database.query.selectFrom('run').selectAll().execute(), []);
    } finally {
      await filled.close();
    }
  });
});
