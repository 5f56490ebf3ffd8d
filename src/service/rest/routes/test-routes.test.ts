// Tests of a project by their routes: names, parameters, options, versions, what is shown of a script, the trend.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Project, Run, Test, TestVersion } from '../../api/documents.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';
import { newId } from '../../storage/new-id.ts';
import { addVersion } from '../../tests/test-documents.ts';

let service: ServiceUnderTest;
let project: Project;
before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Tests');
});
after(() => service.stop());

const create = (body: object) => service.admin.call('POST', `/projects/${project.id}/tests`, body);
const SCRIPT = 'export default function () {}';

/** A test with a version that nobody has looked at: that would take a process. */
async function makeTest(name: string, of = project): Promise<Test> {
  const test = await service.admin.post<Test>(`/projects/${of.id}/tests`, { name });
  const requirements = { maxVus: 1, durationMs: 1000, scenarios: [], thresholds: [], options: {}, warnings: [] };
  const upload = { kind: 'script', fileName: 'script.js', bytes: Buffer.from(SCRIPT) } as const;
  await service.service.database.transact((transaction) =>
    addVersion(transaction, test.id, upload, requirements, 'ann'),
  );
  return test;
}

/** @returns the id of a run of the test that is over, with a result where there is a headline */
async function addRun(test: Test, given: { headline?: string; state?: 'passed' | 'error'; endedMs?: number } = {}) {
  const { query } = service.service.database;
  const version = await query
    .selectFrom('test_version')
    .select('id')
    .where('test_id', '=', test.id)
    .executeTakeFirstOrThrow();
  const id = newId();
  const { headline = null, state = 'passed', endedMs = Date.now() } = given;
  await query
    .insertInto('run')
    .values({
      id,
      project_id: test.projectId,
      test_id: test.id,
      version_id: version.id,
      name: test.name,
      state,
      exit_code: 0,
      reason: null,
      note: '',
      origin: 'person',
      schedule_id: null,
      parameters: '{}',
      options: '{}',
      cores: 1,
      agents: 0,
      created_ms: 1,
      created_by: 'ann',
      started_ms: 1,
      ended_ms: endedMs,
      leader: null,
      lease_ms: null,
      progress: null,
      headline,
      fingerprint: null,
      is_pinned: 0,
      stop_ms: null,
      begun_ms: null,
      cluster: null,
      reporter: null,
    })
    .execute();
  if (headline !== null)
    await query
      .insertInto('run_result')
      .values({ run_id: id, record: Buffer.from('x'), seq: 1, at_ms: 1, summary: null, summary_json: null })
      .execute();
  return id;
}

test('a test begins without a version, and cannot be run', async () => {
  const { status, body } = await create({ name: 'bare' });
  const { id, createdAtMs, changedAtMs, ...rest } = body as Test;
  assert.equal(status, 201);
  assert.deepEqual(rest, {
    projectId: project.id,
    name: 'bare',
    description: '',
    parameters: {},
    options: {},
    baselineRunId: null,
    latestVersion: 0,
  });
  assert.equal(createdAtMs, changedAtMs);
  const run = await service.admin.call('POST', `/tests/${id}/runs`, {});
  assert.deepEqual([run.status, run.body.detail], [409, 'the test bare has no version yet: upload a script first']);
  assert.equal((await service.admin.call('GET', `/tests/${id}/versions/1`)).status, 404);
});

test('a name is one test’s within its project, also after a change, and another project may have it too', async () => {
  const { admin } = service;
  const first = (await create({ name: 'named' })).body as Test;
  assert.equal((await create({ name: 'named' })).status, 409);
  const second = (await create({ name: 'Named' })).body as Test;
  assert.equal((await admin.call('PATCH', `/tests/${second.id}`, { name: 'named' })).status, 409);
  assert.equal((await admin.call('PATCH', `/tests/${first.id}`, { name: 'named' })).status, 200, 'its own');
  const other = await service.project('Other tests');
  assert.equal((await admin.call('POST', `/projects/${other.id}/tests`, { name: 'named' })).status, 201);
});

test('a change changes what it names, replaces what it holds, and leaves the rest', async () => {
  const { admin } = service;
  const made = (await create({ name: 'change', description: 'd', parameters: { A: '1', B: '2' }, options: { vus: 2 } }))
    .body as Test;
  const { changedAtMs, ...rest } = (await admin.expect('PATCH', `/tests/${made.id}`, { parameters: { C: '3' } }))
    .body as Test;
  const { changedAtMs: before, ...was } = made;
  assert.deepEqual(rest, { ...was, parameters: { C: '3' } });
  assert.ok(changedAtMs >= before);
});

test('parameters and options that no script can have are refused, where they are made and where they are changed', async () => {
  const made = (await create({ name: 'refusing' })).body as Test;
  for (const [body, status, detail] of [
    [{ parameters: { '1A': 'x' } }, 400, /"1A" is no name of a variable/],
    [{ parameters: { 'a-b': 'x' } }, 400, /"a-b" is no name of a variable/],
    [{ parameters: { A: 5 } }, 400, /parameters\.A/],
    [{ parameters: { A: 'x'.repeat(10_001) } }, 400, /parameters\.A/],
    [{ parameters: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`A${i}`, ''])) }, 400, /parameters/],
    [{ options: { vus: 'many' } }, 422, /vus/],
    [{ options: { scenarios: { a: { executor: 'none' } } } }, 422, /executor/],
    [{ options: { thresholds: { http_req_duration: ['p(95'] } } }, 422, /p\(95/],
    [{ options: [] }, 400, /options/],
    [{ description: 'x'.repeat(10_001) }, 400, /description/],
  ] as const) {
    const what = JSON.stringify(body).slice(0, 80);
    for (const answer of [
      await create({ name: 'refused', ...body }),
      await service.admin.call('PATCH', `/tests/${made.id}`, body),
    ]) {
      assert.equal(answer.status, status, `${what}: ${answer.text}`);
      assert.match(answer.body.detail, detail, what);
    }
  }
  assert.equal((await create({ name: 'refused' })).status, 201, 'nothing of it was kept');
});

test('a version is told apart by its digest, says what it asks for, and comes back octet by octet', async () => {
  const { admin } = service;
  const made = (await create({ name: 'versions' })).body as Test;
  const script = `// ü\nexport const options = { vus: 3, duration: '5s', thresholds: { checks: ['rate>0.9'] } };\n${SCRIPT}\n`;
  const version = await admin.upload(made.id, script, 'Größe (1).js');
  assert.deepEqual(
    [version.n, version.kind, version.fileName, version.size, version.createdBy],
    [1, 'script', 'Größe (1).js', Buffer.byteLength(script), 'ann@example.com'],
  );
  assert.match(version.digest, /^[0-9a-f]{64}$/);
  // Its duration, and the 30 s in which iterations may come to their end.
  assert.deepEqual([version.requirements.maxVus, version.requirements.durationMs], [3, 35_000]);
  assert.equal(version.requirements.thresholds.length, 1);
  const place = `/tests/${made.id}/versions/1`;
  const file = await admin.expect('GET', `${place}/file`);
  assert.equal(file.text, script);
  assert.equal(
    file.headers.get('content-disposition'),
    `attachment; filename*=UTF-8''${encodeURIComponent('Größe (1).js')}`,
  );
  const source = await admin.get<{ main: string; files: { name: string; size: number; text: string }[] }>(
    `${place}/source`,
  );
  assert.deepEqual(source, {
    main: 'Größe (1).js',
    files: [{ name: 'Größe (1).js', size: version.size, text: script }],
  });
  assert.equal((await admin.get<Test>(`/tests/${made.id}`)).latestVersion, 1);
});

test('a number of a version that is none leads to nothing', async () => {
  const made = await makeTest('numbers');
  for (const n of ['0', '2', '-1', '1.0', '01x', '1e0', '99999999999999999999', ' 1', 'latest'])
    for (const part of ['', '/source', '/file']) {
      const { status, body } = await service.admin.call(
        'GET',
        `/tests/${made.id}/versions/${encodeURIComponent(n)}${part}`,
      );
      assert.deepEqual([status, body.detail], [404, `there is no version "${n}" of this test`], n);
    }
});

test('the same script again is a version of its own, and is kept once', async () => {
  const { query } = service.service.database;
  const script = `${SCRIPT} // the same twice`;
  const made = await service.admin.makeTest(project.id, 'twice', script);
  const second = await service.admin.upload(made.id, script);
  assert.equal(second.n, 2);
  const blobs = await query.selectFrom('blob').select('size').where('digest', '=', second.digest).execute();
  assert.equal(blobs.length, 1);
});

test('a script is checked with what it asks for, or with what is wrong in it, and nothing of it is kept', async () => {
  const check = async (script: string, file = 'a.js') =>
    await service.admin.call(
      'POST',
      `/projects/${project.id}/check?file=${encodeURIComponent(file)}`,
      Buffer.from(script),
    );
  const good = await check(`export const options = { vus: 2, iterations: 4 }; ${SCRIPT}`);
  assert.deepEqual([good.status, good.body.ok, good.body.problem, good.body.requirements.maxVus], [200, true, null, 2]);
  const bad = await check('export default function () { throw } ');
  assert.deepEqual([bad.status, bad.body.ok, bad.body.requirements], [200, false, null]);
  assert.match(bad.body.problem, /a\.js:1:/);
  for (const file of ['../a.js', 'a/b.js', '', '.hidden']) assert.equal((await check(SCRIPT, file)).status, 400, file);
  assert.equal((await check('')).status, 422);
  const { items } = await service.admin.get<Page<Test>>(`/projects/${project.id}/tests?search=check`);
  assert.deepEqual(items, []);
});

test('init code gets the parameters of its test, so that what it asks for is what a run will ask for', async () => {
  const made = (await create({ name: 'by parameters', parameters: { VUS: '4' } })).body as Test;
  const version = await service.admin.upload(
    made.id,
    `export const options = { vus: Number(__ENV.VUS), iterations: 40 }; ${SCRIPT}`,
  );
  assert.equal(version.requirements.maxVus, 4);
});

test('a baseline is a run of this test of which something is kept, and is taken away by null', async () => {
  const { admin } = service;
  const made = await makeTest('baseline');
  const other = await makeTest('not the baseline');
  const [kept, bare, foreign] = [
    await addRun(made, { headline: '{}' }),
    await addRun(made),
    await addRun(other, { headline: '{}' }),
  ];
  const set = (run: string | null) => admin.call('PATCH', `/tests/${made.id}`, { baselineRunId: run });
  for (const run of [bare, foreign, 'none']) assert.equal((await set(run)).status, 422, run);
  assert.equal((await set(kept)).body.baselineRunId, kept);
  assert.equal((await admin.expect('PATCH', `/tests/${made.id}`, { description: 'x' })).body.baselineRunId, kept);
  // With the run goes the baseline.
  await admin.expect('DELETE', `/runs/${kept}`);
  assert.equal((await admin.get<Test>(`/tests/${made.id}`)).baselineRunId, null);
  const again = await addRun(made, { headline: '{}' });
  await set(again);
  assert.equal((await set(null)).body.baselineRunId, null);
});

test('the trend has the last runs that are over, the oldest first, each with its version', async () => {
  const { admin } = service;
  const made = await makeTest('trend');
  const headline = {
    durationMs: 1000,
    iterations: 1,
    failedIterations: 0,
    requests: 0,
    failed: 0,
    protocol: null,
    p95: null,
    thresholds: 0,
    crossed: 0,
  };
  const ids: string[] = [];
  for (let i = 0; i < 4; i++)
    ids.push(await addRun(made, { headline: JSON.stringify({ ...headline, iterations: i }) }));
  ids.push(await addRun(made, { state: 'error' }));
  const points = async (limit: string) =>
    (
      await admin.get<{ points: { runId: string; version: number; headline: { iterations: number } | null }[] }>(
        `/tests/${made.id}/trend${limit}`,
      )
    ).points;
  const all = await points('');
  assert.deepEqual(
    all.map(({ runId, version, headline: shown }) => [runId, version, shown?.iterations ?? null]),
    ids.map((id, i) => [id, 1, i < 4 ? i : null]),
  );
  assert.deepEqual(
    (await points('?limit=2')).map(({ runId }) => runId),
    ids.slice(-2),
  );
  for (const limit of ['0', '201', 'x', '1.5', ''])
    assert.equal((await admin.call('GET', `/tests/${made.id}/trend?limit=${limit}`)).status, 400, limit);
});

test('tests are found by the whole name and by a part of it, within their project', async () => {
  const found = await service.project('Found');
  for (const name of ['alpha beta', 'alpha', 'beta']) await service.admin.post(`/projects/${found.id}/tests`, { name });
  const names = async (query: string) =>
    (await service.admin.get<Page<Test>>(`/projects/${found.id}/tests?${query}`)).items.map(({ name }) => name).sort();
  assert.deepEqual(await names('name=alpha'), ['alpha']);
  assert.deepEqual(await names('name=ALPHA'), [], 'the whole name is the name');
  assert.deepEqual(await names('search=ALPHA'), ['alpha', 'alpha beta']);
  assert.deepEqual(await names('search=a%20b'), ['alpha beta']);
  assert.deepEqual(await names('search='), ['alpha', 'alpha beta', 'beta']);
  assert.deepEqual(await names('search=alpha&name=beta'), [], 'both count');
});

test('a test goes with its versions, runs and schedules', async () => {
  const { admin } = service;
  const made = await makeTest('going');
  const run = await addRun(made, { headline: '{}' });
  const schedule = await admin.post<{ id: string }>(`/tests/${made.id}/schedules`, { name: 's', cron: '0 0 1 1 *' });
  await admin.expect('DELETE', `/tests/${made.id}`);
  for (const place of [`/tests/${made.id}`, `/tests/${made.id}/versions`, `/runs/${run}`, `/schedules/${schedule.id}`])
    assert.equal((await admin.call('GET', place)).status, 404, place);
  assert.equal((await create({ name: 'going' })).status, 201, 'its name is free');
});

test('versions come by pages, the latest first', async () => {
  const made = await makeTest('pages');
  await service.admin.upload(made.id, `${SCRIPT}//2`);
  const place = `/tests/${made.id}/versions?limit=1`;
  const first = await service.admin.get<Page<TestVersion>>(place);
  const second = await service.admin.get<Page<TestVersion>>(`${place}&after=${first.next}`);
  assert.deepEqual([first.items[0]?.n, second.items[0]?.n, second.next], [2, 1, null]);
});

test('a run that is queued goes with its test, one in progress keeps it', async () => {
  const { admin } = service;
  const narrow = await service.project('Narrow', { parallelRuns: 1 });
  const long = `import { sleep } from 'k6';
    export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 1 } } };
    export default function () { sleep(0.05); }`;
  const busy = await admin.makeTest(narrow.id, 'busy', long);
  const waiting = await makeTest('waiting', narrow);
  const active = await admin.post<Run>(`/tests/${busy.id}/runs`, {});
  await admin.waitFor(active.id, 'running');
  const queued = await admin.post<Run>(`/tests/${waiting.id}/runs`, {});
  assert.equal((await admin.call('DELETE', `/tests/${busy.id}`)).status, 409);
  await admin.expect('DELETE', `/tests/${waiting.id}`);
  assert.equal((await admin.call('GET', `/runs/${queued.id}`)).status, 404);
  await admin.expect('POST', `/runs/${active.id}/orders`, { action: 'stop' });
  await admin.waitFor(active.id, 'aborted');
});
