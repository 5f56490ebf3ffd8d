// What a server does, whichever database it has: one suite for both.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { until } from '../../test/end-to-end/until.ts';
import { unpackRun } from '../report/unpack-run.ts';
import type { Delivery, LogLine, Page, Run, Schedule, Session, Test, TestVersion, Token } from './api/documents.ts';
import { OVER, ServiceUnderTest } from './service-under-test.fixture.ts';
import { newId } from './storage/new-id.ts';

const QUICK = `
import { check } from 'k6';
import secrets from 'k6/secrets';
export const options = { vus: 1, iterations: 3, thresholds: { checks: ['rate>0.9'] } };
export default async function () {
  const key = await secrets.get('API_KEY');
  console.log('host ' + __ENV.HOST + ', key ' + key + ', ' + key.length);
  check(null, { right: () => __ENV.HOST === 'shop.example' });
}`;
/** Goes on until it is stopped. */
const LONG = `
import { sleep } from 'k6';
export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 3 } } };
export default function () { sleep(0.05); }`;

/** @param open the address of an empty database; null: SQLite */
export function describeService(name: string, open: () => Promise<string | null>): void {
  let service: ServiceUnderTest;
  /** How much later it is for schedules, in ms. */
  let later = 0;
  before(async () => {
    service = await ServiceUnderTest.start({
      database: await open(),
      now: () => Date.now() + later,
      hooks: { pausesMs: [1, 1, 1], lookMs: 20 },
    });
  });
  after(() => service.stop());
  const says = (what: string) => `${name}: ${what}`;

  test(says('the schema goes down to nothing and up again'), async () => {
    const { database } = service.service;
    const people = await database.query.selectFrom('person').selectAll().execute();
    const other = await database.query.selectFrom('credential').selectAll().execute();
    await database.migrate('none');
    await assert.rejects(database.query.selectFrom('person').selectAll().execute());
    await database.migrate();
    assert.deepEqual(await database.query.selectFrom('person').selectAll().execute(), []);
    await database.query.insertInto('person').values(people).execute();
    await database.query.insertInto('credential').values(other).execute();
    // One version after the other, with what is in the tables.
    await database.migrate('0001-first');
    await assert.rejects(database.query.selectFrom('person').select('issuer').execute());
    await database.migrate();
    assert.deepEqual(await database.query.selectFrom('person').selectAll().execute(), people);
  });

  test(says('a test is uploaded, run and reported; its secrets are in nothing that is kept'), async () => {
    const { admin } = service;
    const project = await service.project('Shop');
    await admin.expect('PUT', `/projects/${project.slug}/secrets/API_KEY`, { value: 'hunter2-hunter2' });
    assert.deepEqual(
      (await admin.get<{ name: string }[]>(`/projects/${project.id}/secrets`)).map((secret) => secret.name),
      ['API_KEY'],
    );
    const made = await admin.makeTest(project.id, 'checkout', QUICK);
    const started = await admin.post<Run>(`/tests/${made.id}/runs`, { parameters: { HOST: 'shop.example' } });
    assert.deepEqual([started.state, started.createdBy, started.cores], ['queued', 'ann@example.com', 1]);
    const run = await admin.waitFor(started.id, ...OVER);
    assert.deepEqual([run.state, run.exitCode, run.reason], ['passed', 0, null]);
    assert.equal(run.headline?.iterations, 3);
    const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${run.id}/logs`);
    assert.deepEqual(
      lines.map(({ message }) => message),
      Array(3).fill('host shop.example, key ***SECRET_REDACTED***, 15'),
    );
    const { text } = await admin.get<{ text: string }>(`/runs/${run.id}/summary`);
    assert.match(text, /iterations\.+: 3/);
    const timeline = await fetch(`${admin.url}/runs/${run.id}/timeline`, { headers: { cookie: admin.cookie! } });
    const { record } = unpackRun(new Uint8Array(await timeline.arrayBuffer()));
    assert.deepEqual([record.id, record.exitCode, record.thresholds.length], [run.id, 0, 1]);
    const report = await admin.expect('GET', `/runs/${run.id}/report`);
    assert.match(report.headers.get('content-security-policy')!, /^sandbox/);
    assert.match(report.text, /id="run"/);
    const { database } = service.service;
    for (const table of ['secret', 'run', 'run_log', 'run_event', 'audit'] as const)
      assert.doesNotMatch(JSON.stringify(await database.query.selectFrom(table).selectAll().execute()), /hunter2/);
  });

  test(
    says('versions count up, are told apart and can be read; parameters of the test lie below those of a run'),
    async () => {
      const { admin } = service;
      const project = await service.project('Versions');
      const made = await admin.makeTest(
        project.id,
        'one',
        'export default function () { console.log(__ENV.A + __ENV.B); }',
      );
      await admin.upload(made.id, 'export default function () { throw new Error("second"); }');
      await admin.expect('PATCH', `/tests/${made.id}`, { parameters: { A: '1', B: '1' } });
      const { items } = await admin.get<Page<TestVersion>>(`/tests/${made.id}/versions`);
      assert.deepEqual(
        items.map(({ n, kind }) => [n, kind]),
        [
          [2, 'script'],
          [1, 'script'],
        ],
      );
      const source = await admin.get<{ files: { text: string }[] }>(`/tests/${made.id}/versions/2/source`);
      assert.match(source.files[0]!.text, /second/);
      const first = await admin.post<Run>(`/tests/${made.id}/runs`, { version: 1, parameters: { B: '2' } });
      await admin.waitFor(first.id, 'passed');
      const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${first.id}/logs`);
      assert.deepEqual(
        lines.map(({ message }) => message),
        ['12'],
      );
      const again = await admin.post<Run>(`/runs/${first.id}/again`);
      const repeated = await admin.waitFor(again.id, 'passed');
      assert.deepEqual([repeated.versionId, repeated.parameters], [first.versionId, first.parameters]);
      const comparison = await admin.get<{ lines: string[] }>(`/runs/${again.id}/compare/${first.id}`);
      assert.ok(comparison.lines.length > 0);
      const trend = await admin.get<{ points: { runId: string }[] }>(`/tests/${made.id}/trend`);
      assert.deepEqual(
        trend.points.map(({ runId }) => runId),
        [first.id, again.id],
      );
    },
  );

  test(
    says('a script that cannot be loaded is refused with its place, and what it may not read is out of reach'),
    async () => {
      const { admin } = service;
      const project = await service.project('Refused');
      const made = await admin.post<Test>(`/projects/${project.id}/tests`, { name: 'one' });
      const upload = (script: string) =>
        admin.call('POST', `/tests/${made.id}/versions?file=a.js`, Buffer.from(script));
      const wrong = await upload('export default function () { y( }');
      assert.equal(wrong.status, 422);
      assert.match(wrong.body.detail, /a\.js:1:33/);
      const opened = await upload(`open('/etc/passwd'); export default function () {}`);
      assert.match(opened.body.detail, /open \/etc\/passwd: .*restricted/);
      const imported = await upload(
        `import { name } from '${new URL('../../package.json', import.meta.url).pathname}'; export default function () { console.log(name); }`,
      );
      assert.equal(imported.status, 422, imported.text);
      assert.match(imported.body.detail, /package\.json, which is not in its archive/);
      const large = await upload(
        `export const options = { tags: { a: 'x'.repeat(2 ** 21) } }; export default function () {}`,
      );
      assert.match(large.body.detail, /options of the script have 20\d+ characters as JSON, and 1048576 are allowed/);
      assert.equal((await admin.get<Test>(`/tests/${made.id}`)).latestVersion, 0);
      await admin.upload(
        made.id,
        `export default function () {} export const handleSummary = () => ({ stdout: 'y'.repeat(2 ** 21) });`,
      );
      const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
      await admin.waitFor(id, 'passed');
      const { text } = await admin.get<{ text: string }>(`/runs/${id}/summary`);
      assert.equal(text.replace(/^y{1048576}/, ''), '\n… (cut: it has 2097152 characters, and 1048576 are kept)\n');
    },
  );

  test(says('files of handleSummary are kept, listed and read; names that lead elsewhere are not'), async () => {
    const { admin } = service;
    const project = await service.project('Files');
    const made = await admin.makeTest(
      project.id,
      'one',
      `export default function () {}
       export function handleSummary(data) {
         return {
           stdout: 'done', './results/summary é.json': JSON.stringify({ count: data.metrics.iterations.values.count }),
           'raw.bin': new Uint8Array([0, 255, 10]).buffer, '../out.txt': 'x', '/tmp/out.txt': 'x',
         };
       }`,
    );
    const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
    await admin.waitFor(id, 'passed');
    assert.deepEqual((await admin.get<{ items: unknown }>(`/runs/${id}/files`)).items, [
      { name: 'raw.bin', size: 3 },
      { name: 'results/summary é.json', size: 11 },
    ]);
    const read = (name: string) => admin.call('GET', `/runs/${id}/files/${encodeURIComponent(name)}`);
    const summary = await read('results/summary é.json');
    assert.equal(summary.text, '{"count":1}');
    assert.equal(summary.headers.get('content-disposition'), "attachment; filename*=UTF-8''summary%20%C3%A9.json");
    assert.equal(summary.headers.get('content-type'), 'application/octet-stream');
    assert.equal((await read('../out.txt')).status, 404);
    const { lines } = await admin.get<{ lines: LogLine[] }>(`/runs/${id}/logs`);
    assert.deepEqual(
      lines.map(({ message }) => message.slice(0, 50)),
      ['handleSummary: "../out.txt" is not kept: its name ', 'handleSummary: "/tmp/out.txt" is not kept: its nam'],
    );
  });

  test(says('a run is paused, scaled and stopped; who follows it hears of it'), async () => {
    const { admin } = service;
    const project = await service.project('Steered', { maxVus: 3 });
    const made = await admin.makeTest(project.id, 'long', LONG);
    const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
    await admin.waitFor(id, 'running');
    const followed = await fetch(`${admin.url}/runs/${id}/events`, { headers: { cookie: admin.cookie! } });
    const events = followed.text();
    const order = (body: object) => admin.expect('POST', `/runs/${id}/orders`, body);
    const progress = async () => (await admin.get<Run>(`/runs/${id}`)).progress;
    await until(async () => (await progress())?.activeVus === 1, 'one virtual user loops');
    await order({ action: 'scale', vus: 3 });
    await until(async () => (await progress())?.activeVus === 3, 'three virtual users loop');
    const tooMany = await admin.call('POST', `/runs/${id}/orders`, { action: 'scale', vus: 4, maxVus: 4 });
    assert.equal(tooMany.status, 409);
    assert.match(tooMany.body.detail, /4 virtual users are wanted, and the project allows 3/);
    await order({ action: 'pause' });
    await until(async () => (await progress())?.isPaused === true, 'the run is paused');
    assert.equal((await admin.call('POST', `/runs/${id}/orders`, { action: 'scale', vus: 9 })).status, 409);
    await order({ action: 'resume' });
    await order({ action: 'stop' });
    const run = await admin.waitFor(id, ...OVER);
    assert.deepEqual([run.state, run.exitCode], ['aborted', 103]);
    const text = await events;
    assert.match(text, /event: cells\ndata: \{"cell":/);
    assert.match(text, /event: state\ndata: .*"state":"running"/);
    const [, end] = /event: end\ndata: (.*)\n/.exec(text)!;
    const { record } = unpackRun(Buffer.from((JSON.parse(end!) as { run: string }).run, 'base64'));
    assert.equal(record.exitCode, 103);
    // Who comes late gets the end at once.
    const late = await fetch(`${admin.url}/runs/${id}/events`, { headers: { cookie: admin.cookie! } });
    assert.match(await late.text(), /event: end\n/);
  });

  test(says('of each project no more runs go at once than it allows, and what waits can be stopped'), async () => {
    const { admin } = service;
    const project = await service.project('Queue', { parallelRuns: 1 });
    const made = await admin.makeTest(project.id, 'long', LONG);
    const start = () => admin.post<Run>(`/tests/${made.id}/runs`, {});
    const [first, second, third] = [await start(), await start(), await start()];
    await admin.waitFor(first.id, 'running');
    assert.equal((await admin.get<Run>(`/runs/${second.id}`)).state, 'queued');
    // However many wait, others get their turn.
    const { query } = service.service.database;
    const row = await query.selectFrom('run').selectAll().where('id', '=', second.id).executeTakeFirstOrThrow();
    const copies = Array.from({ length: 998 }, (_, i) => ({ ...row, id: `${second.id}-${i}` }));
    for (const part of [copies.slice(0, 499), copies.slice(499)]) await query.insertInto('run').values(part).execute();
    const oneTooMany = await admin.call('POST', `/tests/${made.id}/runs`, {});
    assert.deepEqual(
      [oneTooMany.status, oneTooMany.body.detail.slice(0, 34)],
      [409, '1000 runs of the project wait alre'],
    );
    const others = await service.project('Behind');
    const quick = await admin.makeTest(others.id, 'one', 'export default function () {}');
    await admin.waitFor((await admin.post<Run>(`/tests/${quick.id}/runs`, {})).id, 'passed');
    await query.deleteFrom('run').where('id', 'like', `${second.id}-%`).execute();
    await admin.expect('POST', `/runs/${second.id}/orders`, { action: 'stop' });
    assert.equal((await admin.get<Run>(`/runs/${second.id}`)).state, 'aborted');
    await admin.expect('POST', `/runs/${first.id}/orders`, { action: 'stop' });
    await admin.waitFor(third.id, 'running');
    await admin.expect('POST', `/runs/${third.id}/orders`, { action: 'stop' });
    await admin.waitFor(third.id, 'aborted');
    const limited = await service.project('Limits', { maxVus: 2 });
    const large = await admin.makeTest(
      limited.id,
      'large',
      'export const options = { vus: 3, duration: "1s" }; export default function () {}',
    );
    const { id } = await admin.post<Run>(`/tests/${large.id}/runs`, {});
    const refused = await admin.waitFor(id, ...OVER);
    assert.deepEqual([refused.state, refused.exitCode], ['error', 104]);
    assert.match(refused.reason!, /up to 3 virtual users, and its project allows 2/);
  });

  test(says('the same request with the same key makes one run; another one with it is refused'), async () => {
    const { admin } = service;
    const project = await service.project('Keys', { parallelRuns: 1 });
    const made = await admin.makeTest(project.id, 'one', 'export default function () {}');
    const start = (body: object) =>
      admin.call('POST', `/tests/${made.id}/runs`, body, { 'idempotency-key': 'build-17' });
    const answers = await Promise.all([start({ note: 'a' }), start({ note: 'a' }), start({ note: 'a' })]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal((await start({ note: 'b' })).status, 422);
    const { items } = await admin.get<Page<Run>>(`/projects/${project.id}/runs`);
    assert.equal(items.length, 1);
    await admin.waitFor(items[0]!.id, 'passed');
  });

  test(says('people sign in and out, choose passwords, lose what they had'), async () => {
    const { admin } = service;
    const { person, visitor } = await service.addPerson('bob@example.com');
    assert.equal((await visitor.get<Session>('/session')).person.email, 'bob@example.com');
    const stranger = service.visitor();
    const wrong = await stranger.call('POST', '/session', { email: 'bob@example.com', password: 'no' });
    assert.deepEqual([wrong.status, wrong.body.type], [401, 'urn:sixfold:problem:unauthenticated']);
    const noToken = service.visitor();
    noToken.cookie = visitor.cookie;
    assert.equal((await noToken.call('DELETE', '/session')).status, 403, 'a cookie alone changes nothing');
    const elsewhere = await visitor.call('GET', '/session', undefined, { origin: 'https://evil.example' });
    assert.equal(elsewhere.status, 403);
    await visitor.expect('PUT', '/password', { current: 'battery staple', password: 'battery staple 2' });
    await admin.expect('PATCH', `/people/${person.id}`, { isDisabled: true });
    assert.equal((await visitor.call('GET', '/session')).status, 401);
    assert.equal(
      (await stranger.call('POST', '/session', { email: 'bob@example.com', password: 'battery staple 2' })).status,
      401,
    );
    const { items } = await admin.get<Page<{ action: string; object: string }>>('/audit?limit=100');
    for (const action of ['person.add', 'password.change', 'person.change', 'session.refused'])
      assert.ok(
        items.some((entry) => entry.action === action),
        action,
      );
  });

  test(says('a token may what its scopes say, in its project alone, until it is revoked'), async () => {
    const { admin } = service;
    const [mine, other] = [await service.project('Mine'), await service.project('Other')];
    const reader = await service.addToken(['read'], mine.id);
    assert.equal((await reader.call('GET', `/projects/${mine.id}`)).body.role, 'viewer');
    assert.equal((await reader.call('GET', `/projects/${other.id}`)).status, 404);
    assert.equal((await reader.call('POST', `/projects/${mine.id}/tests`, { name: 'x' })).status, 403);
    assert.equal((await reader.call('GET', '/people')).status, 403);
    assert.equal((await reader.call('POST', '/tokens', { name: 'x', scopes: ['admin'] })).status, 403);
    const { items } = await admin.get<Page<Token>>('/tokens');
    assert.doesNotMatch(JSON.stringify(items), new RegExp(reader.token!.slice(12)));
    const token = items.find(({ prefix }) => reader.token!.startsWith(prefix))!;
    await admin.expect('DELETE', `/tokens/${token.id}`);
    assert.equal((await reader.call('GET', `/projects/${mine.id}`)).status, 401);
  });

  test(says('a run whose process dies ends with what is known, and others go on'), async () => {
    const { admin } = service;
    const project = await service.project('Killed');
    const made = await admin.makeTest(project.id, 'long', LONG);
    const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
    await admin.waitFor(id, 'running');
    process.kill(service.service.led().find(({ row }) => row.id === id)!.pid!, 'SIGKILL');
    const run = await admin.waitFor(id, ...OVER);
    assert.deepEqual([run.state, run.exitCode], ['error', 109]);
    assert.match(run.reason!, /ended unexpectedly, by the signal SIGKILL/);
  });

  test(says('the end of a run is written again where the database failed'), async (t) => {
    const { admin } = service;
    const { database } = service.service;
    const project = await service.project('Failing');
    const made = await admin.makeTest(project.id, 'long', LONG);
    const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
    await admin.waitFor(id, 'running');
    const transact = database.transact.bind(database);
    let failures = 0;
    t.mock.method(database, 'transact', (work: Parameters<typeof transact>[0]) =>
      transact(async (transaction) => {
        const outcome = await work(transaction);
        const row = await transaction.selectFrom('run').select('state').where('id', '=', id).executeTakeFirst();
        // The first time at the end, when all is done but the commit.
        if (row?.state === 'aborted' && failures++ === 0) throw new Error('the database is away (a test says so)');
        return outcome;
      }),
    );
    await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
    const run = await admin.waitFor(id, ...OVER);
    assert.deepEqual([run.state, run.exitCode], ['aborted', 103]);
    assert.ok(failures > 0, 'it failed');
    assert.match((await admin.get<{ text: string }>(`/runs/${id}/summary`)).text, /TOTAL RESULTS/);
  });

  test(says('lists come by pages and are searched'), async () => {
    const { admin } = service;
    const project = await service.project('Lists', { parallelRuns: 1 });
    const made = await admin.makeTest(project.id, 'long', LONG);
    const ids: string[] = [];
    for (const note of ['a 100% b', 'two', 'three'])
      ids.unshift((await admin.post<Run>(`/tests/${made.id}/runs`, { note })).id);
    const first = await admin.get<Page<Run>>(`/projects/${project.id}/runs?limit=2`);
    const second = await admin.get<Page<Run>>(`/projects/${project.id}/runs?limit=2&after=${first.next}`);
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      ids,
    );
    assert.equal(second.next, null);
    const find = async (search: string) =>
      (await admin.get<Page<Run>>(`/projects/${project.id}/runs?search=${encodeURIComponent(search)}`)).items.length;
    assert.deepEqual([await find('THREE'), await find('long'), await find('nothing')], [1, 3, 0]);
    assert.deepEqual([await find('100% B'), await find('100_'), await find('t%o')], [1, 0, 0]);
    for (const name of ['load_test', 'loadXtest', 'Проверка ОПЛАТЫ', 'back\\slash'])
      await admin.post(`/projects/${project.id}/tests`, { name });
    const named = async (search: string) =>
      (await admin.get<Page<Test>>(`/projects/${project.id}/tests?search=${encodeURIComponent(search)}`)).items.length;
    // Which letters belong together is what PostgreSQL's locale says.
    const russian = service.service.database.kind === 'sqlite' ? 'проверка Оплаты' : 'Проверка ОПЛАТЫ';
    assert.deepEqual([await named('LOAD_T'), await named(russian), await named('k\\S')], [1, 1, 1]);
    for (const id of ids) await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
    for (const id of ids) await admin.waitFor(id, 'aborted');
  });

  test(says('a schedule starts a run when it is due, skips one too many, and says what it has missed'), async () => {
    const { admin } = service;
    const project = await service.project('Schedules', { parallelRuns: 1 });
    const made = await admin.makeTest(project.id, 'long', LONG);
    const add = (body: object) => admin.call('POST', `/tests/${made.id}/schedules`, body);
    for (const [cron, zone, wrong] of [
      ['not a cron', 'UTC', /is no schedule/],
      ['0 0 31 2 *', 'UTC', /is never due/],
      ['* * * * * *', 'UTC', /more than once a minute/],
      ['0 2 * * *', 'Mars/Olympus', /no time zone/],
    ] as const) {
      const { status, body } = await add({ name: 'x', cron, timeZone: zone });
      assert.equal(status, 422);
      assert.match(body.detail, wrong);
    }
    const { body } = await add({
      name: 'hourly',
      cron: '0 * * * *',
      timeZone: 'Europe/Berlin',
      parameters: { A: '1' },
    });
    const get = () => admin.get<Schedule>(`/schedules/${body.id}`);
    later = body.nextAtMs - Date.now() + 1000;
    await until(async () => (await get()).lastOutcome === 'started', 'the schedule has started a run');
    const first = await get();
    const run = await admin.waitFor(first.lastRunId!, 'running');
    assert.deepEqual([run.origin, run.createdBy, run.parameters], ['schedule', 'schedule hourly', { A: '1' }]);
    assert.ok(first.nextAtMs! > body.nextAtMs);
    later = first.nextAtMs! - Date.now() + 1000;
    await until(async () => /^skipped: the run /.test((await get()).lastOutcome!), 'one is skipped');
    later = (await get()).nextAtMs! - Date.now() + 11 * 60_000;
    await until(async () => /^missed: it was due at /.test((await get()).lastOutcome!), 'one is missed');
    await admin.expect('PATCH', `/schedules/${body.id}`, { isEnabled: false });
    await admin.expect('POST', `/runs/${run.id}/orders`, { action: 'stop' });
    await admin.waitFor(run.id, 'aborted');
    const { items } = await admin.get<Page<Run>>(`/projects/${project.id}/runs`);
    assert.equal(items.length, 1);
    later = 0;
  });

  test(says('a webhook hears of runs, signed, and again where it did not take it'), async () => {
    const { admin } = service;
    const heard: { readonly body: string; readonly signature: string; readonly event: string }[] = [];
    const target = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const { headers } = request;
        heard.push({
          body,
          signature: String(headers['x-sixfold-signature']),
          event: String(headers['x-sixfold-event']),
        });
        response.writeHead(heard.length < 3 ? 503 : 204).end();
      });
    });
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    try {
      const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
      const project = await service.project('Hooks');
      const place = `/projects/${project.id}/webhooks`;
      const cloud = await admin.call('POST', place, { url: 'http://169.254.169.254/latest', events: ['run.passed'] });
      assert.equal(cloud.status, 422);
      const { secret, webhook } = await admin.post<{ secret: string; webhook: { id: string } }>(place, {
        url,
        events: ['run.passed'],
      });
      const made = await admin.makeTest(project.id, 'one', 'export default function () {}');
      const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { parameters: { PASSWORD: 'typed by mistake' } });
      await admin.waitFor(id, 'passed');
      const list = async () => (await admin.get<Page<Delivery>>(`/webhooks/${webhook.id}/deliveries`)).items;
      await until(async () => (await list())[0]?.state === 'delivered', 'the message is delivered');
      assert.deepEqual(
        (await list()).map(({ attempts, status }) => [attempts, status]),
        [[3, 204]],
      );
      assert.equal(heard.length, 3);
      for (const { body, signature, event } of heard) {
        const [, time, digest] = /^t=(\d+),v1=(\w+)$/.exec(signature)!;
        assert.equal(digest, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
        assert.equal(event, 'run.passed');
        const told = JSON.parse(body) as { run: Run; link: string };
        assert.deepEqual([told.run.id, told.run.state], [id, 'passed']);
        assert.match(told.link, new RegExp(`/runs/${id}$`));
        assert.doesNotMatch(body, /typed by mistake/);
      }
      // What waits is not sent while the webhook is off, nor to where it may not lead: its name may stand for that only now.
      const { query } = service.service.database;
      await admin.expect('PATCH', `/webhooks/${webhook.id}`, { isEnabled: false });
      await query.updateTable('webhook').set({ url: 'http://169.254.169.254/' }).where('id', '=', webhook.id).execute();
      const waiting = { state: 'waiting', next_ms: 0, attempts: 0, status: null } as const;
      await query.updateTable('webhook_delivery').set(waiting).where('webhook_id', '=', webhook.id).execute();
      await admin.waitFor((await admin.post<Run>(`/tests/${made.id}/runs`, {})).id, 'passed');
      assert.equal((await list())[0]?.attempts, 0);
      await query.updateTable('webhook').set({ is_enabled: 1 }).where('id', '=', webhook.id).execute();
      await until(async () => (await list())[0]?.problem != null, 'the message is refused');
      assert.match((await list())[0]!.problem!, /169\.254\.169\.254 is an address of the machine's cloud/);
    } finally {
      target.close();
    }
  });

  test(says('results go when their time is over; pinned ones, baselines and the rows of runs stay'), async () => {
    const { admin } = service;
    const { database, retention } = service.service;
    const project = await service.project('Old', { retentionDays: 1 });
    const made = await admin.makeTest(project.id, 'one', 'export default function () { console.log("a"); }');
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
      await admin.waitFor(id, 'passed');
      ids.push(id);
    }
    const [plain, pinned, baseline] = ids as [string, string, string];
    // One that ended before there was load: it has no result.
    const row = await database.query.selectFrom('run').selectAll().where('id', '=', plain).executeTakeFirstOrThrow();
    const unstarted = newId();
    ids.push(unstarted);
    await database.query
      .insertInto('run')
      .values({ ...row, id: unstarted })
      .execute();
    await database.query
      .insertInto('run_log')
      .values({ run_id: unstarted, seq: 1, at_ms: 0, level: 'error', message: 'x'.repeat(4_000_000), fields: '{}' })
      .execute();
    await admin.expect('PATCH', `/runs/${pinned}`, { isPinned: true });
    await admin.expect('PATCH', `/tests/${made.id}`, { baselineRunId: baseline });
    const old = Date.now() - 2 * 86_400_000;
    await database.query.updateTable('run').set({ ended_ms: old }).where('id', 'in', ids).execute();
    await retention.clean();
    const statuses = await Promise.all(ids.map(async (id) => (await admin.call('GET', `/runs/${id}/report`)).status));
    assert.deepEqual(statuses, [404, 200, 200, 404]);
    const kept = await database.query.selectFrom('run_log').select('seq').where('run_id', '=', unstarted).execute();
    assert.deepEqual(kept, []);
    if (database.kind === 'sqlite') {
      const { rows } = await sql<{ freelist_count: number }>`PRAGMA freelist_count`.execute(database.query);
      assert.ok(rows[0]!.freelist_count < 100, `${rows[0]!.freelist_count} pages are kept`);
    }
    const run = await admin.get<Run>(`/runs/${plain}`);
    assert.deepEqual([run.state, run.headline?.iterations], ['passed', 1]);
    assert.deepEqual((await admin.get<{ lines: LogLine[] }>(`/runs/${plain}/logs`)).lines, []);
    await admin.expect('DELETE', `/tests/${made.id}`);
    await retention.clean();
    const blobs = await database.query
      .selectFrom('blob')
      .leftJoin('test_version', 'test_version.digest', 'blob.digest')
      .select('test_version.id')
      .execute();
    assert.ok(blobs.every(({ id }) => id !== null));
  });
}
