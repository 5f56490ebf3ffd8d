// A part of a text is found, whatever is in it and however it is written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBothDatabases } from '../storage/filled-database.fixture.ts';
import { hasText } from './search-text.ts';

onBothDatabases((name, open) => {
  test(`${name}: what is searched for is taken as it is`, async () => {
    const filled = await open();
    try {
      const { kind, query } = filled.database;
      const notes = ['Load_Test', 'loadXtest', '100 % sure', 'back\\slash', "it's", 'Проверка'];
      for (const note of notes) await filled.addRun({ note, name: 'n', created_by: 'x' });
      const find = async (text: string): Promise<string[]> => {
        const rows = await query
          .selectFrom('run')
          .select('note')
          .where(hasText(kind, ['note', 'reason'], text))
          .orderBy('id')
          .execute();
        return rows.map(({ note }) => note);
      };
      assert.deepEqual(await find('LOAD'), ['Load_Test', 'loadXtest']);
      assert.deepEqual(await find('load_'), ['Load_Test']);
      assert.deepEqual(await find('0 %'), ['100 % sure']);
      assert.deepEqual(await find('%'), ['100 % sure']);
      assert.deepEqual(await find('K\\S'), ['back\\slash']);
      assert.deepEqual(await find("'"), ["it's"]);
      assert.deepEqual(await find('  sure '), ['100 % sure'], 'blanks around it are nothing');
      assert.deepEqual(await find('роверк'), ['Проверка']);
      assert.deepEqual(await find('x'.repeat(10_000)), []);
      assert.equal((await find('')).length, notes.length);
      // A column without a value has no part.
      assert.deepEqual(await find('null'), []);
    } finally {
      await filled.close();
    }
  });
});

test('SQLite knows the capitals of all letters', async () => {
  const { FilledDatabase } = await import('../storage/filled-database.fixture.ts');
  const filled = await FilledDatabase.open();
  try {
    await filled.addRun({ note: 'ПРОВЕРКА Ü' });
    const { query } = filled.database;
    const found = await query
      .selectFrom('run')
      .select('id')
      .where(hasText('sqlite', ['note'], 'проверка ü'))
      .execute();
    assert.equal(found.length, 1);
  } finally {
    await filled.close();
  }
});
