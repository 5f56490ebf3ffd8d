import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { makeFolder } from './make-folder.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'sixfold-folder-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

test('a folder is made with all that it lies in, for whom the mode says, and may be there', () => {
  const folder = path.join(scratch, 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  if (process.platform !== 'win32')
    for (const made of [folder, path.dirname(folder)]) assert.equal(statSync(made).mode & 0o777, 0o700);
  makeFolder(`${path.join(scratch, 'd', '..', 'e')}${path.sep}`);
  assert.ok(existsSync(path.join(scratch, 'e')));
});

test('a file in its place or on the way is an error', () => {
  const file = path.join(scratch, 'file');
  writeFileSync(file, '');
  assert.throws(() => makeFolder(file), { code: 'EEXIST' });
  assert.throws(() => makeFolder(path.join(file, 'below', 'it')), { code: /ENOTDIR|ENOENT/ });
});

test('where the system makes nothing, that is an error and no endless attempt', {
  skip: !existsSync('/proc/self'),
}, () => {
  assert.throws(() => makeFolder('/proc/none-such'), { syscall: 'mkdir' });
  assert.throws(() => makeFolder('/proc/none-such/a/b'), { syscall: 'mkdir' });
});
