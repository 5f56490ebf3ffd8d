import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { isArchive, openArchive, packArchive } from './archive.ts';
import { readTar, writeTar } from './tar.ts';

test('tar files come back as they were written, long names and odd sizes too', () => {
  const entries = [0, 1, 511, 512, 513].map((size) => ({
    name: `${'folder/'.repeat(size > 511 ? 30 : 1)}${size}`,
    body: Buffer.alloc(size, 7),
  }));
  assert.deepEqual(readTar(writeTar(entries)), entries);
  assert.throws(() => readTar(writeTar(entries).subarray(0, 900)), /damaged or cut short/);
});

test('an archive holds the script, its files and the manifests of its packages', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-pack-'));
  try {
    const write = (name: string, text: string): string => {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    };
    const main = write('main.js', 'main');
    write('node_modules/thing/package.json', '{"name":"thing"}');
    const files = [main, write('node_modules/thing/lib/index.js', 'thing'), write('data/users.json', '[]')];
    const metadata = {
      options: {},
      env: { A: 'b' },
      compatibilityMode: 'extended',
      k6version: '1',
      goos: 'linux',
      dependencies: { k6: '*' },
    };
    const remote = new Map([['https://h/a.js?b', { text: 'web', resolved: 'https://h/c.js' }]]);
    const bytes = packArchive({ metadata, file: main, pwd: folder, files, remote });
    assert.ok(isArchive(bytes));
    const archive = openArchive(bytes);
    assert.equal(archive.main, main);
    assert.deepEqual([...archive.files].map(([name, body]) => [path.relative(folder, name), body.toString()]).sort(), [
      ['data/users.json', '[]'],
      ['main.js', 'main'],
      ['node_modules/thing/lib/index.js', 'thing'],
      ['node_modules/thing/package.json', '{"name":"thing"}'],
    ]);
    assert.deepEqual(archive.metadata.env, { A: 'b' });
    assert.equal(archive.remote.get('h/a.js?b')?.toString(), 'web');
    assert.deepEqual(archive.metadata.redirects, { 'https://h/a.js?b': 'https://h/c.js' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('who made an archive is not told', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-pack-'));
  const file = path.join(folder, 'a.js');
  writeFileSync(file, '');
  const metadata = {
    options: {},
    env: {},
    compatibilityMode: 'extended',
    k6version: '1',
    goos: 'linux',
    dependencies: {},
  };
  const { metadata: shown } = openArchive(
    packArchive({ metadata, file, pwd: '/home/ann/tests', files: [], remote: new Map() }),
  );
  assert.equal(shown.pwd, 'file:///home/nobody/tests');
  rmSync(folder, { recursive: true });
});

test('what is no archive of a script is refused with what is missing', () => {
  const body = Buffer.from('{}');
  assert.throws(() => openArchive(writeTar([{ name: 'a', body }])), /has no metadata.json/);
  assert.throws(() => openArchive(writeTar([{ name: 'metadata.json', body: Buffer.from('{') }])), /is no JSON/);
  assert.throws(() => openArchive(writeTar([{ name: 'metadata.json', body }])), /names no script/);
  const script = { filename: 'file:///s.js' };
  for (const [metadata, reason] of [
    [null, /metadata\.json cannot be used: it is no object/],
    [7, /it is no object/],
    [[], /it is no object/],
    [{}, /names no script/],
    [{ filename: 7 }, /names no script/],
    [{ filename: 'file://elsewhere/s.js' }, /names a script that cannot be: file:\/\/elsewhere/],
    [{ filename: 'file:///%zz%2Fs.js' }, /names a script that cannot be/],
    [{ ...script, env: 7 }, /its "env" is no object/],
    [{ ...script, env: [] }, /its "env" is no object/],
    [{ ...script, env: { A: 7 } }, /"A" in its "env" is no text/],
    [{ ...script, options: [] }, /its "options" is no object/],
    [{ ...script, redirects: { a: null } }, /"a" in its "redirects" is no text/],
  ] as const) {
    const tar = writeTar([
      { name: 'metadata.json', body: Buffer.from(JSON.stringify(metadata)) },
      { name: 'data', body: Buffer.from('') },
    ]);
    assert.throws(() => openArchive(tar), { message: reason }, JSON.stringify(metadata));
  }
  const named = Buffer.from('{"filename":"file:///x.js"}');
  assert.throws(
    () => openArchive(writeTar([{ name: 'metadata.json', body: named }])),
    /the script \/x.js is not in it/,
  );
  assert.ok(!isArchive(Buffer.from('export default function () {}')));
});
