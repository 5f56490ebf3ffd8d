import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findOwnLibrary } from '../own-libraries.ts';
import { isInRoot, placeInRoot } from './script-root.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-root-'));
const root = path.join(folder, 'root');
after(() => rmSync(folder, { recursive: true }));
before(() => {
  mkdirSync(path.join(root, 'deep'), { recursive: true });
  mkdirSync(path.join(folder, 'root-beside'));
  for (const file of ['root/a.js', 'root/deep/b.js', 'outside.js', 'root-beside/c.js'])
    writeFileSync(path.join(folder, file), '');
  symlinkSync(path.join(folder, 'outside.js'), path.join(root, 'out.js'));
  symlinkSync('../deep/b.js', path.join(root, 'deep/in.js'));
  symlinkSync(folder, path.join(root, 'up'));
  symlinkSync(root, path.join(folder, 'alias'));
});
const at = (name: string): string => path.join(folder, name);

describe('what lies in the root of a script', () => {
  test('is the root itself and all below it, whatever way it is written or linked', () => {
    for (const name of [
      'root',
      'root/a.js',
      'root/deep/b.js',
      'root/deep/../a.js',
      'root/./a.js',
      'alias/a.js',
      'root/deep/in.js',
    ])
      assert.equal(isInRoot(at(name), root), true, name);
    assert.equal(isInRoot(at('root/a.js'), at('alias')), true);
    assert.equal(isInRoot(at('root/not-there.js'), root), true);
  });

  test('is neither what is beside it, nor what a link leads out to', () => {
    for (const name of [
      '',
      'outside.js',
      'root-beside/c.js',
      'root/../outside.js',
      'root/out.js',
      'root/up/outside.js',
      'gone.js',
    ])
      assert.equal(isInRoot(at(name), root), false, name);
    for (const file of ['/', '/etc/passwd', '/dev/null', '/proc/self/environ'])
      assert.equal(isInRoot(file, root), false, file);
  });

  test('are libraries of the program’s own, wherever it is installed', () => {
    assert.equal(isInRoot(findOwnLibrary('sixfold/jslib/utils')!, root), true);
  });
});

test('an absolute path of the script’s author means the file below the root, and one within it that file', () => {
  assert.equal(placeInRoot('/home/ann/data.json', root), path.join(root, 'home/ann/data.json'));
  assert.equal(placeInRoot(at('root/a.js'), root), at('root/a.js'));
  assert.equal(placeInRoot('/../../etc/passwd', root), path.join(root, 'etc/passwd'));
});
