// Projects by their routes: what they are called, what they allow, who is in them, what they keep secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Person, Project, Run, Test } from '../../api/documents.ts';
import { ServiceUnderTest } from '../../service-under-test.fixture.ts';

let service: ServiceUnderTest;
before(async () => {
  service = await ServiceUnderTest.start();
});
after(() => service.stop());

interface Member {
  readonly personId: string;
  readonly email: string;
  readonly role: string;
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

test('a project that says nothing else gets the limits of the documentation, and whoever makes it is in it', async () => {
  const project = await service.project('Plain');
  const { maxVus, maxDurationMs, parallelRuns, retentionDays, allowedTargets, role } = project;
  assert.deepEqual(
    { maxVus, maxDurationMs, parallelRuns, retentionDays, allowedTargets, role },
    {
      maxVus: 10_000,
      maxDurationMs: 86_400_000,
      parallelRuns: 2,
      retentionDays: 30,
      allowedTargets: null,
      role: 'admin',
    },
  );
  const members = await service.admin.get<Member[]>(`/projects/${project.id}/members`);
  assert.deepEqual(
    members.map(({ email, role: part }) => [email, part]),
    [['ann@example.com', 'admin']],
  );
});

test('the slug is made of the name, whatever that is, and is one that could have been given', async () => {
  const slugs: Record<string, string> = {};
  for (const name of ['Checkout, EU', '  --Crème brûlée--  ', '決済', '!!!', `${'a'.repeat(59)} b`, 'x'.repeat(100)]) {
    const { slug, id } = await service.project(name);
    assert.match(slug, SLUG, JSON.stringify(name));
    slugs[name] = slug;
    // What it is called already it may be called.
    await service.admin.expect('PATCH', `/projects/${id}`, { slug });
  }
  assert.equal(slugs['Checkout, EU'], 'checkout-eu');
  assert.equal(slugs['  --Crème brûlée--  '], 'creme-brulee');
});

test('a slug leads to its project as the id does, and to nothing once it has another', async () => {
  const { admin } = service;
  const project = await service.project('Movable', { slug: 'before' });
  assert.equal((await admin.get<Project>('/projects/before')).id, project.id);
  await admin.expect('PATCH', '/projects/before', { slug: 'behind' });
  assert.equal((await admin.call('GET', '/projects/before')).status, 404);
  assert.equal((await admin.get<Project>('/projects/behind')).id, project.id);
  assert.equal((await admin.call('GET', '/projects/BEHIND')).status, 404, 'case counts');
});

test('two projects have no slug in common', async () => {
  const { admin } = service;
  const first = await service.project('Taken');
  const second = await admin.call('POST', '/projects', { name: 'Taken' });
  assert.deepEqual([second.status, second.body.type], [409, 'urn:sixfold:problem:conflict']);
  assert.match(second.body.detail, /"taken"/);
  const other = await service.project('Other one');
  assert.equal((await admin.call('PATCH', `/projects/${other.id}`, { slug: first.slug })).status, 409);
  assert.equal((await admin.get<Project>(`/projects/${other.id}`)).slug, 'other-one');
});

test('slugs and limits that nobody can mean are refused, and say which part is wrong', async () => {
  const wrong = [
    ['slug', ['', '-a', 'a-', 'A', 'a_b', 'a/b', 'a'.repeat(64)]],
    ['maxVus', [0, -1, 1_000_001, 1.5, '5', null]],
    ['maxDurationMs', [999, 30 * 86_400_000 + 1]],
    ['parallelRuns', [0, 1001]],
    ['retentionDays', [0, 3651]],
  ] as const;
  for (const [part, values] of wrong)
    for (const value of values) {
      const { status, body } = await service.admin.call('POST', '/projects', { name: 'Wrong', [part]: value });
      assert.equal(status, 400, `${part}: ${JSON.stringify(value)}`);
      assert.ok(
        body.errors.some(({ path }: { path: string }) => path === part),
        `${part}: ${JSON.stringify(body)}`,
      );
    }
  assert.equal((await service.admin.call('GET', '/projects/wrong')).status, 404, 'nothing of it is kept');
});

test('a change changes what it names and leaves the rest', async () => {
  const { admin } = service;
  const project = await service.project('Changed', { maxVus: 7, allowedTargets: ['shop.example'] });
  const renamed = (await admin.expect('PATCH', `/projects/${project.id}`, { name: 'Renamed', parallelRuns: 9 }))
    .body as Project;
  assert.deepEqual(renamed, { ...project, name: 'Renamed', parallelRuns: 9 });
  const open = await admin.expect('PATCH', `/projects/${project.id}`, { allowedTargets: null });
  assert.equal(open.body.allowedTargets, null, 'null takes the list away');
  assert.deepEqual(await admin.get<Project>(`/projects/${project.id}`), { ...renamed, allowedTargets: null });
});

test('rules for targets are checked where they are set, each by its place', async () => {
  const { admin } = service;
  const project = await service.project('Targets');
  for (const [rules, detail] of [
    [[], /"allowedTargets" is empty, so that no run could connect anywhere: null allows everything/],
    [['shop.example', 'not a rule'], /"allowedTargets", place 2: /],
    [['10.0.0.0/33'], /"allowedTargets", place 1: /],
  ] as const) {
    for (const [method, place] of [
      ['POST', '/projects'],
      ['PATCH', `/projects/${project.id}`],
    ] as const) {
      const body = { name: `Targets of ${rules.length}`, allowedTargets: rules };
      const answer = await admin.call(method, place, body);
      assert.equal(answer.status, 400, `${method} ${JSON.stringify(rules)}`);
      assert.match(answer.body.detail, detail);
    }
  }
  const many = Array.from({ length: 201 }, (_, i) => `host-${i}.example`);
  assert.equal((await admin.call('PATCH', `/projects/${project.id}`, { allowedTargets: many })).status, 400);
  assert.equal((await admin.get<Project>(`/projects/${project.id}`)).allowedTargets, null);
});

test('everybody sees the projects that they have a part in, with the part that they have', async () => {
  const project = await service.project('Shared');
  const { visitor } = await service.addPerson('guest@example.com', project.id, 'viewer');
  const seen = await visitor.get<Project[]>('/projects');
  assert.deepEqual(
    seen.map(({ id, role }) => [id, role]),
    [[project.id, 'viewer']],
  );
  // An administrator of the server is in all of them, asked or not.
  const { person, visitor: second } = await service.addPerson('second@example.com');
  assert.deepEqual(await second.get<Project[]>('/projects'), []);
  await service.admin.expect('PATCH', `/people/${person.id}`, { isAdmin: true });
  const all = await second.get<Project[]>('/projects');
  assert.equal(all.find(({ id }) => id === project.id)?.role, 'admin');
});

test('a part is given by the address, in whatever case, changed, and taken at once', async () => {
  const { admin } = service;
  const project = await service.project('Parts');
  const { person, visitor } = await service.addPerson('Part@Example.com');
  const place = `/projects/${project.id}/members`;
  const added = await admin.post<Member>(place, { email: 'PART@example.COM', role: 'viewer' });
  assert.deepEqual([added.email, added.role, added.personId], ['part@example.com', 'viewer', person.id]);
  assert.equal((await visitor.call('POST', `/projects/${project.id}/tests`, { name: 'a' })).status, 403);
  // Given again, it is another part, and not a second one.
  await admin.expect('POST', place, { email: 'part@example.com', role: 'runner' });
  assert.equal((await visitor.call('POST', `/projects/${project.id}/tests`, { name: 'a' })).status, 201);
  await admin.expect('PATCH', `${place}/${person.id}`, { role: 'viewer' });
  assert.equal((await visitor.call('POST', `/projects/${project.id}/tests`, { name: 'b' })).status, 403);
  assert.equal((await admin.get<Member[]>(place)).length, 2);
  await admin.expect('DELETE', `${place}/${person.id}`);
  assert.equal((await visitor.call('GET', `/projects/${project.id}`)).status, 404);
  assert.equal((await admin.call('DELETE', `${place}/${person.id}`)).status, 404, 'once');
  assert.equal((await admin.call('PATCH', `${place}/${person.id}`, { role: 'viewer' })).status, 404);
});

test('nobody gets a part who is not there, and no part that there is not', async () => {
  const project = await service.project('Nobody');
  const place = `/projects/${project.id}/members`;
  const unknown = await service.admin.call('POST', place, { email: 'who@example.com', role: 'viewer' });
  assert.equal(unknown.status, 422);
  assert.match(unknown.body.detail, /who@example\.com: an administrator of the server adds people/);
  const owner = await service.admin.call('POST', place, { email: 'ann@example.com', role: 'owner' });
  assert.deepEqual([owner.status, owner.body.errors[0].path], [400, 'role']);
});

test('the members of one project are not reached through another one', async () => {
  const [mine, theirs] = [await service.project('Mine'), await service.project('Theirs')];
  const { person } = await service.addPerson('theirs@example.com', theirs.id, 'viewer');
  const { visitor } = await service.addPerson('boss@example.com', mine.id, 'admin');
  for (const [method, body] of [
    ['PATCH', { role: 'admin' }],
    ['DELETE', undefined],
  ] as const)
    assert.equal((await visitor.call(method, `/projects/${mine.id}/members/${person.id}`, body)).status, 404);
  const [, member] = await service.admin.get<Member[]>(`/projects/${theirs.id}/members`);
  assert.deepEqual([member?.email, member?.role], ['theirs@example.com', 'viewer']);
});

test('a secret is set, set anew and removed; no answer ever holds what it is', async () => {
  const { admin } = service;
  const project = await service.project('Secrets');
  const place = `/projects/${project.id}/secrets`;
  const answers: string[] = [];
  admin.onAnswer = (_method, _place, { text }) => answers.push(text);
  try {
    await admin.expect('PUT', `${place}/B_KEY`, { value: 'first-value-of-b' });
    await admin.expect('PUT', `${place}/A_KEY`, { value: 'value-of-a' });
    const [, before] = await admin.get<{ name: string; changedAtMs: number }[]>(place);
    await admin.expect('PUT', `${place}/B_KEY`, { value: 'second-value-of-b' });
    const listed = await admin.get<{ name: string; changedAtMs: number }[]>(place);
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['A_KEY', 'B_KEY'],
    );
    assert.ok(listed[1]!.changedAtMs >= before!.changedAtMs);
    await admin.expect('DELETE', `${place}/A_KEY`);
    const gone = await admin.call('DELETE', `${place}/A_KEY`);
    assert.deepEqual([gone.status, gone.body.detail], [404, 'there is no secret "A_KEY"']);
    await admin.get(`/projects/${project.id}/audit`);
  } finally {
    admin.onAnswer = () => {};
  }
  assert.doesNotMatch(answers.join('\n'), /value-of/);
});

test('names of secrets are names of variables, and their values are neither nothing nor endless', async () => {
  const project = await service.project('Names');
  const put = async (name: string, value: unknown) =>
    (await service.admin.call('PUT', `/projects/${project.id}/secrets/${encodeURIComponent(name)}`, { value })).status;
  for (const name of ['1A', 'a-b', 'a b', 'ключ', 'a/b', 'A'.repeat(101)])
    assert.equal(await put(name, 'x'), 400, name);
  for (const value of ['', 'x'.repeat(10_001), 5, null]) assert.equal(await put('A', value), 400, String(value));
  assert.equal(await put('A'.repeat(100), 'x'.repeat(10_000)), 204);
});

test('a project has two hundred secrets at most, and those that it has can still be set', async () => {
  const { admin } = service;
  const project = await service.project('Many secrets');
  const { query } = service.service.database;
  const rows = Array.from({ length: 200 }, (_, i) => ({
    project_id: project.id,
    name: `S${i}`,
    sealed: Buffer.from('x'),
    changed_ms: 1,
  }));
  await query.insertInto('secret').values(rows).execute();
  const place = `/projects/${project.id}/secrets`;
  assert.equal((await admin.call('PUT', `${place}/ONE_MORE`, { value: 'x' })).status, 409);
  assert.equal((await admin.call('PUT', `${place}/S7`, { value: 'x' })).status, 204);
});

test('a project goes with all that is in it, and not while a run of it is in progress', async () => {
  const { admin } = service;
  const project = await service.project('Gone');
  const made = await admin.makeTest(
    project.id,
    'long',
    `export const options = { scenarios: { all: { executor: 'externally-controlled', vus: 1, maxVUs: 1 } } };
     import { sleep } from 'k6'; export default function () { sleep(0.05); }`,
  );
  const reader = await service.addToken(['read'], project.id);
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, {});
  await admin.waitFor(id, 'running');
  const refused = await admin.call('DELETE', `/projects/${project.id}`);
  assert.deepEqual([refused.status, refused.body.detail], [409, `the run ${id} is not over yet: stop it first`]);
  await admin.expect('POST', `/runs/${id}/orders`, { action: 'stop' });
  await admin.waitFor(id, 'aborted');
  await admin.expect('DELETE', `/projects/${project.id}`);
  for (const place of [`/projects/${project.id}`, `/tests/${made.id}`, `/runs/${id}`])
    assert.equal((await admin.call('GET', place)).status, 404, place);
  assert.equal((await reader.call('GET', '/session')).status, 401, 'a token of it lets nobody in');
  const { items } = await admin.get<Page<{ action: string; object: string }>>('/audit');
  assert.deepEqual(
    items.slice(0, 1).map(({ action, object }) => [action, object]),
    [['project.remove', 'gone']],
  );
});

test('the audit log of a project holds its own changes, as people know what was changed', async () => {
  const { admin } = service;
  const [project, other] = [await service.project('Audited'), await service.project('Audited as well')];
  const { person } = await service.addPerson('audited@example.com', project.id, 'viewer');
  await admin.post<Test>(`/projects/${other.id}/tests`, { name: 'elsewhere' });
  await admin.expect('PATCH', `/projects/${project.id}/members/${person.id}`, { role: 'runner' });
  await admin.expect('DELETE', `/projects/${project.id}/members/${person.id}`);
  const { items } = await admin.get<Page<Record<'action' | 'object' | 'detail' | 'actor', string>>>(
    `/projects/${project.id}/audit`,
  );
  assert.deepEqual(
    items.map(({ action, object, detail, actor }) => [action, object, detail, actor]),
    [
      ['member.remove', 'audited@example.com', '', 'ann@example.com'],
      ['member.change', 'audited@example.com', 'runner', 'ann@example.com'],
      ['member.add', 'audited@example.com', 'viewer', 'ann@example.com'],
      ['project.create', 'audited', '', 'ann@example.com'],
    ],
  );
  const chosen = await admin.get<Page<Record<'action' | 'object' | 'actor', string>>>('/audit');
  const choice = chosen.items.find(({ action }) => action === 'password.choose');
  assert.deepEqual([choice?.actor, choice?.object], ['audited@example.com', 'audited@example.com']);
  assert.equal((await admin.get<Page<Person>>('/people?limit=1')).items[0]?.email, 'audited@example.com');
});
