// What becomes of a schedule that is due.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Selectable } from 'kysely';
import type { ServiceContext } from '../context.ts';
import { type FilledDatabase, onBothDatabases } from '../storage/filled-database.fixture.ts';
import type { ScheduleTable } from '../storage/tables.ts';
import { Scheduler } from './scheduler.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE_MS = 60_000;

type ScheduleRow = Selectable<ScheduleTable>;

onBothDatabases((name, open) => {
  const due = (
    what: string,
    work: (
      filled: FilledDatabase,
      add: (given?: Partial<ScheduleRow>) => Promise<void>,
      look: (now?: number) => Promise<void>,
    ) => Promise<void>,
  ) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      const { database } = filled;
      const errors: string[] = [];
      const log = (_level: string, message: string): void => void errors.push(message);
      const context = {
        database,
        cores: 2,
        nats: null,
        wake: () => {},
        log,
      } as Partial<ServiceContext> as ServiceContext;
      const add = async (given: Partial<ScheduleRow> = {}): Promise<void> => {
        const row: ScheduleRow = {
          id: 's',
          project_id: 'shop',
          test_id: 'shop-test',
          name: 'hourly',
          cron: '0 * * * *',
          time_zone: 'UTC',
          overlap: 'skip',
          is_enabled: 1,
          parameters: '{"A":"1"}',
          options: '{}',
          next_ms: NOON,
          last_ms: null,
          last_outcome: null,
          last_run_id: null,
          created_ms: 1,
          created_by: 'ann',
          ...given,
        };
        await database.query.insertInto('schedule').values(row).execute();
      };
      try {
        await work(filled, add, (now = NOON) => new Scheduler(context, () => now).look());
        assert.deepEqual(errors, []);
      } finally {
        await filled.close();
      }
    });
  const read = ({ database }: FilledDatabase) =>
    database.query.selectFrom('schedule').selectAll().executeTakeFirstOrThrow();
  const runsOf = ({ database }: FilledDatabase) => database.query.selectFrom('run').selectAll().orderBy('id').execute();

  due('it starts a run with its parameters, and is due an hour later', async (filled, add, look) => {
    await add();
    await look(NOON + 500);
    const [run, ...rest] = await runsOf(filled);
    assert.deepEqual(
      [run?.state, run?.origin, run?.created_by, run?.schedule_id, run?.parameters, rest.length],
      ['queued', 'schedule', 'schedule hourly', 's', '{"A":"1"}', 0],
    );
    const { next_ms, last_ms, last_outcome, last_run_id } = await read(filled);
    assert.deepEqual([next_ms, last_ms, last_outcome, last_run_id], [NOON + 60 * MINUTE_MS, NOON, 'started', run!.id]);
    const audit = await filled.database.query.selectFrom('audit').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([audit.action, audit.actor], ['schedule.run', 'schedule hourly']);
  });

  due('before its time, and while it is off, it starts nothing', async (filled, add, look) => {
    await add();
    await look(NOON - 1);
    await add({ id: 'off', is_enabled: 0 });
    await filled.database.query.updateTable('schedule').set({ is_enabled: 0 }).execute();
    await look(NOON + 1);
    assert.deepEqual(await runsOf(filled), []);
  });

  due(
    'within ten minutes it is late, and runs; after that it is missed, and says when it was due',
    async (filled, add, look) => {
      await add();
      await look(NOON + 10 * MINUTE_MS);
      assert.equal((await read(filled)).last_outcome, 'started');
      await filled.database.query.updateTable('run').set({ state: 'passed' }).execute();
      await look(NOON + 71 * MINUTE_MS);
      const { last_outcome, next_ms } = await read(filled);
      assert.equal(last_outcome, 'missed: it was due at 2026-06-01T13:00:00.000Z, and no server ran');
      assert.equal(next_ms, NOON + 120 * MINUTE_MS);
      assert.equal((await runsOf(filled)).length, 1);
    },
  );

  due('of many that were missed the last one alone is said: it comes once', async (filled, add, look) => {
    await add();
    await look(NOON + 30 * 60 * MINUTE_MS);
    assert.equal((await read(filled)).next_ms, NOON + 31 * 60 * MINUTE_MS);
    assert.deepEqual(await runsOf(filled), []);
  });

  due('while its last run is not over it skips, or queues another one', async (filled, add, look) => {
    await add();
    await look();
    await look(NOON + 60 * MINUTE_MS);
    const [first] = await runsOf(filled);
    assert.equal((await read(filled)).last_outcome, `skipped: the run ${first!.id} was not over`);
    assert.equal((await read(filled)).last_run_id, first!.id);
    await filled.database.query.updateTable('schedule').set({ overlap: 'queue' }).execute();
    await look(NOON + 120 * MINUTE_MS);
    assert.equal((await runsOf(filled)).length, 2);
  });

  due('a run that somebody else started is none of its own', async (filled, add, look) => {
    await filled.addRun({ state: 'running' });
    await add();
    await look();
    assert.equal((await read(filled)).last_outcome, 'started');
  });

  due('what cannot be started says why, and it goes on', async (filled, add, look) => {
    await filled.database.query.updateTable('test').set({ latest_version: 0 }).execute();
    await add();
    await look();
    assert.match((await read(filled)).last_outcome!, /^not started: the test checkout has no version yet/);
    assert.equal((await read(filled)).next_ms, NOON + 60 * MINUTE_MS);
  });

  due('one that is due for the last time has no next time', async (filled, add, look) => {
    await add({ cron: '0 0 12 1 6 * 2026' });
    await look();
    const { next_ms, last_outcome } = await read(filled);
    assert.deepEqual([next_ms, last_outcome], [null, 'started']);
    await look(NOON + 60 * MINUTE_MS);
    assert.equal((await runsOf(filled)).length, 1);
  });

  due('however many look at the same time, it starts one run', async (filled, add, look) => {
    for (let i = 0; i < 5; i++) await add({ id: `s${i}`, overlap: 'queue' });
    await Promise.all([look(), look(), look(), look()]);
    const runs = await runsOf(filled);
    assert.deepEqual(runs.map(({ schedule_id }) => schedule_id).sort(), ['s0', 's1', 's2', 's3', 's4']);
  });
});
