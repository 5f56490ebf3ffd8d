import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { removeDraft } from './remove-draft.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-draft-'));
after(() => rmSync(folder, { recursive: true }));

test('a file or folder that was not finished is removed', () => {
  const [file, tree] = [path.join(folder, 'file'), path.join(folder, 'tree')];
  writeFileSync(file, '');
  mkdirSync(path.join(tree, 'deep'), { recursive: true });
  for (const place of [file, tree]) {
    removeDraft(place);
    assert.equal(existsSync(place), false, place);
  }
});

test('one that was never begun is no error, whatever stands where its folder was to be', () => {
  writeFileSync(path.join(folder, 'taken'), '');
  for (const place of ['absent', 'no/such/folder', 'taken/below', 'taken/far/below'])
    removeDraft(path.join(folder, place));
  removeDraft('/dev/null/cache/draft');
  assert.equal(existsSync(path.join(folder, 'taken')), true);
});
