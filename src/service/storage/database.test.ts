// Databases that cannot be opened are named, without their passwords.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { findFreePort } from '../../../test/servers/spawn-on-loopback.ts';
import { openDatabase } from './database.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-database-'));
after(() => rmSync(folder, { recursive: true }));

test('an address of another kind is refused, and says which there are', async () => {
  await assert.rejects(openDatabase('mysql://ann:s3cret@db/shop', folder), {
    exitCode: 255,
    message: '--database mysql://****:****@db/shop: use postgres://USER:PASSWORD@HOST/NAME',
  });
  // Who writes an address forgets to escape what is in a password.
  await assert.rejects(openDatabase('mysql://ann:s3@cr:et@db/shop', folder), {
    message: '--database mysql://****:****@db/shop: use postgres://USER:PASSWORD@HOST/NAME',
  });
});

test('a server that is not there is said, without the password', async () => {
  const port = await findFreePort();
  const failing = openDatabase(`postgres://ann:s3cret@127.0.0.1:${port}/shop`, folder);
  await assert.rejects(failing, (error: Error) => {
    assert.match(error.message, /^--database postgres:\/\/\*+:\*+@127\.0\.0\.1:\d+\/shop: .*ECONNREFUSED/);
    return true;
  });
});

test('a file that is no database is said', async () => {
  await assert.rejects(openDatabase(folder, folder), /the database .* cannot be opened: unable to open database file/);
});

test('a file that is made is for its owner alone', { skip: process.platform === 'win32' }, async () => {
  const file = path.join(folder, 'made', 'sixfold.db');
  const database = await openDatabase(file, folder);
  await database.migrate();
  await database.close();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
});

test('a database of a later version is refused, and left as it is', async () => {
  const file = path.join(folder, 'later.db');
  const database = await openDatabase(file, folder);
  await database.migrate();
  await database.query
    .insertInto('kysely_migration' as never)
    .values({ name: '9999-later', timestamp: '2030-01-01' } as never)
    .execute();
  await assert.rejects(database.migrate(), {
    message: 'a later version of Sixfold made this database: update Sixfold',
  });
  await database.close();
});

test('a version that there is not is refused', async () => {
  const database = await openDatabase(':memory:', folder);
  await assert.rejects(database.migrate('0000-none'), /the schema: .*0000-none/);
  await database.close();
});
