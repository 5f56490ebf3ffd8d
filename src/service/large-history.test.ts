// Ten thousand runs: lists and searches stay fast, on both databases.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../test/servers/spawn-databases.ts';
import type { Page, Project, Run, Test } from './api/documents.ts';
import { ServiceUnderTest } from './service-under-test.fixture.ts';
import type { Database } from './storage/database.ts';
import { newId } from './storage/new-id.ts';

const RUNS = 10_000;
/** What a page of a hundred takes where there are no more than these, in ms of processors, is the measure of the machine. */
const FEW = 100;
/** So many times that may a list take, and a search, which looks at all of them. */
const MOST = { list: 7, search: 25 };
/** The system counts the time of a process in hundredths of a second, so that of PostgreSQL is taken over so many requests. */
const REQUESTS = 10;
const TICK_MS = 10;
const ROUNDS = 3;

/** @returns ms of processors that this process and the database's have used so far */
async function usedMs({ kind, query }: Database): Promise<number> {
  const { user, system } = process.cpuUsage();
  let used = (user + system) / 1000;
  if (kind === 'sqlite' || process.platform !== 'linux') return used;
  const { rows } = await sql<{
    pid: number;
  }>`select pid from pg_stat_activity where application_name = 'sixfold server'`.execute(query);
  for (const { pid } of rows) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    used += (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }
  return used;
}

function describeHistory(name: string, open: () => Promise<string | null>): void {
  describe(name, () => {
    let service: ServiceUnderTest | null = null;
    after(() => service?.stop());

    test('the first and the last page, those of a test and of a state, and what is searched take hardly longer than among a hundred', async (t) => {
      service = await ServiceUnderTest.start({ database: await open() });
      const small = await fill(service, 'Small', FEW);
      const { project, made } = await fill(service, 'Large', RUNS);
      const runs = `/projects/${project.id}/runs`;
      const { database } = service.service;
      const ofLarge = database.query.selectFrom('run').where('project_id', '=', project.id);
      const all = await ofLarge.select('id').orderBy('id').execute();
      const few = await measure(service, `/projects/${small.project.id}/runs?limit=100`);
      for (const [what, place, count, most] of [
        ['first page', `${runs}?limit=100`, 100, MOST.list],
        ['last page', `${runs}?after=${all[50]!.id}`, 20, MOST.list],
        ['of a test', `${runs}?test=${made.id}`, 20, MOST.list],
        ['of a state', `${runs}?state=passed`, 1, MOST.list],
        ['search that finds one', `${runs}?search=${encodeURIComponent('BUILD 77')}&limit=100`, 100, MOST.search],
        ['search that finds none', `${runs}?search=nothing-of-the-kind`, 0, MOST.search],
        ['trend', `/tests/${made.id}/trend?limit=200`, 200, MOST.list],
      ] as const) {
        const { page, ms } = await measure(service, place);
        const said = `${what}: ${ms.toFixed(1)} ms, ${(ms / few.ms).toFixed(2)} times what a page among ${FEW} takes`;
        t.diagnostic(said);
        const items = page.items ?? (page as unknown as { points: unknown[] }).points;
        assert.equal(items.length, count, what);
        assert.ok(ms < most * few.ms, said);
      }
    });
  });
}

/** Makes a project with so many runs beside the one that was made as users make it. */
async function fill(service: ServiceUnderTest, name: string, runs: number): Promise<{ project: Project; made: Test }> {
  const project = await service.project(name);
  const made = await service.admin.makeTest(project.id, 'checkout', 'export default function () {}');
  const { id } = await service.admin.post<Run>(`/tests/${made.id}/runs`, {});
  await service.admin.waitFor(id, 'passed');
  const { query } = service.service.database;
  const row = await query.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const reason = `thresholds on metrics 'http_req_duration' have been crossed ${'x'.repeat(200)}`;
  await query.transaction().execute(async (transaction) => {
    for (let i = 0; i < runs; i += 100)
      await transaction
        .insertInto('run')
        .values(
          Array.from({ length: 100 }, (_, k) => ({
            ...row,
            id: newId(),
            note: `build ${i + k}`,
            state: 'failed' as const,
            exit_code: 99,
            reason,
          })),
        )
        .execute();
  });
  return { project, made };
}

/** @returns the least of some rounds, for one request */
async function measure({ service, admin }: ServiceUnderTest, place: string): Promise<{ page: Page<Run>; ms: number }> {
  let best = Number.POSITIVE_INFINITY;
  let page: Page<Run> = { items: [], next: null };
  for (let i = 0; i < ROUNDS; i++) {
    const begun = await usedMs(service.database);
    for (let k = 0; k < REQUESTS; k++) page = await admin.get<Page<Run>>(place);
    best = Math.min(best, ((await usedMs(service.database)) - begun) / REQUESTS);
  }
  return { page, ms: best };
}

describeHistory('SQLite', async () => null);
if (NO_POSTGRES === false) {
  let server: DatabaseServer | null = null;
  describeHistory('PostgreSQL', async () => {
    server = await spawnPostgres();
    return `postgres://ann:s3cret@127.0.0.1:${server.port}/postgres`;
  });
  after(() => server?.stop());
} else test('PostgreSQL', { skip: NO_POSTGRES }, () => {});
