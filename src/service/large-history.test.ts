// Ten thousand runs: lists and searches stay fast.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Project, Run, Test } from './api/documents.ts';
import { ServiceUnderTest } from './service-under-test.fixture.ts';
import { newId } from './storage/new-id.ts';

const RUNS = 10_000;
/** In ms of this process' processor, which does everything but wait: other programs make it no slower. */
const MOST_MS = 50;

let service: ServiceUnderTest;
let project: Project;
let made: Test;

before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Large');
  made = await service.admin.makeTest(project.id, 'checkout', 'export default function () {}');
  const { id } = await service.admin.post<Run>(`/tests/${made.id}/runs`, {});
  await service.admin.waitFor(id, 'passed');
  const { query } = service.service.database;
  const row = await query.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const reason = `thresholds on metrics 'http_req_duration' have been crossed ${'x'.repeat(200)}`;
  await query.transaction().execute(async (transaction) => {
    for (let i = 0; i < RUNS; i += 100)
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
});
after(() => service.stop());

async function measure(place: string): Promise<{ page: Page<Run>; ms: number }> {
  let best = Number.POSITIVE_INFINITY;
  let page: Page<Run> = { items: [], next: null };
  for (let i = 0; i < 5; i++) {
    const begun = process.cpuUsage();
    page = await service.admin.get<Page<Run>>(place);
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / 1000);
  }
  return { page, ms: best };
}

test('the first and the last page, those of a test and of a state, and what is searched come within 50 ms', async (t) => {
  const runs = `/projects/${project.id}/runs`;
  const all = await service.service.database.query.selectFrom('run').select('id').orderBy('id').execute();
  for (const [name, place, count] of [
    ['first page', `${runs}?limit=100`, 100],
    ['last page', `${runs}?after=${all[50]!.id}`, 20],
    ['of a test', `${runs}?test=${made.id}`, 20],
    ['of a state', `${runs}?state=passed`, 1],
    ['search that finds one', `${runs}?search=${encodeURIComponent('BUILD 77')}&limit=100`, 100],
    ['search that finds none', `${runs}?search=nothing-of-the-kind`, 0],
    ['trend', `/tests/${made.id}/trend?limit=200`, 200],
  ] as const) {
    const { page, ms } = await measure(place);
    t.diagnostic(`${name}: ${ms.toFixed(1)} ms`);
    const items = page.items ?? (page as unknown as { points: unknown[] }).points;
    assert.equal(items.length, count, name);
    assert.ok(ms < MOST_MS, `${name} takes ${ms.toFixed(1)} ms`);
  }
});
