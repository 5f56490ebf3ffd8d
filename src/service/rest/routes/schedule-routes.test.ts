// Schedules by their routes. What they start and skip is tried by the scheduler.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Project, Schedule, Test } from '../../api/documents.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';

let service: ServiceUnderTest;
let project: Project;
let made: Test;
before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Schedules');
  made = await service.admin.post<Test>(`/projects/${project.id}/tests`, { name: 'one' });
});
after(() => service.stop());

const create = (body: object) => service.admin.call('POST', `/tests/${made.id}/schedules`, body);

test('a schedule that says nothing else is in UTC, on, and skips where a run of it goes on', async () => {
  const { status, body } = await create({ name: 'nightly', cron: '30 2 * * *' });
  const { id, nextAtMs, createdAtMs, ...rest } = body as Schedule;
  assert.equal(status, 201);
  assert.deepEqual(rest, {
    projectId: project.id,
    testId: made.id,
    name: 'nightly',
    cron: '30 2 * * *',
    timeZone: 'UTC',
    overlap: 'skip',
    isEnabled: true,
    parameters: {},
    options: {},
    lastAtMs: null,
    lastOutcome: null,
    lastRunId: null,
    createdBy: 'ann@example.com',
  });
  const next = new Date(nextAtMs!);
  assert.deepEqual([next.getUTCHours(), next.getUTCMinutes(), next.getUTCSeconds()], [2, 30, 0]);
  assert.ok(nextAtMs! > createdAtMs && nextAtMs! - createdAtMs <= 86_400_000);
  assert.deepEqual(await service.admin.get<Schedule>(`/schedules/${id}`), body);
});

test('when it is due is said in the time zone that it is given, and is found anew when that changes', async () => {
  const { body } = await create({ name: 'local', cron: '0 12 * * *', timeZone: 'Asia/Kathmandu' });
  const hourOf = (ms: number, timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(ms);
  assert.equal(hourOf(body.nextAtMs, 'Asia/Kathmandu'), '12:00');
  assert.equal(hourOf(body.nextAtMs, 'UTC'), '06:15', 'a zone of three quarters of an hour');
  const moved = await service.admin.expect('PATCH', `/schedules/${body.id}`, { timeZone: 'America/Lima' });
  assert.equal(hourOf(moved.body.nextAtMs, 'UTC'), '17:00');
});

test('one that is off is never due, keeps what it says, and is due again when it is on', async () => {
  const { body } = await create({ name: 'off', cron: '0 0 * * *', isEnabled: false });
  assert.deepEqual([body.isEnabled, body.nextAtMs], [false, null]);
  const on = (await service.admin.expect('PATCH', `/schedules/${body.id}`, { isEnabled: true })).body as Schedule;
  assert.ok(on.nextAtMs! > Date.now());
  assert.equal(on.cron, '0 0 * * *');
  const off = (await service.admin.expect('PATCH', `/schedules/${body.id}`, { isEnabled: false })).body as Schedule;
  assert.equal(off.nextAtMs, null);
});

test('a change changes what it names and leaves the rest', async () => {
  const { body } = await create({ name: 'a', cron: '0 0 * * 1', parameters: { A: '1' }, options: { vus: 2 } });
  const { nextAtMs, ...was } = body as Schedule;
  const changed = (await service.admin.expect('PATCH', `/schedules/${body.id}`, { overlap: 'queue' })).body as Schedule;
  assert.deepEqual(changed, { ...was, overlap: 'queue', nextAtMs });
  const replaced = (await service.admin.expect('PATCH', `/schedules/${body.id}`, { parameters: { B: '2' } })).body;
  assert.deepEqual([replaced.parameters, replaced.options], [{ B: '2' }, { vus: 2 }]);
});

test('what could never start a run, or never the one that is meant, is refused, made or changed', async () => {
  const { body: kept } = await create({ name: 'kept', cron: '0 0 * * *' });
  for (const [part, status] of [
    [{ cron: '' }, 400],
    [{ cron: '60 0 * * *' }, 422],
    [{ cron: '* * * *' }, 422],
    [{ cron: '0 0 30 2 *' }, 422],
    [{ cron: '*/30 * * * * *' }, 422],
    [{ cron: '0 0 * * *', timeZone: '' }, 400],
    [{ cron: '0 0 * * *', timeZone: 'Europe/Atlantis' }, 422],
    [{ cron: '0 0 * * *', overlap: 'both' }, 400],
    [{ cron: '0 0 * * *', parameters: { '1': 'x' } }, 400],
    [{ cron: '0 0 * * *', options: { vus: 'many' } }, 422],
    [{ cron: '0 0 * * *', options: { thresholds: { checks: ['rate>>1'] } } }, 422],
    [{ cron: '0 0 * * *', name: '' }, 400],
  ] as const) {
    const what = JSON.stringify(part);
    assert.equal((await create({ name: 'wrong', ...part })).status, status, what);
    assert.equal((await service.admin.call('PATCH', `/schedules/${kept.id}`, part)).status, status, what);
  }
  assert.deepEqual(await service.admin.get<Schedule>(`/schedules/${kept.id}`), kept);
  assert.equal((await create({ cron: '0 0 * * *' })).status, 400, 'a name is needed');
});

test('schedules are listed by project and by test, and go one by one', async () => {
  const other = await service.admin.post<Test>(`/projects/${project.id}/tests`, { name: 'two' });
  const ids: string[] = [];
  for (const name of ['x', 'y'])
    ids.unshift((await service.admin.post<Schedule>(`/tests/${other.id}/schedules`, { name, cron: '0 0 * * *' })).id);
  const list = async (query = '') =>
    (await service.admin.get<Page<Schedule>>(`/projects/${project.id}/schedules${query}`)).items.map(({ id }) => id);
  assert.deepEqual(await list(`?test=${other.id}`), ids, 'the latest first');
  assert.ok((await list()).length > ids.length);
  await service.admin.expect('DELETE', `/schedules/${ids[0]}`);
  assert.deepEqual(await list(`?test=${other.id}`), ids.slice(1));
  assert.equal((await service.admin.call('DELETE', `/schedules/${ids[0]}`)).status, 404);
});
