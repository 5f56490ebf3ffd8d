// What both databases throw where somebody else was faster is known as that, and nothing else is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Reader } from './database.ts';
import { onBothDatabases, PERSON } from './filled-database.fixture.ts';
import { lostRace } from './lost-race.ts';

onBothDatabases((name, open) => {
  const thrown = (what: string, expected: ReturnType<typeof lostRace>, work: (query: Reader) => Promise<unknown>) =>
    test(`${name}: ${what}`, async () => {
      const filled = await open();
      try {
        await assert.rejects(work(filled.database.query), (error) => lostRace(error) === expected);
        await assert.rejects(
          filled.database.transact(work),
          (error) => lostRace(error) === expected,
          'within a transaction too',
        );
      } finally {
        await filled.close();
      }
    });

  thrown('a name that another row has', 'taken', (query) =>
    query
      .insertInto('person')
      .columns(['id', 'email', 'name', 'is_admin', 'is_disabled', 'created_ms'])
      .expression(
        query.selectFrom('person').select(['name as id', 'email', 'name', 'is_admin', 'is_disabled', 'created_ms']),
      )
      .execute(),
  );

  thrown('a key that another row has', 'taken', (query) =>
    query
      .insertInto('blob')
      .values({ digest: 'd1', size: 1, data: Buffer.from('x') })
      .execute(),
  );

  thrown('a row that refers to one that is gone', 'gone', (query) =>
    query.insertInto('member').values({ project_id: 'removed', user_id: PERSON, role: 'viewer' }).execute(),
  );

  thrown('a row that is gone', 'gone', (query) =>
    query.selectFrom('run').selectAll().where('id', '=', 'removed').executeTakeFirstOrThrow(),
  );

  thrown('a row without what it has to have', null, (query) =>
    query
      .updateTable('person')
      .set({ name: null as unknown as string })
      .execute(),
  );

  thrown('a statement that is none', null, (query) => sql`selec 1`.execute(query));
});

test('what is no failure of a database is none', () => {
  for (const error of [
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    null,
    undefined,
    'text',
  ])
    assert.equal(lostRace(error), null);
});
