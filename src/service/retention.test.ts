// What goes when its time is over, and what stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceContext } from './context.ts';
import { Retention } from './retention.ts';
import { type FilledDatabase, onBothDatabases, PERSON } from './storage/filled-database.fixture.ts';

const DAY_MS = 86_400_000;
const ago = (days: number): number => Date.now() - days * DAY_MS;

onBothDatabases((name, open) => {
  const clean = (what: string, work: (filled: FilledDatabase, clean: () => Promise<void>) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      const errors: string[] = [];
      const log = (_level: string, message: string): void => void errors.push(message);
      const context = { database: filled.database, log } as Partial<ServiceContext> as ServiceContext;
      try {
        await work(filled, () => new Retention(context).clean());
        assert.deepEqual(errors, []);
      } finally {
        await filled.close();
      }
    });

  async function addFullRun(
    filled: FilledDatabase,
    days: number,
    more: object = {},
    project = 'shop',
  ): Promise<string> {
    const run_id = await filled.addRun({ state: 'passed', ended_ms: ago(days), ...more }, project);
    const { query } = filled.database;
    const kept = { run_id, record: Buffer.from('r'), seq: 1, at_ms: 1, summary: null, summary_json: null };
    await query.insertInto('run_result').values(kept).execute();
    await query
      .insertInto('run_file')
      .values({ run_id, name: 'a', size: 1, data: Buffer.from('f') })
      .execute();
    await query
      .insertInto('run_log')
      .values({ run_id, seq: 1, at_ms: 1, level: 'info', message: 'a', fields: '{}' })
      .execute();
    await query.insertInto('run_event').values({ run_id, seq: 1, at_ms: 1, type: 'end', data: '{}' }).execute();
    await query
      .insertInto('run_order')
      .values({ id: `o${run_id}`, run_id, at_ms: 1, body: '{}', outcome: '{}' })
      .execute();
    return run_id;
  }
  const keptOf = async (
    { database: { query } }: FilledDatabase,
    table: 'run_result' | 'run_file' | 'run_log' | 'run_event' | 'run_order',
  ) => (await query.selectFrom(table).select('run_id').orderBy('run_id').execute()).map(({ run_id }) => run_id);
  const TABLES = ['run_result', 'run_file', 'run_log', 'run_event', 'run_order'] as const;

  clean('what was measured goes after the days of its project, and the row of the run stays', async (filled, run) => {
    await filled.addProject('short', 10, 2);
    const [old, young] = [await addFullRun(filled, 3, {}, 'short'), await addFullRun(filled, 1, {}, 'short')];
    const other = await addFullRun(filled, 3);
    await run();
    for (const table of TABLES) assert.deepEqual(await keptOf(filled, table), [young, other].sort(), table);
    assert.equal((await filled.run(old)).state, 'passed');
  });

  clean('pinned ones, baselines and runs in progress keep all', async (filled, run) => {
    const ids = [
      await addFullRun(filled, 99, { is_pinned: 1 }),
      await addFullRun(filled, 99),
      await addFullRun(filled, 99, { ended_ms: null, state: 'running' }),
    ];
    await filled.database.query.updateTable('test').set({ baseline_run_id: ids[1]! }).execute();
    await run();
    for (const table of TABLES) assert.deepEqual(await keptOf(filled, table), [...ids].sort(), table);
  });

  clean('many go in several rounds', async (filled, run) => {
    const rows = Array.from({ length: 250 }, () => filled.rowOf({ state: 'passed', ended_ms: ago(99) }));
    const { query } = filled.database;
    await query.insertInto('run').values(rows).execute();
    const line = { seq: 1, at_ms: 1, level: 'info', message: 'a', fields: '{}' };
    await query
      .insertInto('run_log')
      .values(rows.map(({ id }) => ({ ...line, run_id: id })))
      .execute();
    await run();
    assert.deepEqual(await keptOf(filled, 'run_log'), []);
    assert.equal((await query.selectFrom('run').select('id').execute()).length, 250);
  });

  clean('what lets in goes when it has expired; what has no end stays', async (filled, run) => {
    const { query } = filled.database;
    const credential = {
      kind: 'token' as const,
      user_id: PERSON,
      project_id: null,
      name: '',
      prefix: '',
      scopes: '[]',
    };
    for (const [id, expires_ms] of [
      ['expired', ago(0.001)],
      ['good', ago(-1)],
      ['endless', null],
    ] as const)
      await query
        .insertInto('credential')
        .values({ ...credential, id, digest: id, expires_ms, created_ms: 1, used_ms: null })
        .execute();
    await run();
    const left = await query.selectFrom('credential').select('id').orderBy('id').execute();
    assert.deepEqual(
      left.map(({ id }) => id),
      ['endless', 'good'],
    );
  });

  clean('the audit log is kept for a year, keys for a day, servers until they are forgotten', async (filled, run) => {
    const { query } = filled.database;
    const entry = { user_id: null, actor: 'a', action: 'x', object: 'y', project_id: null, detail: '', address: '' };
    for (const [id, days, unseen] of [
      ['old', 366, 1.1],
      ['new', 364, 0.9],
    ] as const) {
      await query
        .insertInto('audit')
        .values({ ...entry, id, at_ms: ago(days) })
        .execute();
      await query
        .insertInto('server')
        .values({ id, name: id, cores: 1, started_ms: 1, seen_ms: ago(unseen) })
        .execute();
    }
    const run_id = await filled.addRun();
    for (const [key, days] of [
      ['old', 1.1],
      ['new', 0.9],
    ] as const)
      await query
        .insertInto('idempotency')
        .values({ key, digest: 'd', run_id, created_ms: ago(days) })
        .execute();
    await run();
    for (const [table, column] of [
      ['audit', 'id'],
      ['idempotency', 'key'],
      ['server', 'id'],
    ] as const) {
      const left = await query
        .selectFrom(table)
        .select(column as never)
        .execute();
      assert.deepEqual(
        left.map((row) => Object.values(row)[0]),
        ['new'],
        table,
      );
    }
  });

  clean('messages that are delivered go after a month, those that wait stay', async (filled, run) => {
    const { query } = filled.database;
    const hook = {
      id: 'hook',
      project_id: 'shop',
      url: 'http://x/',
      events: '[]',
      sealed: Buffer.from(''),
      is_enabled: 1,
    };
    await query
      .insertInto('webhook')
      .values({ ...hook, created_ms: 1 })
      .execute();
    const message = {
      webhook_id: 'hook',
      event: 'run.passed',
      body: '{}',
      attempts: 1,
      next_ms: 0,
      status: null,
      problem: null,
    };
    for (const [id, state, days] of [
      ['old', 'delivered', 31],
      ['given up', 'given-up', 31],
      ['waiting', 'waiting', 31],
      ['young', 'delivered', 29],
    ] as const)
      await query
        .insertInto('webhook_delivery')
        .values({ ...message, id, state, created_ms: ago(days) })
        .execute();
    await run();
    const left = await query.selectFrom('webhook_delivery').select('id').orderBy('id').execute();
    assert.deepEqual(
      left.map(({ id }) => id),
      ['waiting', 'young'],
    );
  });

  clean('files of versions that are gone go', async (filled, run) => {
    const { query } = filled.database;
    await query
      .insertInto('blob')
      .values({ digest: 'unused', size: 1, data: Buffer.from('x') })
      .execute();
    await run();
    const left = await query.selectFrom('blob').select('digest').execute();
    assert.deepEqual(
      left.map(({ digest }) => digest),
      ['d1'],
    );
  });
});
