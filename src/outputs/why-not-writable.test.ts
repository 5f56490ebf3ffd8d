import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { whyNotWritable } from './why-not-writable.ts';
import { openTarget } from './write-target.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-writable-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);

test('asking leaves a file as it is, and makes none', () => {
  writeFileSync(at('there'), 'kept');
  assert.equal(whyNotWritable(at('there')), null);
  assert.equal(readFileSync(at('there'), 'utf8'), 'kept');
  assert.equal(whyNotWritable(at('new')), null);
  assert.equal(existsSync(at('new')), false);
});

test('folders, missing folders and links to nowhere are told apart', () => {
  assert.equal(whyNotWritable(folder), 'it is a folder');
  assert.equal(whyNotWritable(at('no/such/file')), 'its folder does not exist');
  assert.match(whyNotWritable(at('there/below')) ?? '', /there is no folder/);
  symlinkSync(at('target'), at('link'));
  assert.equal(whyNotWritable(at('link')), null, 'it is made where the link points to');
});

test('what may be opened and takes nothing is found out before there is load', {
  skip: process.platform !== 'linux',
}, () => {
  assert.match(whyNotWritable('/proc/version') ?? '', /EIO|EACCES/);
  assert.throws(() => openTarget('/proc/version', 'w'), /EIO|EACCES/);
  for (const file of ['/dev/null', '/dev/full']) assert.equal(whyNotWritable(file), null, 'there may be room later');
});

test('a pipe without a reader keeps nobody waiting', { skip: process.platform === 'win32' }, () => {
  execFileSync('mkfifo', [at('pipe')]);
  assert.equal(whyNotWritable(at('pipe')), null);
});
