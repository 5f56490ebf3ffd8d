import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { compareFolders } from './conformance-sync.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

test('finds what differs, is missing or is left over, and leaves what is ours alone', () => {
  write('a/run.mjs', 'same');
  write('b/run.mjs', 'same');
  write('a/cases/one.js', '1');
  write('b/cases/one.js', '2');
  write('a/cases/new.js', '');
  write('b/cases/old.js', '');
  write('b/known-failures.txt', 'cases/one');
  write('b/node_modules/x/index.js', '');
  assert.deepEqual(compareFolders(path.join(folder, 'a'), path.join(folder, 'b')), [
    'cases/new.js',
    'cases/old.js',
    'cases/one.js',
  ]);
});
