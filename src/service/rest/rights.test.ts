// Every route for every role: made from the table of routes, so that none is left out. Each answer is what the OpenAPI document says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Page, Project, Run, Test } from '../api/documents.ts';
import { type Answer, ServiceUnderTest } from '../service-under-test.fixture.ts';

type Visitors = Readonly<Record<(typeof ROLES)[number], Awaited<ReturnType<ServiceUnderTest['addPerson']>>['visitor']>>;

const ROLES = ['nobody', 'stranger', 'viewer', 'runner', 'admin', 'server'] as const;

interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}

let service: ServiceUnderTest;
let visitors: Visitors;
let project: Project;
let made: Test;
let run: Run;
let document: { readonly paths: Record<string, Record<string, Operation>>; readonly components: object };
const ids: Record<string, string> = {};

before(async () => {
  service = await ServiceUnderTest.start();
  const { admin } = service;
  document = (await admin.call('GET', '/openapi.json')).body;
  project = await service.project('Rights');
  const add = async (role: 'viewer' | 'runner' | 'admin') =>
    (await service.addPerson(`${role}@example.com`, project.id, role)).visitor;
  visitors = {
    nobody: service.visitor(),
    stranger: (await service.addPerson('stranger@example.com')).visitor,
    viewer: await add('viewer'),
    runner: await add('runner'),
    admin: await add('admin'),
    server: admin,
  };
  const script = `export default function () { console.log('a'); } export const handleSummary = () => ({ 'a.txt': 'a' });`;
  made = await admin.makeTest(project.id, 'one', script);
  run = await admin.post<Run>(`/tests/${made.id}/runs`, {});
  await admin.waitFor(run.id, 'passed');
  const schedule = await admin.post<{ id: string }>(`/tests/${made.id}/schedules`, { name: 's', cron: '0 0 1 1 *' });
  const { webhook } = await admin.post<{ webhook: { id: string } }>(`/projects/${project.id}/webhooks`, {
    url: 'http://127.0.0.1:1/',
    events: [],
  });
  Object.assign(ids, {
    project: project.id,
    test: made.id,
    run: run.id,
    other: run.id,
    schedule: schedule.id,
    webhook: webhook.id,
    n: '1',
    name: 'A',
    file: 'a.txt',
    person: 'nobody-of-that-id',
    token: 'no-token-of-that-id',
  });
});
after(() => service.stop());

/** @returns which roles may, by what the document says */
function allowedRoles(description: string): readonly string[] {
  if (description === 'Anybody may.') return ROLES;
  if (description === 'Whoever is signed in may.') return ROLES.slice(1);
  if (description === 'Administrators of the server may.') return ['server'];
  const [, role] = /^The role "(\w+)" in the project may\.$/.exec(description)!;
  return ROLES.slice(ROLES.indexOf(role as 'viewer'));
}

const placeOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name]!);

test('whoever lacks the right to an operation is refused, before anything of the request is looked at', async () => {
  let tried = 0;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId, description, requestBody }] of Object.entries(methods)) {
      const allowed = allowedRoles(description);
      for (const role of ROLES.filter((one) => !allowed.includes(one))) {
        const isOctets = requestBody !== undefined && 'application/octet-stream' in requestBody.content;
        const body = requestBody === undefined ? undefined : isOctets ? Buffer.from('x') : { nonsense: true };
        const { status } = await visitors[role].call(method.toUpperCase(), placeOf(path), body);
        const isProject = description.startsWith('The role');
        const expected = role === 'nobody' ? 401 : role === 'stranger' && isProject ? 404 : 403;
        assert.equal(status, expected, `${operationId} as ${role}`);
        tried++;
      }
    }
  assert.ok(tried > 150, `only ${tried} refusals were tried`);
  assert.equal((await service.admin.get<Page<Run>>(`/projects/${project.id}/runs`)).items.length, 1);
});

test('a token may what its scope says, in its project alone, and never more than that', async () => {
  const elsewhere = await service.project('Elsewhere');
  // All of them are an administrator's: what they may not is up to them alone.
  const tokens = [
    ['viewer', await service.addToken(['read'], project.id)],
    ['runner', await service.addToken(['run'], project.id)],
    ['admin', await service.addToken(['admin'], project.id)],
    ['viewer', await service.addToken(['read'])],
    ['runner', await service.addToken(['read', 'run'])],
    ['admin', await service.addToken(['admin'])],
    ['stranger', await service.addToken(['admin'], elsewhere.id)],
    ['server', await service.addToken(['server'])],
  ] as const;
  let refused = 0;
  let answered = 0;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId, description, requestBody }] of Object.entries(methods))
      for (const [role, token] of tokens) {
        const what = `${operationId} with a token as ${role}`;
        if (!allowedRoles(description).includes(role)) {
          const isOctets = requestBody !== undefined && 'application/octet-stream' in requestBody.content;
          const body = requestBody === undefined ? undefined : isOctets ? Buffer.from('x') : { nonsense: true };
          const { status } = await token.call(method.toUpperCase(), placeOf(path), body);
          assert.equal(status, role === 'stranger' && description.startsWith('The role') ? 404 : 403, what);
          refused++;
        } else if (method === 'get') {
          const person = await visitors[role].call('GET', placeOf(path));
          assert.equal((await token.call('GET', placeOf(path))).status, person.status, what);
          answered++;
        }
      }
  assert.ok(refused > 150 && answered > 100, `only ${refused} refusals and ${answered} answers were tried`);
  // What a person alone may.
  for (const [, token] of tokens)
    for (const [method, place, body] of [
      ['POST', '/tokens', { name: 't', scopes: ['read'] }],
      ['DELETE', '/tokens/that-of-another', undefined],
      ['PUT', '/password', { current: 'correct horse', password: 'correct horse' }],
    ] as const)
      assert.equal((await token.call(method, place, body)).status, 403, `${method} ${place}`);
});

test('whoever has the right gets an answer that the document describes', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'api', components: document.components });
  const resolve = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object;
  const seen = new Set<string>();
  const check = (operation: Operation, { status, body, headers, text }: Answer, what: string): void => {
    const described = operation.responses[String(status)] ?? operation.responses['default'];
    const type = headers.get('content-type')?.split(';')[0];
    if (described?.content === undefined) {
      assert.equal(text, '', what);
      return;
    }
    const content = Object.entries(described.content).find(([name]) => name.split(';')[0] === type);
    assert.ok(content, `${what}: the document has no ${type} for ${status}: ${text.slice(0, 300)}`);
    if (body === null) return;
    const validate = ajv.compile(resolve(content[1].schema));
    assert.ok(validate(body), `${what}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`);
  };
  // What changes things comes last, what removes them at the very end.
  const order = ['get', 'put', 'patch', 'post', 'delete'];
  const operations = Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
    .sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method) || b.path.length - a.path.length);
  const bodies: Readonly<Record<string, unknown>> = {
    addPerson: { email: 'new@example.com', name: 'New' },
    createProject: { name: 'Second' },
    createTest: { name: 'two' },
    createToken: { name: 't', scopes: ['read'] },
    createSchedule: { name: 't', cron: '0 1 * * *' },
    createWebhook: { url: 'http://127.0.0.1:1/', events: ['run.failed'] },
    addMember: { email: 'stranger@example.com', role: 'viewer' },
    changeMember: { role: 'viewer' },
    putSecret: { value: 'secret' },
    startRun: { note: 'second' },
    steerRun: { action: 'stop' },
    setUp: { token: 'x', email: 'a@b', name: 'a', password: 'long enough' },
    signIn: { email: 'viewer@example.com', password: 'battery staple' },
    choosePassword: { token: 'x', password: 'long enough' },
    changePassword: { current: 'correct horse', password: 'correct horse' },
    uploadVersion: Buffer.from('export default function () {}'),
    checkScript: Buffer.from('export default function () { y( }'),
  };
  ids['person'] = (
    (await service.admin.get<{ id: string }>('/session')) as unknown as { person: { id: string } }
  ).person.id;
  // Signing out is the last that one does.
  operations.sort(
    (a, b) => Number(a.operation.operationId === 'signOut') - Number(b.operation.operationId === 'signOut'),
  );
  for (const { path, method, operation } of operations) {
    const { operationId } = operation;
    const body = bodies[operationId] ?? (operation.requestBody === undefined ? undefined : {});
    // Others sign in and out on their own.
    const call = (given: unknown) => {
      const caller = ['setUp', 'signIn', 'choosePassword'].includes(operationId) ? service.visitor() : visitors.server;
      return caller.call(method.toUpperCase(), placeOf(path), given);
    };
    const answer = await call(body);
    assert.notEqual(answer.status, 500, `${operationId}: ${answer.text}`);
    check(operation, answer, operationId);
    seen.add(`${operationId} ${answer.status < 300 ? 'ok' : 'refused'}`);
    if (operation.requestBody !== undefined && bodies[operationId] instanceof Uint8Array === false) {
      const wrong = await call({ nonsense: true });
      // What is gone meanwhile is not there for a wrong request either.
      assert.ok([400, 404].includes(wrong.status), `${operationId} took nonsense: ${wrong.status}`);
      check(operation, wrong, `${operationId} with nonsense`);
    }
  }
  const good = [...seen].filter((one) => one.endsWith(' ok')).length;
  // Some need what the walk does not have: links that are good once, a run in progress, a provider; and nobody removes themselves.
  assert.ok(
    good >= operations.length - 10,
    `only ${good} of ${operations.length} were answered well: ${[...seen].filter((one) => one.endsWith('refused')).join(', ')}`,
  );
});

test('passwords cannot be tried without end, and what comes from elsewhere is not let in', async () => {
  const visitor = service.visitor();
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++)
    statuses.push((await visitor.call('POST', '/session', { email: 'Tried@example.com', password: `no ${i}` })).status);
  assert.deepEqual(statuses, [...Array(10).fill(401), 429]);
  const last = await visitor.call('POST', '/session', { email: 'tried@example.com', password: 'no' });
  assert.deepEqual([last.status, last.body.type], [429, 'urn:sixfold:problem:rate-limited']);
  const other = await visitor.call('POST', '/session', { email: 'runner@example.com', password: 'battery staple' });
  assert.equal(other.status, 201, 'others sign in meanwhile');
  assert.match(other.headers.getSetCookie()[0]!, /; HttpOnly; SameSite=Strict/);
  const { headers } = await service.visitor().call('GET', '/health');
  assert.match(headers.get('content-security-policy')!, /default-src 'none'; frame-ancestors 'none'/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  visitor.take(other.body);
  const large = await visitor.call('PUT', '/password', {
    current: 'x'.repeat(3 * 1024 * 1024),
    password: 'long enough',
  });
  assert.deepEqual([large.status, large.body.type], [413, 'urn:sixfold:problem:too-large']);
});
