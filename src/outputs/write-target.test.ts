import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openTarget } from './write-target.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'write-target-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function makeFifo(name: string): string {
  const file = path.join(folder, name);
  execFileSync('mkfifo', [file]);
  return file;
}

test('a file has at once what was written to it', async () => {
  const file = path.join(folder, 'plain');
  const target = openTarget(file, 'w');
  target.write(Buffer.from('text'));
  assert.equal(readFileSync(file, 'utf8'), 'text');
  await target.close();
});

test('a full disk is an exception, not the end', { skip: process.platform !== 'linux' }, () => {
  const target = openTarget('/dev/full', 'a');
  assert.throws(() => target.write(Buffer.from('text')), { code: 'ENOSPC' });
});

test('a pipe that nobody reads holds up nobody, takes so much memory and no more, and says what was lost', async () => {
  const target = openTarget(makeFifo('stalled'), 'w');
  const block = Buffer.alloc(1024 * 1024);
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 300; i++) target.write(block);
  assert.ok(process.memoryUsage.rss() - before < 200 * 1024 * 1024);
  await assert.rejects(target.close(), /reader was too slow: \d{9} bytes were left out/);
});

test('a pipe that is read gets all of it', async () => {
  const file = makeFifo('read');
  const target = openTarget(file, 'w');
  const reader = await open(file, 'r');
  const blocks = Array.from({ length: 50 }, (_, i) => Buffer.alloc(65_536, i));
  for (const block of blocks) target.write(block);
  const wanted = Buffer.concat(blocks);
  const reading = (async () => {
    const seen = Buffer.alloc(wanted.length);
    for (let at = 0; at < seen.length; ) at += (await reader.read(seen, at, seen.length - at)).bytesRead;
    return seen;
  })();
  await target.close();
  assert.ok((await reading).equals(wanted));
  await reader.close();
});
