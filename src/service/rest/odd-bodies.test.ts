// Bodies that nobody means to send, made from the schemas of the OpenAPI document: each is refused or taken, at once, and none of them is
// more than the server can stand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import type { Run, Test } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** Longer than any refusal takes on a busy machine; one that takes time by the size of what came takes far longer. */
const PATIENCE_MS = 20_000;
const DEEP = 20_000;

let document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** @returns a server with one of each, and their ids by their names in paths */
async function start(database: string | null) {
  const service = await ServiceUnderTest.start({ database });
  const { admin } = service;
  document = (await admin.call('GET', '/openapi.json')).body;
  const project = await service.project('Odd');
  const made: Test = await admin.makeTest(project.id, 'one', 'export default function () {}');
  const run = await admin.post<Run>(`/tests/${made.id}/runs`, {});
  await admin.waitFor(run.id, 'passed');
  const schedule = await admin.post<{ id: string }>(`/tests/${made.id}/schedules`, { name: 's', cron: '0 0 1 1 *' });
  const { webhook } = await admin.post<{ webhook: { id: string } }>(`/projects/${project.id}/webhooks`, {
    url: 'http://127.0.0.1:1/',
    events: [],
  });
  const { person } = await service.addPerson('odd@example.com', project.id, 'viewer');
  const ids: Readonly<Record<string, string>> = {
    project: project.id,
    test: made.id,
    run: run.id,
    other: run.id,
    schedule: schedule.id,
    webhook: webhook.id,
    person: person.id,
    name: 'A',
    n: '1',
    token: 'x',
  };
  return { service, ids };
}

function resolve(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : resolve(document.components.schemas[schema.$ref.split('/').at(-1)!]!);
}

/** @returns something that the schema describes, more or less */
function fitting(given: Schema): unknown {
  const schema = resolve(given);
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return fitting(schema.anyOf[0]!);
  switch (schema.type) {
    case 'string':
      return 'something@example.com';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [fitting(schema.items!)];
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, fitting(part)]));
    default:
      return null;
  }
}

/** As JSON, since not all of them can be values here. */
const ODD: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['a flag', 'true'],
  ['a number', '-1'],
  ['a number beyond all', '1e999'],
  ['a number with a part', '0.5'],
  ['a large number', '9007199254740993'],
  ['no text', '""'],
  ['a text with a zero', '"a\\u0000b"'],
  ['half of a character', '"\\ud800"'],
  ['a long text', JSON.stringify('a'.repeat(100_000))],
  ['what looks like a query', JSON.stringify(`'; drop table person; -- %_\\`)],
  ['a list', '[]'],
  ['a long list', `[${'1,'.repeat(20_000)}1]`],
  ['an object', '{}'],
  ['names of prototypes', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"toString":1}'],
  ['many names', JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, 'v'])))],
  ['deep lists', '['.repeat(DEEP) + ']'.repeat(DEEP)],
  ['deep objects', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
];

/** @returns the body with one of its parts as it should not be; all others are right */
function* bodiesOf(
  schema: Schema,
  odd: readonly (readonly [string, string])[],
): Generator<readonly [string, string | Buffer]> {
  for (const [what, json] of odd) yield [what, json];
  const whole = fitting(schema) as Record<string, unknown>;
  for (const name of Object.keys(whole))
    for (const [what, json] of odd) {
      const parts = Object.entries(whole).map(
        ([key, value]) => `${JSON.stringify(key)}:${key === name ? json : JSON.stringify(value)}`,
      );
      yield [`${name}: ${what}`, `{${parts.join(',')}}`];
    }
  const text = JSON.stringify(whole);
  yield ['cut short', text.slice(0, -1)];
  yield ['a name of a prototype besides', `{"__proto__":{"isAdmin":true},${text.slice(1)}`];
  yield ['no UTF-8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text)])];
  yield ['UTF-16', Buffer.from(text, 'utf16le')];
  yield ['a mark of order', `\ufeff${text}`];
  yield ['nothing', ''];
}

/** @returns how many bodies were tried */
async function tryAll(
  { service, ids }: Awaited<ReturnType<typeof start>>,
  odd: readonly (readonly [string, string])[],
): Promise<number> {
  const { admin } = service;
  let tried = 0;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId, requestBody }] of Object.entries(methods)) {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name]!);
      for (const [what, body] of bodiesOf(schema, odd)) {
        const said = `${operationId}, ${what}`;
        const response = await fetch(`${admin.url}${place}`, {
          method: method.toUpperCase(),
          headers: { cookie: admin.cookie!, 'x-csrf-token': admin.csrf!, 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : new Uint8Array(body),
          signal: AbortSignal.timeout(PATIENCE_MS),
        }).catch((error: Error) => assert.fail(`${said}: ${error.message}`));
        const text = await response.text();
        assert.ok(response.status < 500, `${said}: ${response.status} ${text.slice(0, 300)}`);
        if (response.status >= 400) {
          assert.equal(response.headers.get('content-type')?.split(';')[0], 'application/problem+json', said);
          const problem = JSON.parse(text) as { status: number; detail: string };
          assert.ok(problem.status === response.status && problem.detail !== '' && text.length < 50_000, said);
        }
        tried++;
      }
    }
  assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
  assert.equal((await admin.call('GET', '/health')).status, 200);
  return tried;
}

test('no body of any route makes the server fail, or keeps it for long', async () => {
  const started = await start(null);
  try {
    const tried = await tryAll(started, ODD);
    assert.ok(tried > 500, `only ${tried} bodies were tried`);
    for (const place of [`/projects/${started.ids['project']}/tests?search=%00`, '/tests/%00', '/tests/%ff'])
      assert.ok((await started.service.admin.call('GET', place)).status < 500, place);
  } finally {
    await started.service.stop();
  }
});

test('nor what PostgreSQL keeps in no text', { skip: NO_POSTGRES }, async () => {
  const postgres = await spawnPostgres();
  try {
    const started = await start(`postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`);
    try {
      const texts = ['a text with a zero', 'half of a character', 'what looks like a query', 'a large number'];
      await tryAll(
        started,
        ODD.filter(([what]) => texts.includes(what)),
      );
      for (const place of [`/projects/${started.ids['project']}/tests?search=%00`, '/tests/%00', '/tests/%ff'])
        assert.ok((await started.service.admin.call('GET', place)).status < 500, place);
    } finally {
      await started.service.stop();
    }
  } finally {
    await postgres.stop();
  }
});
