// Who may what: the less of what the token and the person may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role, Scope } from '../api/documents.ts';
import { FilledDatabase, PERSON } from '../storage/filled-database.fixture.ts';
import { findCaller, isAtLeast, NOBODY, roleIn } from './caller.ts';
import { addCredential, isSpendable, revokeAll, spendCredential } from './people.ts';

async function withDatabase(work: (filled: FilledDatabase) => Promise<void>): Promise<void> {
  const filled = await FilledDatabase.open();
  try {
    await work(filled);
  } finally {
    await filled.close();
  }
}

interface Wish {
  readonly kind?: 'session' | 'token';
  readonly scopes?: readonly Scope[];
  readonly projectId?: string | null;
  readonly lifeMs?: number | null;
}

async function add(
  { database }: FilledDatabase,
  { kind = 'token', lifeMs = null, ...rest }: Wish = {},
): Promise<string> {
  return (await addCredential(database.query, { kind, user_id: PERSON, name: 'CI', lifeMs, ...rest })).text;
}

const ROLES: readonly (Role | null)[] = [null, 'viewer', 'runner', 'admin'];

test('in a project a token may the less of its scope and of what its owner may', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    const levels: readonly [Scope, number][] = [
      ['read', 1],
      ['run', 2],
      ['admin', 3],
      ['server', 3],
    ];
    for (const [place, role] of ROLES.entries()) {
      await query.deleteFrom('member').execute();
      if (role !== null)
        await query.insertInto('member').values({ project_id: 'shop', user_id: PERSON, role }).execute();
      const person = await findCaller(query, await add(filled, { kind: 'session' }), 'session');
      assert.equal(await roleIn(query, person!, 'shop'), role);
      for (const [scope, level] of levels) {
        const caller = await findCaller(query, await add(filled, { scopes: [scope] }), 'token');
        assert.equal(await roleIn(query, caller!, 'shop'), ROLES[Math.min(place, level)], `${role} with ${scope}`);
      }
    }
  }));

test('a token without scopes may nothing, with several the most of them', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    await query.insertInto('member').values({ project_id: 'shop', user_id: PERSON, role: 'admin' }).execute();
    const roleWith = async (...scopes: Scope[]) =>
      roleIn(query, (await findCaller(query, await add(filled, { scopes }), 'token'))!, 'shop');
    assert.deepEqual(
      [await roleWith(), await roleWith('read', 'run'), await roleWith('admin', 'read')],
      [null, 'runner', 'admin'],
    );
  }));

test('a token for one project knows of no other, and rules no server', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    await filled.addProject('books');
    await query.updateTable('person').set({ is_admin: 1 }).execute();
    const scopes: Scope[] = ['server'];
    const bound = (await findCaller(query, await add(filled, { scopes, projectId: 'shop' }), 'token'))!;
    assert.deepEqual([await roleIn(query, bound, 'shop'), await roleIn(query, bound, 'books')], ['admin', null]);
    assert.equal(bound.isServerAdmin, false);
    const free = (await findCaller(query, await add(filled, { scopes }), 'token'))!;
    assert.equal(free.isServerAdmin, true);
    const narrow = (await findCaller(query, await add(filled, { scopes: ['admin'] }), 'token'))!;
    assert.deepEqual([narrow.isServerAdmin, await roleIn(query, narrow, 'books')], [false, 'admin']);
  }));

test('what has expired, is of another kind, or of somebody who is disabled lets nobody in', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    const token = await add(filled);
    assert.equal(await findCaller(query, token, 'session'), null);
    assert.equal(await findCaller(query, `${token}x`, 'token'), null);
    assert.equal(await findCaller(query, await add(filled, { lifeMs: -1 }), 'token'), null);
    assert.notEqual(await findCaller(query, await add(filled, { lifeMs: 60_000 }), 'token'), null);
    await query.updateTable('person').set({ is_disabled: 1 }).execute();
    assert.equal(await findCaller(query, token, 'token'), null);
  }));

test('a caller is named as people know it, and its use is noted once a minute', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    const token = await add(filled);
    const before = Date.now();
    assert.equal((await findCaller(query, token, 'token'))?.name, 'ann@example.com (token CI)');
    const used = async () =>
      (await query.selectFrom('credential').select('used_ms').executeTakeFirstOrThrow()).used_ms!;
    assert.ok((await used()) >= before);
    await query
      .updateTable('credential')
      .set({ used_ms: Date.now() - 30_000 })
      .execute();
    const kept = await used();
    await findCaller(query, token, 'token');
    assert.equal(await used(), kept);
    await query
      .updateTable('credential')
      .set({ used_ms: Date.now() - 61_000 })
      .execute();
    await findCaller(query, token, 'token');
    assert.ok((await used()) >= before);
  }));

test('nothing of what lets in is kept as it is', () =>
  withDatabase(async (filled) => {
    const token = await add(filled);
    const row = await filled.database.query.selectFrom('credential').selectAll().executeTakeFirstOrThrow();
    assert.ok(token.startsWith(row.prefix) && row.prefix.length <= 10);
    assert.doesNotMatch(JSON.stringify(row), new RegExp(token.slice(10)));
  }));

test('a link is good once, for its purpose, while it lasts', () =>
  withDatabase(async ({ database: { query } }) => {
    const { text } = await addCredential(query, { kind: 'link', user_id: PERSON, lifeMs: 60_000 });
    assert.equal(await isSpendable(query, text, 'setup'), false);
    assert.equal(await spendCredential(query, text, 'setup'), null);
    assert.equal(await isSpendable(query, text, 'link'), true);
    assert.deepEqual(await spendCredential(query, text, 'link'), { userId: PERSON });
    assert.equal(await spendCredential(query, text, 'link'), null);
    const old = await addCredential(query, { kind: 'link', user_id: PERSON, lifeMs: -1 });
    assert.equal(await isSpendable(query, old.text, 'link'), false);
    assert.equal(await spendCredential(query, old.text, 'link'), null);
  }));

test('all sessions of somebody end, and tokens stay', () =>
  withDatabase(async (filled) => {
    const { query } = filled.database;
    const [session, token] = [await add(filled, { kind: 'session' }), await add(filled)];
    await revokeAll(query, PERSON, ['session']);
    assert.equal(await findCaller(query, session, 'session'), null);
    assert.notEqual(await findCaller(query, token, 'token'), null);
  }));

test('nobody may nothing', () =>
  withDatabase(async ({ database }) => {
    assert.equal(await roleIn(database.query, NOBODY, 'shop'), null);
    const order = ['viewer', 'runner', 'admin'] as const;
    for (const [i, role] of order.entries())
      for (const [k, wanted] of order.entries()) assert.equal(isAtLeast(role, wanted), i >= k, `${role}, ${wanted}`);
  }));
