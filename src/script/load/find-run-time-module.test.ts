import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findRunTimeModule, refuseOnWeb } from './find-run-time-module.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sixfold-find-'));
after(() => rmSync(folder, { recursive: true }));
const base = path.join(folder, 'script.js');

test('a file is found beside the module that asks, with and without its ending, also as a folder', () => {
  mkdirSync(path.join(folder, 'parts'));
  for (const name of ['one.js', 'typed.ts', 'parts/index.js']) writeFileSync(path.join(folder, name), '');
  const find = (specifier: string): string => path.relative(folder, findRunTimeModule(specifier, base));
  assert.deepEqual(
    ['./one.js', './one', './typed', './parts', pathToFileURL(path.join(folder, 'one.js')).href].map(find),
    ['one.js', 'one.js', 'typed.ts', 'parts/index.js', 'one.js'],
  );
});

test('what is not there is refused with the path that was tried', () => {
  assert.throws(() => findRunTimeModule('./absent.js', base), { message: new RegExp(path.join(folder, 'absent.js')) });
  assert.throws(() => findRunTimeModule('k6/htp', base), /did you mean k6\/http/);
  assert.throws(() => findRunTimeModule('ftp://a/b.js', base), /couldn't be recognised/);
});

test('a module of the web asks for addresses beside its own', () => {
  const at = 'https://example.com/lib/1.0/main.js';
  assert.equal(findRunTimeModule('./part.js', at), 'https://example.com/lib/1.0/part.js');
  assert.equal(findRunTimeModule('https://other.example/x.js', at), 'https://other.example/x.js');
  assert.throws(() => findRunTimeModule('lodash', at), /can only load others by their address/);
  assert.throws(() => refuseOnWeb('https://example.com/x.js'), /cannot be fetched while the script runs/);
  refuseOnWeb(base);
});
