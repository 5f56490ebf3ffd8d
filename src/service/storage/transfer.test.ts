// SQLite becomes PostgreSQL: everything that people have made is there, and works.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import type { LogLine, Page, Run } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';
import { openDatabase } from './database.ts';
import { LATEST } from './migrations.ts';
import { exportDatabase, importDatabase } from './transfer.ts';

test('everything of SQLite comes to PostgreSQL as it was', { skip: NO_POSTGRES }, async (t) => {
  const postgres: DatabaseServer = await spawnPostgres();
  const before = await ServiceUnderTest.start();
  const ends = [() => postgres.stop(), () => before.stop()];
  t.after(async () => {
    while (ends.length > 0) await ends.pop()!();
  });
  const { admin } = before;
  const project = await before.project('Shop');
  await admin.expect('PUT', `/projects/${project.id}/secrets/KEY`, { value: 'hunter2 ü' });
  const made = await admin.makeTest(
    project.id,
    'one',
    `import secrets from 'k6/secrets'; export default async function () { console.log((await secrets.get('KEY')).length); }`,
  );
  const { id } = await admin.post<Run>(`/tests/${made.id}/runs`, { note: 'with "quotes" and ü' });
  await admin.waitFor(id, 'passed');
  const report = (await admin.expect('GET', `/runs/${id}/report`)).text;
  const file = path.join(before.folder, 'export.ndjson');
  const sent = await exportDatabase(before.service.database, file);
  assert.equal(sent['run']?.rows, 1);
  const address = `postgres://ann:s3cret@127.0.0.1:${postgres.port}/postgres`;
  const target = await openDatabase(address, before.folder);
  await target.migrate();
  const text = readFileSync(file, 'utf8');
  const broken = path.join(before.folder, 'broken.ndjson');
  for (const [content, reason] of [
    [text.split('\n').slice(0, -2).join('\n'), /it is cut short/],
    [text.replace('with \\"quotes', 'with \\"others'), /what has come of the table run is not what was sent/],
    ...['{"a":1}', 'null', '7', '[]', '{}', 'x'].map((line) => [line, /no file of "sixfold server export"/] as const),
    ...(
      [
        ['null', /no file of "sixfold server export"/],
        ['[]', /there is no table "undefined"/],
        ['{"table":"person","row":null}', /a row of the table person is no object/],
        ['{"table":"person","row":7}', /a row of the table person is no object/],
        ['{"table":"person","row":{"id":{}}}', /a row of the table person is none/],
      ] as const
    ).map(([line, reason]) => [`${text.split('\n')[0]}\n${line}\n`, reason] as const),
    [text.replace(LATEST, '0009-later'), /its schema is 0009-later/],
  ] as const) {
    writeFileSync(broken, content);
    assert.notEqual(content, text);
    await assert.rejects(importDatabase(target, broken), reason);
  }
  await importDatabase(target, file);
  await assert.rejects(importDatabase(target, file), /the database is not empty/);
  await target.close();
  await ends.pop()!();
  const later = await ServiceUnderTest.start({ database: address });
  ends.push(() => later.stop());
  const { items } = await later.admin.get<Page<Run>>(`/projects/shop/runs`);
  assert.deepEqual(
    items.map((run) => [run.id, run.note, run.state]),
    [[id, 'with "quotes" and ü', 'passed']],
  );
  assert.equal((await later.admin.expect('GET', `/runs/${id}/report`)).text, report);
  const again = await later.admin.post<Run>(`/runs/${id}/again`);
  await later.admin.waitFor(again.id, 'passed');
  const { lines } = await later.admin.get<{ lines: LogLine[] }>(`/runs/${again.id}/logs`);
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['9'],
  );
});
