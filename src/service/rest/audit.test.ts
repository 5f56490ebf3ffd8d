// Every change is in the audit log: made from the table of routes, so that none is left out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Run } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

let service: ServiceUnderTest;
before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly object: string;
  readonly projectId: string | null;
}

/** Operations that change nothing that people look after: they ask, or tell of a run what its own process would. */
const SILENT: ReadonlySet<string> = new Set(['checkScript', 'tellOfRun', 'signOut']);

test('every operation that changes something leaves one line that says what, and for which project', async () => {
  const { admin } = service;
  const document = (await admin.call('GET', '/openapi.json')).body as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const changing = new Set(
    Object.values(document.paths).flatMap((methods) =>
      Object.entries(methods).flatMap(([method, { operationId }]) => (method === 'get' ? [] : [operationId])),
    ),
  );
  const seen = new Set<string>();
  /** Of the entry, what it says of the project is compared. */
  const change = async <T>(
    operation: string,
    action: string,
    method: string,
    place: string,
    body?: unknown,
    project: string | null = null,
  ) => {
    const [last] = (await admin.get<Page<Entry>>('/audit?limit=1')).items;
    const answer = await admin.expect(method, place, body);
    const { items } = await admin.get<Page<Entry>>('/audit?limit=10');
    const added = items.slice(
      0,
      items.findIndex(({ id }) => id === last!.id),
    );
    assert.deepEqual(
      added.map((entry) => [entry.action, entry.projectId]),
      [[action, project]],
      operation,
    );
    assert.notEqual(added[0]!.object, '', operation);
    seen.add(operation);
    return answer.body as T;
  };
  const project = await service.project('Audited');
  const p = project.id;
  const { person } = await change<{ person: { id: string } }>('addPerson', 'person.add', 'POST', '/people', {
    email: 'x@example.com',
    name: 'X',
  });
  seen.add('createProject').add('setUp').add('signIn').add('choosePassword');
  await change('changePerson', 'person.change', 'PATCH', `/people/${person.id}`, { name: 'Y' });
  await change('invitePerson', 'person.invite', 'POST', `/people/${person.id}/invitation`);
  await change('forgetIdentity', 'person.forget-identity', 'DELETE', `/people/${person.id}/identity`);
  await change('changeProject', 'project.change', 'PATCH', `/projects/${p}`, { name: 'Audited' }, p);
  const member = { email: 'x@example.com', role: 'viewer' };
  await change('addMember', 'member.add', 'POST', `/projects/${p}/members`, member, p);
  await change('changeMember', 'member.change', 'PATCH', `/projects/${p}/members/${person.id}`, { role: 'runner' }, p);
  await change('removeMember', 'member.remove', 'DELETE', `/projects/${p}/members/${person.id}`, undefined, p);
  await change('putSecret', 'secret.put', 'PUT', `/projects/${p}/secrets/KEY`, { value: 'x' }, p);
  await change('removeSecret', 'secret.remove', 'DELETE', `/projects/${p}/secrets/KEY`, undefined, p);
  const { token } = await change<{ token: { id: string } }>(
    'createToken',
    'token.create',
    'POST',
    '/tokens',
    { name: 't', scopes: ['read'], projectId: p },
    p,
  );
  await change('revokeToken', 'token.revoke', 'DELETE', `/tokens/${token.id}`, undefined, p);
  const password = { current: 'correct horse', password: 'correct horse' };
  await change('changePassword', 'password.change', 'PUT', '/password', password);
  const made = await change<{ id: string }>(
    'createTest',
    'test.create',
    'POST',
    `/projects/${p}/tests`,
    { name: 'a' },
    p,
  );
  const script = Buffer.from('export default function () {}');
  await change('uploadVersion', 'test.upload', 'POST', `/tests/${made.id}/versions`, script, p);
  await change('changeTest', 'test.change', 'PATCH', `/tests/${made.id}`, { description: 'd' }, p);
  const timed = { name: 's', cron: '0 0 1 1 *' };
  const schedule = await change<{ id: string }>(
    'createSchedule',
    'schedule.create',
    'POST',
    `/tests/${made.id}/schedules`,
    timed,
    p,
  );
  await change('changeSchedule', 'schedule.change', 'PATCH', `/schedules/${schedule.id}`, { name: 'z' }, p);
  await change('removeSchedule', 'schedule.remove', 'DELETE', `/schedules/${schedule.id}`, undefined, p);
  const hook = { url: 'http://127.0.0.1:1/', events: [] };
  const { webhook } = await change<{ webhook: { id: string } }>(
    'createWebhook',
    'webhook.create',
    'POST',
    `/projects/${p}/webhooks`,
    hook,
    p,
  );
  await change('changeWebhook', 'webhook.change', 'PATCH', `/webhooks/${webhook.id}`, { isEnabled: false }, p);
  await change('removeWebhook', 'webhook.remove', 'DELETE', `/webhooks/${webhook.id}`, undefined, p);
  const run = await change<Run>('startRun', 'run.create', 'POST', `/tests/${made.id}/runs`, {}, p);
  await admin.waitFor(run.id, 'passed');
  await change('changeRun', 'run.change', 'PATCH', `/runs/${run.id}`, { note: 'n' }, p);
  const again = await change<Run>('repeatRun', 'run.create', 'POST', `/runs/${run.id}/again`, undefined, p);
  await admin.waitFor(again.id, 'passed');
  const told = await change<Run>('reportRun', 'run.create', 'POST', `/tests/${made.id}/reported-runs`, {}, p);
  // Before its load begins nobody carries it out, and it is asked all the same.
  await change('steerRun', 'run.stop', 'POST', `/runs/${told.id}/orders`, { action: 'stop' }, p);
  const nothing = { record: null, headline: null, fingerprint: null, summary: null, summaryData: null, files: [] };
  await admin.expect('POST', `/runs/${told.id}/reports`, { ending: { exitCode: 103, reason: null, ...nothing } });
  await change('removeRun', 'run.remove', 'DELETE', `/runs/${run.id}`, undefined, p);
  await change('removeTest', 'test.remove', 'DELETE', `/tests/${made.id}`, undefined, p);
  await change('removeProject', 'project.remove', 'DELETE', `/projects/${p}`);
  await change('removePerson', 'person.remove', 'DELETE', `/people/${person.id}`);
  const untried = [...changing].filter((operation) => !seen.has(operation) && !SILENT.has(operation));
  assert.deepEqual(untried, [], 'operations that are not tried here');
  // Those that make somebody's own session cannot be called as the administrator: they are there already.
  await service.addPerson('y@example.com');
  const actions = new Set((await admin.get<Page<Entry>>('/audit?limit=100')).items.map(({ action }) => action));
  await service.visitor().call('POST', '/session', { email: 'y@example.com', password: 'battery staple' });
  const later = (await admin.get<Page<Entry>>('/audit?limit=1')).items[0]!.action;
  for (const action of ['server.setup', 'project.create', 'password.choose']) assert.ok(actions.has(action), action);
  assert.equal(later, 'session.create');
});

test('what is refused changes nothing and leaves no line of a change', async () => {
  const { admin } = service;
  const before = (await admin.get<Page<Entry>>('/audit?limit=1')).items[0]!.id;
  for (const [method, place, body] of [
    ['POST', '/projects', { name: '' }],
    ['POST', '/people', { email: 'ann@example.com', name: 'A' }],
    ['POST', '/tokens', { name: 't', scopes: [] }],
    ['DELETE', '/people/none', undefined],
    ['DELETE', '/projects/none', undefined],
    ['PUT', '/password', { current: 'wrong', password: 'long enough' }],
  ] as const)
    assert.ok((await admin.call(method, place, body)).status >= 400, `${method} ${place}`);
  assert.equal((await admin.get<Page<Entry>>('/audit?limit=1')).items[0]!.id, before);
});
