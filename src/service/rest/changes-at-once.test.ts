// Two who change the same at the same time: one is first, the other is told so, and the server fails neither.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import type { Page, Person, Project, Run, Test, TestVersion } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

const AT_ONCE = 6;

async function tryAll(database: string | null): Promise<void> {
  const said: string[] = [];
  const service = await ServiceUnderTest.start({
    database,
    log: (level, message) => level === 'error' && void said.push(message),
  });
  const { admin } = service;
  /** @returns the statuses, in their order */
  const atOnce = async (call: (i: number) => Promise<{ status: number }>): Promise<number[]> =>
    (await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => call(i)))).map(({ status }) => status).sort();
  const oneIsFirst = (good: number, others: number): number[] => [good, ...Array(AT_ONCE - 1).fill(others)];
  const removed = async (place: string): Promise<void> => {
    const statuses = await atOnce(() => admin.call('DELETE', place));
    assert.ok(statuses.includes(204), `${place}: ${statuses}`);
    assert.ok(
      statuses.every((status) => status === 204 || status === 404),
      `${place}: ${statuses}`,
    );
    assert.equal((await admin.call('GET', place)).status >= 400, true, place);
  };
  try {
    const named = await atOnce(() => admin.call('POST', '/projects', { name: 'Same' }));
    assert.deepEqual(named, oneIsFirst(201, 409), 'one project has the slug');
    const project = await admin.get<Project>('/projects/same');

    const invited = await atOnce(() => admin.call('POST', '/people', { email: 'same@example.com', name: 'S' }));
    assert.deepEqual(invited, oneIsFirst(201, 409), 'one person has the address');
    const people = await admin.get<Page<Person>>('/people');
    const person = people.items.find(({ email }) => email === 'same@example.com')!;

    const made = await atOnce(() => admin.call('POST', `/projects/${project.id}/tests`, { name: 'same' }));
    assert.deepEqual(made, oneIsFirst(201, 409), 'one test has the name');
    const [subject] = (await admin.get<Page<Test>>(`/projects/${project.id}/tests`)).items;

    // Given the same part by all: that is what all of them want.
    const member = { email: 'same@example.com', role: 'viewer' };
    const parts = await atOnce(() => admin.call('POST', `/projects/${project.id}/members`, member));
    assert.deepEqual(parts, Array(AT_ONCE).fill(201));
    const secrets = await atOnce((i) => admin.call('PUT', `/projects/${project.id}/secrets/KEY`, { value: `v${i}` }));
    assert.deepEqual(secrets, Array(AT_ONCE).fill(204));

    // Each takes a process, so there are few of them.
    await Promise.all(['1', '2', '3'].map((i) => admin.upload(subject!.id, `export default function () {} // ${i}`)));
    const { items: versions } = await admin.get<Page<TestVersion>>(`/tests/${subject!.id}/versions`);
    assert.deepEqual(
      versions.map(({ n }) => n),
      [3, 2, 1],
      'each upload has a number of its own',
    );

    const run = await admin.post<Run>(`/tests/${subject!.id}/runs`, {});
    await admin.waitFor(run.id, 'passed');
    const schedule = await admin.post<{ id: string }>(`/tests/${subject!.id}/schedules`, {
      name: 's',
      cron: '0 0 1 1 *',
    });
    const { webhook } = await admin.post<{ webhook: { id: string } }>(`/projects/${project.id}/webhooks`, {
      url: 'http://127.0.0.1:1/',
      events: [],
    });
    for (const place of [
      `/runs/${run.id}`,
      `/schedules/${schedule.id}`,
      `/webhooks/${webhook.id}`,
      `/projects/${project.id}/members/${person.id}`,
      `/people/${person.id}`,
      `/tests/${subject!.id}`,
      `/projects/${project.id}`,
    ])
      await removed(place);

    // A link is good once, however many use it at the same time.
    const { link } = await admin.post<{ link: string }>('/people', { email: 'linked@example.com', name: 'L' });
    const token = /token=(.+)$/.exec(link)![1];
    const chosen = await atOnce((i) =>
      service.visitor().call('POST', '/password', { token, password: `a password of ${i}` }),
    );
    assert.deepEqual(chosen, oneIsFirst(201, 403));
    assert.deepEqual(said, [], 'nothing of it is a failure of the server');
  } finally {
    await service.stop();
  }
}

test('SQLite: who comes second is told so', () => tryAll(null));

test('PostgreSQL: who comes second is told so', { skip: NO_POSTGRES }, async () => {
  const postgres = await spawnPostgres();
  try {
    await tryAll(`postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`);
  } finally {
    await postgres.stop();
  }
});
