// Webhooks by their routes: where they may lead, what they hear, what is shown of them. Sending is tried by the sender.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Delivery, Page, Project, Webhook } from '../../api/documents.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';
import { newId } from '../../storage/new-id.ts';

let service: ServiceUnderTest;
let project: Project;
before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Hooks');
});
after(() => service.stop());

const URL_OF_HOOK = 'http://127.0.0.1:9/hook';
const create = (body: object, of = project) => service.admin.call('POST', `/projects/${of.id}/webhooks`, body);
const make = async (): Promise<Webhook> =>
  (await create({ url: URL_OF_HOOK, events: ['run.failed'] })).body.webhook as Webhook;

test('a webhook is on, hears each event once, and tells its secret once', async () => {
  const { status, body } = await create({ url: URL_OF_HOOK, events: ['run.failed', 'run.error', 'run.failed'] });
  const { webhook, secret } = body as { webhook: Webhook; secret: string };
  assert.deepEqual([status, webhook.isEnabled, webhook.events], [201, true, ['run.failed', 'run.error']]);
  assert.match(secret, /^sxf_[\w-]{43}$/);
  const { text } = await service.admin.expect('GET', `/projects/${project.id}/webhooks`);
  assert.ok(text.includes(webhook.id) && !text.includes(secret));
  const rows = await service.service.database.query.selectFrom('webhook').selectAll().execute();
  assert.ok(!JSON.stringify(rows).includes(secret) && !rows.some(({ sealed }) => Buffer.from(sealed).includes(secret)));
});

test('a webhook leads to no machine of the cloud, however its address is written, when made and when changed', async () => {
  const hook = await make();
  for (const url of [
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200:8080/',
    'http://168.63.129.16/',
  ])
    for (const answer of [
      await create({ url, events: [] }),
      await service.admin.call('PATCH', `/webhooks/${hook.id}`, { url }),
    ]) {
      assert.equal(answer.status, 422, `${url}: ${answer.text}`);
      assert.match(answer.body.detail, /is an address of the machine's cloud: a webhook may not lead there/);
    }
  assert.equal(
    (await service.admin.get<Webhook[]>(`/projects/${project.id}/webhooks`)).find(({ id }) => id === hook.id)?.url,
    URL_OF_HOOK,
  );
});

test('what is no address of the web, or has a password in it, is refused', async () => {
  for (const [url, status] of [
    ['', 400],
    ['ftp://127.0.0.1/', 400],
    ['javascript:alert(1)', 400],
    ['http://', 400],
    ['http://[1]/', 422],
    ['https://user@127.0.0.1/', 422],
    ['https://:secret@127.0.0.1/', 422],
    [`http://127.0.0.1/${'x'.repeat(2000)}`, 400],
  ] as const)
    assert.equal((await create({ url, events: [] })).status, status, url.slice(0, 60));
  for (const events of [['run.queued'], 'run.failed', [null], Array(6).fill('run.failed')])
    assert.equal((await create({ url: URL_OF_HOOK, events })).status, 400, JSON.stringify(events));
});

test('a change changes what it names and leaves the rest, and the secret stays', async () => {
  const hook = await make();
  const { query } = service.service.database;
  const sealed = async () =>
    Buffer.from(
      (await query.selectFrom('webhook').select('sealed').where('id', '=', hook.id).executeTakeFirstOrThrow()).sealed,
    );
  const before = await sealed();
  const change = async (body: object) =>
    (await service.admin.expect('PATCH', `/webhooks/${hook.id}`, body)).body as Webhook;
  assert.deepEqual(await change({ isEnabled: false }), { ...hook, isEnabled: false });
  assert.deepEqual(await change({ events: [] }), { ...hook, isEnabled: false, events: [] });
  const moved = await change({ url: 'https://127.0.0.1/other', isEnabled: true });
  assert.deepEqual(moved, { ...hook, events: [], url: 'https://127.0.0.1/other' });
  assert.deepEqual(await sealed(), before);
});

test('a project has twenty webhooks at most', async () => {
  const full = await service.project('Full');
  for (let i = 0; i < 20; i++) assert.equal((await create({ url: URL_OF_HOOK, events: [] }, full)).status, 201);
  const { status, body } = await create({ url: URL_OF_HOOK, events: [] }, full);
  assert.deepEqual([status, body.detail], [409, 'a project has at most 20 webhooks']);
  const [first] = await service.admin.get<Webhook[]>(`/projects/${full.id}/webhooks`);
  await service.admin.expect('DELETE', `/webhooks/${first!.id}`);
  assert.equal((await create({ url: URL_OF_HOOK, events: [] }, full)).status, 201, 'there is room again');
});

test('what was sent is shown by pages, the latest first, without what it said, and goes with its webhook', async () => {
  const { admin } = service;
  const { query } = service.service.database;
  const hook = await make();
  const ids: string[] = [];
  for (const state of ['delivered', 'given-up', 'waiting'] as const) {
    const id = newId();
    ids.unshift(id);
    const told = { event: 'run.failed' as const, body: '{"typed":"by mistake"}', attempts: 2, status: 503 };
    await query
      .insertInto('webhook_delivery')
      .values({ id, webhook_id: hook.id, state, next_ms: Date.now() + 3_600_000, problem: 'p', created_ms: 1, ...told })
      .execute();
  }
  const place = `/webhooks/${hook.id}/deliveries`;
  const first = await admin.get<Page<Delivery>>(`${place}?limit=2`);
  const second = await admin.get<Page<Delivery>>(`${place}?limit=2&after=${first.next}`);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ id, state, attempts, status, problem }) => [
      id,
      state,
      attempts,
      status,
      problem,
    ]),
    ids.map((id, i) => [id, ['waiting', 'given-up', 'delivered'][i], 2, 503, 'p']),
  );
  assert.doesNotMatch((await admin.expect('GET', place)).text, /by mistake/);
  await admin.expect('DELETE', `/webhooks/${hook.id}`);
  assert.equal((await admin.call('GET', place)).status, 404);
  assert.deepEqual(
    await query.selectFrom('webhook_delivery').select('id').where('webhook_id', '=', hook.id).execute(),
    [],
  );
});
