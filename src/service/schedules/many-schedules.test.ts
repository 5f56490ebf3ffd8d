// Many schedules that are due at once, and two servers that see them: each starts one run. A thousand of them with SIXFOLD_SCHEDULES=1000.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import type { Schedule } from '../api/documents.ts';
import { type ServerProcess, spawnServer } from '../server-process.fixture.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

/** More than a server takes at once. */
const SCHEDULES = Number(process.env['SIXFOLD_SCHEDULES'] ?? 250);

test('each of many schedules that are due starts one run', { skip: NO_POSTGRES }, async (t) => {
  const postgres = await spawnPostgres();
  const database = `postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-schedules-'));
  const service = await ServiceUnderTest.start({ database, cores: 1 });
  let other: ServerProcess | null = null;
  t.after(async () => {
    other?.child.kill('SIGKILL');
    await service.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { admin } = service;
  const { query } = service.service.database;
  // One run goes on for as long as the test takes: those that are started wait in the queue.
  const project = await service.project('Due', { parallelRuns: 1 });
  const made = await admin.makeTest(
    project.id,
    'long',
    `import { sleep } from 'k6'; export const options = { duration: '10m' }; export default function () { sleep(1); }`,
  );
  const { id } = await admin.post<{ id: string }>(`/tests/${made.id}/schedules`, { name: 's', cron: '0 0 1 1 *' });
  const row = await query.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const copies = Array.from({ length: SCHEDULES - 1 }, (_, i) => ({ ...row, id: `${id}-${i}`, name: `s${i}` }));
  for (let i = 0; i < copies.length; i += 200)
    await query
      .insertInto('schedule')
      .values(copies.slice(i, i + 200))
      .execute();
  other = await spawnServer({ folder, database }, ['--cores', '1']);
  await query
    .updateTable('schedule')
    .set({ next_ms: Date.now() - 1000 })
    .execute();
  await until(async () => {
    const left = await query.selectFrom('schedule').select('id').where('last_outcome', 'is', null).execute();
    return left.length === 0;
  }, 'all have been seen to');
  const outcomes = await query.selectFrom('schedule').select('last_outcome').distinct().execute();
  assert.deepEqual(
    outcomes.map(({ last_outcome }) => last_outcome),
    ['started'],
  );
  const runs = await query.selectFrom('run').select(['id', 'schedule_id']).execute();
  assert.equal(runs.length, SCHEDULES);
  assert.equal(new Set(runs.map(({ schedule_id }) => schedule_id)).size, SCHEDULES);
  const last = await admin.get<Schedule>(`/schedules/${id}`);
  assert.equal(runs.find((run) => run.schedule_id === id)?.id, last.lastRunId);
  // Nobody waits for those.
  await query.deleteFrom('run').where('state', '=', 'queued').execute();
});
