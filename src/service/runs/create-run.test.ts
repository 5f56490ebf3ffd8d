// What a run is made from, and what is refused before there is one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewRun } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { FilledDatabase } from '../storage/filled-database.fixture.ts';
import { createRun, type RunOrigin } from './create-run.ts';

const ORIGIN: RunOrigin = { origin: 'person', createdBy: 'ann', scheduleId: null };

async function withTest(
  work: (
    filled: FilledDatabase,
    create: (wanted?: NewRun, origin?: RunOrigin) => ReturnType<typeof createRun>,
  ) => Promise<void>,
  more: Partial<ServiceContext> = {},
): Promise<void> {
  const filled = await FilledDatabase.open();
  const { database } = filled;
  const context = { database, cores: 4, nats: null, ...more } as Partial<ServiceContext> as ServiceContext;
  try {
    await work(filled, async (wanted = {}, origin = ORIGIN) => {
      const row = await database.query.selectFrom('test').selectAll().executeTakeFirstOrThrow();
      return createRun(context, database.query, row, wanted, origin);
    });
  } finally {
    await filled.close();
  }
}

test('what the run says goes before what its test says', () =>
  withTest(async (filled, create) => {
    const stored = { parameters: '{"A":"1","B":"1"}', options: '{"vus":1,"tags":{"a":"b"}}' };
    await filled.database.query.updateTable('test').set(stored).execute();
    const row = await create({ parameters: { B: '2' }, options: { vus: 3 }, note: 'n' });
    assert.deepEqual(JSON.parse(row.parameters), { A: '1', B: '2' });
    assert.deepEqual(JSON.parse(row.options), { vus: 3, tags: { a: 'b' } });
    assert.deepEqual(
      [row.state, row.note, row.created_by, row.begun_ms, row.reporter],
      ['queued', 'n', 'ann', null, null],
    );
  }));

test('it takes as many cores as its virtual users have a use for, and no more than there are', () =>
  withTest(async (filled, create) => {
    const coresFor = async (maxVus: number): Promise<number> => {
      const requirements = JSON.stringify({ maxVus, options: {} });
      await filled.database.query.updateTable('test_version').set({ requirements }).execute();
      return (await create()).cores;
    };
    assert.deepEqual([await coresFor(1), await coresFor(16), await coresFor(1000)], [1, 2, 4]);
    assert.equal((await create({ cores: 3 })).cores, 3);
  }));

test('what cannot be run is refused', () =>
  withTest(async (_filled, create) => {
    for (const [wanted, message] of [
      [{ version: 7 }, /the test checkout has no version 7/],
      [{ options: { vus: 'many' } }, /vus/],
      [{ options: { nonsense: 1 } }, /nonsense/],
      [{ agents: 2 }, /the server knows no agents: start it with --nats, or leave "agents" out/],
    ] as const)
      await assert.rejects(create(wanted as NewRun), { kind: 'unusable', message }, JSON.stringify(wanted));
    const variable = create({ parameters: { '1A': 'x' } });
    await assert.rejects(variable, { kind: 'invalid', message: /"1A" is no name of a variable/ });
  }));

test('a test without a version cannot be run', () =>
  withTest(async (filled, create) => {
    await filled.database.query.updateTable('test').set({ latest_version: 0 }).execute();
    await assert.rejects(create(), { kind: 'conflict', message: /upload a script first/ });
  }));

test('a thousand may wait, and one more is refused; what is made elsewhere does not wait', () =>
  withTest(async (filled, create) => {
    const rows = Array.from({ length: 1000 }, () => filled.rowOf());
    for (let i = 0; i < rows.length; i += 200)
      await filled.database.query
        .insertInto('run')
        .values(rows.slice(i, i + 200))
        .execute();
    await assert.rejects(create(), { kind: 'conflict', message: /^1000 runs of the project wait already/ });
    const row = await create({}, { ...ORIGIN, reporter: 'person-ann' });
    assert.deepEqual([row.state, row.reporter], ['starting', 'person-ann']);
    assert.ok(row.lease_ms! > Date.now() && row.started_ms !== null);
  }));

test('with agents it is known how many make it', () =>
  withTest(async (_filled, create) => assert.equal((await create({ agents: 3 })).agents, 3), {
    nats: { url: 'nats://127.0.0.1:1', creds: null, ca: null, cert: null, key: null },
  }));
