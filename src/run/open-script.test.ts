import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { packArchive } from '../script/archive/archive.ts';
import { writeTar } from '../script/archive/tar.ts';
import { openArchivedScript, openScript } from './open-script.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'open-script-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const main = path.join(folder, 'main.js');
writeFileSync(main, 'export default () => {};');

const archive = packArchive({
  file: main,
  pwd: folder,
  files: [],
  remote: new Map(),
  metadata: {
    options: {},
    env: { A: 'b' },
    compatibilityMode: 'extended',
    k6version: '1',
    goos: 'linux',
    dependencies: {},
  },
});
const tar = path.join(folder, 'archive.tar');
writeFileSync(tar, archive);

test('a file is opened as it is, one that is not there too: compiling it says why', () => {
  for (const file of [main, path.join(folder, 'nowhere.js')]) {
    const { name, place, archive, source } = openScript(file, null);
    assert.deepEqual(
      { name, place, archive, source },
      { name: file, place: { file, folder }, archive: null, source: null },
    );
  }
});

test('a text that is given takes the place of standard input', () => {
  const { place, source, archive } = openScript('-', null, 'text');
  assert.deepEqual({ file: place.file, source, archive }, { file: null, source: 'text', archive: null });
});

test('an archive is known by what it holds, whatever its name, unless somebody says that it is a script', () => {
  const odd = path.join(folder, 'archive.js');
  writeFileSync(odd, archive);
  for (const file of [tar, odd]) {
    const opened = openScript(file, null);
    assert.deepEqual(opened.archive?.env, { A: 'b' });
    opened.close();
  }
  assert.equal(openScript(tar, 'js').archive, null);
  assert.throws(() => openScript(main, 'archive'), { exitCode: 255, message: /the archive .*main\.js cannot be used/ });
});

test('what was unpacked lies below a root, is shown with its own paths, and is gone when it is closed', () => {
  const { place, name, showPaths, close } = openScript(tar, null);
  const { root, file } = place;
  assert.ok(root !== undefined && file === name && file === path.join(root, main));
  assert.equal(readFileSync(file, 'utf8'), readFileSync(main, 'utf8'));
  assert.equal(showPaths(`at ${file}:1:2 and ${file}`), `at ${main}:1:2 and ${main}`);
  close();
  assert.equal(existsSync(root), false);
  close();
});

test('no name of an archive leads out of the folder that it is unpacked to', () => {
  const metadata = { filename: 'file:///a.js', pwd: 'file:///', options: {}, env: {} };
  const evil = (name: string): Buffer =>
    writeTar([
      { name: 'metadata.json', body: Buffer.from(JSON.stringify(metadata)) },
      { name: 'data', body: Buffer.from('1') },
      { name, body: Buffer.from('evil') },
    ]);
  for (const name of ['file/../../evil', 'file//../../../evil', 'file/a/../../../evil'])
    assert.throws(() => openArchivedScript(evil(name), 'x'), { exitCode: 255, message: /leads out of it/ }, name);
  openArchivedScript(evil('file/a/../b'), 'x').close();
});
