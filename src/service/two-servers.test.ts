// Two servers on one PostgreSQL: each queued run is started once, also when one of them is killed.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../../test/end-to-end/until.ts';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../test/servers/spawn-databases.ts';
import type { LogLine, Run, Schedule } from './api/documents.ts';
import { type ServerProcess, spawnServer } from './server-process.fixture.ts';
import { OVER, ServiceUnderTest } from './service-under-test.fixture.ts';

let postgres: DatabaseServer;
let service: ServiceUnderTest;
let database: string;
let folder: string;
const children: ChildProcess[] = [];

before(async () => {
  if (NO_POSTGRES !== false) return;
  postgres = await spawnPostgres();
  database = `postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`;
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-servers-'));
  service = await ServiceUnderTest.start({ database, cores: 1 });
});
after(async () => {
  if (NO_POSTGRES !== false) return;
  for (const child of children) child.kill('SIGKILL');
  await service.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts another server. */
async function spawnOther(name: string): Promise<ServerProcess> {
  const other = await spawnServer({ folder: path.join(folder, name), database }, ['--cores', '1']);
  children.push(other.child);
  return other;
}

test('of many runs that two servers see each is started once, and both take part', { skip: NO_POSTGRES }, async () => {
  const { admin } = service;
  const other = await spawnOther('second');
  const project = await service.project('Many', { parallelRuns: 10 });
  const made = await admin.makeTest(project.id, 'one', 'export default function () { console.log("once"); }');
  const runs = await Promise.all(Array.from({ length: 8 }, () => admin.post<Run>(`/tests/${made.id}/runs`, {})));
  const leaders = new Set<string | null>();
  for (const { id } of runs) {
    const run = await admin.waitFor(id, ...OVER);
    assert.equal(run.state, 'passed', run.reason ?? '');
    const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
    assert.equal(lines.length, 1, 'it has run once');
    const row = await service.service.database.query
      .selectFrom('run')
      .select('leader')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    leaders.add(row.leader);
  }
  assert.equal(leaders.size, 2);
  // What the other server leads is followed and steered from here too.
  const long = await admin.makeTest(
    project.id,
    'long',
    `import { sleep } from 'k6'; export const options = { duration: '5m' }; export default function () { sleep(0.1); }`,
  );
  const started: Run[] = [];
  const ledThere = async () => {
    const rows = await service.service.database.query
      .selectFrom('run')
      .select(['id', 'leader'])
      .where('state', '=', 'running')
      .execute();
    const own = new Set(service.service.led().map(({ row }) => row.id));
    return rows.find(({ id }) => !own.has(id))?.id ?? null;
  };
  for (let i = 0; i < 2; i++) started.push(await admin.post<Run>(`/tests/${long.id}/runs`, {}));
  await until(async () => (await ledThere()) !== null, 'the other server leads a run');
  const there = (await ledThere())!;
  const followed = await fetch(`${admin.url}/runs/${there}/events`, { headers: { cookie: admin.cookie! } });
  let text = '';
  const reading = (async () => {
    for await (const part of followed.body!) text += Buffer.from(part).toString();
  })();
  await until(
    async () => (await admin.call('GET', `/runs/${there}/timeline`)).status === 200,
    'the run so far can be read',
  );
  await until(() => /event: cells\n/.test(text), 'its events come');
  await admin.expect('POST', `/runs/${there}/orders`, { action: 'stop' });
  assert.equal((await admin.waitFor(there, ...OVER)).exitCode, 103);
  await reading;
  assert.match(text, /event: cells\n[\s\S]*event: end\n/);
  for (const { id } of started)
    if (id !== there) {
      await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
      await admin.waitFor(id, ...OVER);
    }
  other.child.kill('SIGTERM');
  await once(other.child, 'exit');
});

test('a server that is killed loses its run, which says what is kept, and no other is lost or run twice', {
  skip: NO_POSTGRES,
}, async () => {
  const { admin, service: first } = service;
  const project = await service.project('Killed', { parallelRuns: 10 });
  const long = await admin.makeTest(
    project.id,
    'long',
    `import { sleep } from 'k6'; export const options = { duration: '5m' }; export default function () { sleep(0.1); }`,
  );
  // This server is full, so the other one gets the second.
  const own = await admin.post<Run>(`/tests/${long.id}/runs`, {});
  await admin.waitFor(own.id, 'running');
  const other = await spawnOther('third');
  const lost = await admin.post<Run>(`/tests/${long.id}/runs`, {});
  await admin.waitFor(lost.id, 'running');
  assert.deepEqual(
    first.led().map(({ row }) => row.id),
    [own.id],
  );
  await until(
    async () => (await admin.call('GET', `/runs/${lost.id}/timeline`)).status === 200,
    'something of it is kept',
  );
  const short = await admin.makeTest(project.id, 'short', 'export default function () { console.log("once"); }');
  const waiting = await admin.post<Run>(`/tests/${short.id}/runs`, {});
  other.child.kill('SIGKILL');
  const run = await admin.waitFor(lost.id, ...OVER);
  assert.deepEqual([run.state, run.exitCode], ['error', 109]);
  assert.match(run.reason!, /the server that ran it has ended before the run did: what was measured until \S+ is kept/);
  assert.equal((await admin.call('GET', `/runs/${lost.id}/report`)).status, 200);
  // On its own machine lies all that the run had measured: it counts once a server is there again.
  const again = await spawnOther('third');
  await until(async () => {
    const { state, reason } = await admin.get<Run>(`/runs/${lost.id}`);
    return state === 'error' && /ended before the run did: its load ended with the server, and what/.test(reason!);
  }, 'the rest is found');
  // It has room for what waits, and would break it off.
  assert.equal((await admin.waitFor(waiting.id, ...OVER)).state, 'passed');
  again.child.kill('SIGTERM');
  await once(again.child, 'exit');
  await admin.expect('POST', `/runs/${own.id}/orders`, { action: 'stop' });
  await admin.waitFor(own.id, 'aborted');
  const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${waiting.id}/logs`);
  assert.equal(lines.length, 1);
});

test('a schedule that two servers see starts one run', { skip: NO_POSTGRES }, async () => {
  const { admin } = service;
  await Promise.all([spawnOther('fourth'), spawnOther('fifth')]);
  const project = await service.project('Due', { parallelRuns: 10 });
  const made = await admin.makeTest(project.id, 'one', 'export default function () {}');
  const schedules = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      admin.post<Schedule>(`/tests/${made.id}/schedules`, { name: `s${i}`, cron: '0 0 1 1 *' }),
    ),
  );
  await service.service.database.query
    .updateTable('schedule')
    .set({ next_ms: Date.now() - 1000 })
    .where('test_id', '=', made.id)
    .execute();
  const find = () =>
    service.service.database.query
      .selectFrom('run')
      .select(['id', 'schedule_id', 'state'])
      .where('test_id', '=', made.id)
      .execute();
  await until(async () => {
    const runs = await find();
    return runs.length >= 5 && runs.every(({ state }) => state === 'passed');
  }, 'all have run');
  const runs = await find();
  assert.deepEqual(runs.map(({ schedule_id }) => schedule_id).sort(), schedules.map(({ id }) => id).sort());
});
