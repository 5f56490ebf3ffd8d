// Starting the process of a run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const PROGRAM = `
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RunProcess } from ${JSON.stringify(new URL('./run-process.ts', import.meta.url).href)};
const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-run-process-'));
const start = (name) => new Promise((resolve) => {
  const files = { bytes: Buffer.from(''), type: 'js', fileName: 'a.js' };
  new RunProcess(path.join(folder, name), files, {}, {
    onMessage() {},
    onExit: (code, signal, words) => resolve(words),
  }).kill();
});
await start('first');
const files = [];
try {
  for (;;) files.push(openSync('/dev/null'));
} catch {}
// What it writes itself has room, the pipes of a process have none.
const { closeSync } = await import('node:fs');
closeSync(files.pop());
console.log(await start('second'));
for (const file of files) closeSync(file);
rmSync(folder, { recursive: true });
`;

test('a run whose process cannot be started ends with the reason', async () => {
  const { stdout } = await promisify(execFile)(
    'sh',
    ['-c', 'ulimit -n 80; exec "$0" --input-type=module -e "$1"', process.execPath, PROGRAM],
    { timeout: 60_000 },
  );
  assert.match(stdout, /EMFILE/);
});
