// Runs by their routes: lists, notes, orders, logs, files and records. How runs go on is tried by the service's behaviour.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LogLine, Page, Project, Run, Test } from '../../api/documents.ts';
import type { RunRow } from '../../runs/run-queue.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';
import { newId } from '../../storage/new-id.ts';

let service: ServiceUnderTest;
let project: Project;
let made: Test;
/** One that has passed, with everything that is kept of a run. */
let whole: Run;

const SCRIPT = `
  import http from 'k6/http';
  import { check } from 'k6';
  export const options = { iterations: 2, thresholds: { checks: ['rate==1'] } };
  export default function () { check(1, { one: (v) => v === 1 }); console.log('iteration ' + __ITER); }
  export const handleSummary = (data) => ({
    stdout: 'summary of ' + data.metrics.iterations.values.count, 'a/b.txt': 'inner', "it's.txt": 'quoted', 'empty.txt': '',
  });`;

before(async () => {
  service = await ServiceUnderTest.start();
  const { admin } = service;
  project = await service.project('Runs', { parallelRuns: 1 });
  made = await admin.makeTest(project.id, 'whole', SCRIPT);
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { note: 'the first', parameters: { A: '1' } });
  whole = await admin.waitFor(id, 'passed');
});
after(() => service.stop());

/** @returns the id of a run like the whole one */
async function addRun(given: Partial<RunRow>): Promise<string> {
  const { query } = service.service.database;
  const row = await query.selectFrom('run').selectAll().where('id', '=', whole.id).executeTakeFirstOrThrow();
  const id = newId();
  await query
    .insertInto('run')
    .values({ ...row, id, ...given })
    .execute();
  return id;
}

const list = async (query: string): Promise<string[]> =>
  (await service.admin.get<Page<Run>>(`/projects/${project.id}/runs?${query}`)).items.map(({ id }) => id);

test('a run says who started it, by what, when, with what, and how it ended', () => {
  const { origin, createdBy, note, parameters, exitCode, reason, isPinned, isStopping, isReported, scheduleId } = whole;
  assert.deepEqual(
    { origin, createdBy, note, parameters, exitCode, reason, isPinned, isStopping, isReported, scheduleId },
    {
      origin: 'person',
      createdBy: 'ann@example.com',
      note: 'the first',
      parameters: { A: '1' },
      exitCode: 0,
      reason: null,
      isPinned: false,
      isStopping: false,
      isReported: false,
      scheduleId: null,
    },
  );
  assert.ok(whole.createdAtMs <= whole.startedAtMs! && whole.startedAtMs! <= whole.endedAtMs!);
  assert.deepEqual([whole.headline?.iterations, whole.headline?.thresholds, whole.headline?.crossed], [2, 1, 0]);
});

test('runs are listed by state, by test and by what people write of them, and these count together', async () => {
  const other = await service.admin.post<Test>(`/projects/${project.id}/tests`, { name: 'other' });
  const failed = await addRun({ state: 'failed', note: 'release 2.1', reason: 'thresholds were crossed' });
  const aborted = await addRun({ state: 'aborted', created_by: 'bob@example.com', test_id: other.id, name: 'other' });
  assert.deepEqual(await list('state=failed'), [failed]);
  assert.deepEqual(await list('state=failed,aborted'), [aborted, failed], 'the latest first');
  assert.deepEqual(await list(`test=${other.id}`), [aborted]);
  assert.deepEqual(await list('search=release%202.1'), [failed]);
  assert.deepEqual(await list('search=CROSSED'), [failed], 'why it ended');
  assert.deepEqual(await list('search=bob%40'), [aborted], 'who started it');
  assert.deepEqual(await list(`search=bob%40&state=failed`), []);
  assert.deepEqual(await list(`test=none`), []);
  for (const state of ['none', 'failed,none', '', 'failed,'])
    assert.equal((await service.admin.call('GET', `/projects/${project.id}/runs?state=${state}`)).status, 400, state);
});

test('a note and a pin are set and taken, each without the other', async () => {
  const { admin } = service;
  const id = await addRun({});
  const change = async (body: object) => (await admin.expect('PATCH', `/runs/${id}`, body)).body as Run;
  assert.equal((await change({ isPinned: true })).note, 'the first');
  assert.equal((await change({ note: '' })).isPinned, true);
  const { note, isPinned } = await change({ isPinned: false });
  assert.deepEqual([note, isPinned], ['', false]);
  assert.equal((await admin.call('PATCH', `/runs/${id}`, { note: 'x'.repeat(501) })).status, 400);
  assert.equal((await admin.call('PATCH', `/runs/${id}`, { state: 'failed' })).status, 400, 'nothing else of it');
});

test('a run that is over is removed with all that is kept of it, and one that is not is not', async () => {
  const { admin } = service;
  const { query } = service.service.database;
  const id = await addRun({});
  await query
    .insertInto('run_log')
    .values({ run_id: id, seq: 1, at_ms: 1, level: 'info', message: 'm', fields: '{}' })
    .execute();
  const elsewhere = { leader: 'another server', lease_ms: Date.now() + 3_600_000, ended_ms: null } as const;
  for (const state of ['starting', 'running', 'stopping'] as const) {
    const active = await addRun({ state, ...elsewhere });
    const { status, body } = await admin.call('DELETE', `/runs/${active}`);
    assert.deepEqual([status, body.detail], [409, 'the run is not over yet: stop it first'], state);
    await query.deleteFrom('run').where('id', '=', active).execute();
  }
  await admin.expect('DELETE', `/runs/${id}`);
  assert.equal((await admin.call('GET', `/runs/${id}`)).status, 404);
  assert.deepEqual(await query.selectFrom('run_log').select('seq').where('run_id', '=', id).execute(), []);
});

test('what is over takes no orders, and what has not begun only that to stop', async () => {
  const { admin } = service;
  const over = await admin.call('POST', `/runs/${whole.id}/orders`, { action: 'stop' });
  assert.deepEqual([over.status, over.body.detail], [409, 'the run is over']);
  // Nobody takes it: all that the project may have is taken.
  const taken = await addRun({ state: 'running', leader: 'another', lease_ms: Date.now() + 3_600_000, ended_ms: null });
  const queued = await addRun({ state: 'queued', started_ms: null, ended_ms: null });
  const order = (body: object) => admin.call('POST', `/runs/${queued}/orders`, body);
  for (const body of [{ action: 'pause' }, { action: 'resume' }, { action: 'scale', vus: 2 }]) {
    const { status, body: said } = await order(body);
    assert.deepEqual([status, said.detail], [409, 'the run has not begun yet: it can only be stopped'], body.action);
  }
  for (const body of [{}, { action: 'restart' }, { action: 'scale', vus: -1 }, { action: 'scale', vus: 1.5 }])
    assert.equal((await order(body)).status, 400, JSON.stringify(body));
  const stopped = await order({ action: 'stop' });
  assert.deepEqual(stopped.body, { ok: true, message: '' });
  const run = await admin.get<Run>(`/runs/${queued}`);
  assert.deepEqual([run.state, run.exitCode, run.reason], ['aborted', 103, 'it was stopped before it had begun']);
  await service.service.database.query.deleteFrom('run').where('id', '=', taken).execute();
});

test('an order that nobody carries out in time is said to be given, and waits for whoever leads the run', async () => {
  const { admin } = service;
  const { query } = service.service.database;
  const lost = await addRun({ state: 'running', leader: 'another', lease_ms: Date.now() + 3_600_000, ended_ms: null });
  const { body } = await admin.expect('POST', `/runs/${lost}/orders`, { action: 'stop' });
  assert.deepEqual(body, { ok: true, message: 'the order is given; the run has not answered yet' });
  assert.equal((await admin.get<Run>(`/runs/${lost}`)).isStopping, true);
  const orders = await query.selectFrom('run_order').select(['body', 'outcome']).where('run_id', '=', lost).execute();
  assert.deepEqual(
    orders.map((order) => [order.body, order.outcome]),
    [['{"action":"stop"}', null]],
  );
  await query.deleteFrom('run').where('id', '=', lost).execute();
});

test('a log is read from where one is, and says when nothing comes behind it', async () => {
  const { admin } = service;
  const { query } = service.service.database;
  const id = await addRun({});
  const lines = Array.from({ length: 1001 }, (_, i) => ({
    run_id: id,
    seq: i + 1,
    at_ms: i,
    level: 'info',
    message: `line ${i + 1}`,
    fields: '{"source":"console"}',
  }));
  await query.insertInto('run_log').values(lines).execute();
  const read = (after: string) =>
    admin.get<{ lines: LogLine[]; next: number; isOver: boolean }>(`/runs/${id}/logs?after=${after}`);
  const first = await read('0');
  assert.deepEqual([first.lines.length, first.next, first.isOver], [1000, 1000, false]);
  const second = await read(String(first.next));
  assert.deepEqual(second, {
    lines: [{ seq: 1001, atMs: 1000, level: 'info', message: 'line 1001', fields: { source: 'console' } }],
    next: 1001,
    isOver: true,
  });
  assert.deepEqual(await read('1001'), { lines: [], next: 1001, isOver: true });
  for (const after of ['', '-1', '1.5', 'x', '9'.repeat(13)])
    assert.equal((await admin.call('GET', `/runs/${id}/logs?after=${after}`)).status, 400, after);
});

test('files are read by their whole names, slashes and all, and no browser takes them for a page', async () => {
  const { admin } = service;
  const { items } = await admin.get<{ items: object[] }>(`/runs/${whole.id}/files`);
  assert.deepEqual(items, [
    { name: 'a/b.txt', size: 5 },
    { name: 'empty.txt', size: 0 },
    { name: "it's.txt", size: 6 },
  ]);
  const read = (name: string) => admin.call('GET', `/runs/${whole.id}/files/${encodeURIComponent(name)}`);
  const inner = await read('a/b.txt');
  assert.deepEqual(
    [inner.text, inner.headers.get('content-type'), inner.headers.get('content-disposition')],
    ['inner', 'application/octet-stream', "attachment; filename*=UTF-8''b.txt"],
  );
  assert.equal((await read("it's.txt")).headers.get('content-disposition'), "attachment; filename*=UTF-8''it%27s.txt");
  assert.deepEqual([(await read('empty.txt')).status, (await read('empty.txt')).text], [200, '']);
  for (const name of ['b.txt', 'a', '', '%2e%2e/x']) assert.equal((await read(name)).status, 404, name);
});

test('the summary is that of the script, with the data of the run beside it', async () => {
  const { text, data } = await service.admin.get<{ text: string; data: { metrics: Record<string, object> } }>(
    `/runs/${whole.id}/summary`,
  );
  assert.equal(text, 'summary of 2');
  assert.ok('iterations' in data.metrics && 'checks' in data.metrics);
});

test('a run of which nothing is kept says so for all that would be made of it', async () => {
  const id = await addRun({ headline: null });
  for (const part of ['record', 'timeline', 'report', 'file', `compare/${whole.id}`]) {
    const { status, body } = await service.admin.call('GET', `/runs/${id}/${part}`);
    assert.equal(status, 404, part);
    assert.match(body.detail, /^nothing that was measured is kept of this run/, part);
  }
  assert.deepEqual(await service.admin.get(`/runs/${id}/summary`), { text: null, data: null });
  assert.deepEqual(await service.admin.get(`/runs/${id}/files`), { items: [] });
});

test('runs are compared within their project alone', async () => {
  const { admin } = service;
  const own = await admin.get<{ comparison: object; lines: string[] }>(`/runs/${whole.id}/compare/${whole.id}`);
  assert.ok(own.lines.length > 0);
  const elsewhere = await service.project('Elsewhere');
  const id = await addRun({ project_id: elsewhere.id });
  const { status, body } = await admin.call('GET', `/runs/${whole.id}/compare/${id}`);
  assert.deepEqual([status, body.detail], [404, `there is no run "${id}" in this project`]);
});

test('events begin with those behind the one that is known, and of a run that is over they end', async () => {
  const { admin } = service;
  const follow = async (query: string, headers: Record<string, string> = {}) =>
    admin.call('GET', `/runs/${whole.id}/events${query}`, undefined, headers);
  const { text, headers } = await follow('');
  assert.match(headers.get('content-type')!, /^text\/event-stream/);
  assert.equal(headers.get('x-accel-buffering'), 'no', 'no proxy gathers them');
  assert.equal(text.match(/^event: /gm)?.length, 1);
  assert.match(text, /event: end\ndata: \{"run":"[\w+/=]+"\}\n\n$/);
  for (const [query, given] of [
    ['?after=x', {}],
    ['?after=1.5', {}],
    ['', { 'last-event-id': 'x' }],
  ] as const)
    assert.equal((await follow(query, given)).status, 400, query);
});

test('a key for one request is its caller’s, and of printable characters', async () => {
  const { admin } = service;
  // Nobody takes what is queued: all that the project may have is taken.
  const taken = await addRun({ state: 'running', leader: 'another', lease_ms: Date.now() + 3_600_000, ended_ms: null });
  const { visitor } = await service.addPerson('keyed@example.com', project.id, 'runner');
  const start = (who: typeof admin, key: string) =>
    who.call('POST', `/tests/${made.id}/runs`, {}, { 'idempotency-key': key });
  for (const key of ['a b', 'x'.repeat(201), '\u00e9']) assert.equal((await start(admin, key)).status, 400, key);
  const [mine, again, theirs] = [await start(admin, 'k'), await start(admin, 'k'), await start(visitor, 'k')];
  assert.deepEqual([mine.status, again.status, theirs.status], [201, 201, 201]);
  assert.equal(again.body.id, mine.body.id);
  assert.deepEqual([mine.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')], [null, 'true']);
  assert.notEqual(theirs.body.id, mine.body.id);
  // With the run goes the key: it makes a new one.
  const remove = async (id: string): Promise<void> => {
    await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
    await admin.expect('DELETE', `/runs/${id}`);
  };
  await remove(mine.body.id);
  const anew = await start(admin, 'k');
  assert.notEqual(anew.body.id, mine.body.id);
  for (const id of [anew.body.id, theirs.body.id]) await remove(id);
  await service.service.database.query.deleteFrom('run').where('id', '=', taken).execute();
});

test('a run that fails before there is load ends as an error that says why, and nothing else waits for it', async () => {
  const { admin } = service;
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { options: { thresholds: { none: ['rate>0'] } } });
  const run = await admin.waitFor(id, 'passed', 'failed', 'aborted', 'error');
  assert.deepEqual([run.state, run.exitCode], ['error', 104]);
  assert.match(run.reason!, /no metric name "none" found/);
});
