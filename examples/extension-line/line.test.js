// Tries the extension as its users do. SIXFOLD may name the program's file; otherwise it is the one that npm has installed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const { SIXFOLD } = process.env;
const command = SIXFOLD ? [process.execPath, SIXFOLD] : ['npx', 'sixfold'];

test('lines are asked and answered, measured and counted', async () => {
  const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-x-line-'));
  const counts = path.join(folder, 'counts.txt');
  try {
    const [program, ...words] = command;
    const run = spawn(
      program,
      [
        ...words,
        ...['run', 'try.js', '-e', `PORT=${port}`, '--out', `lines=${counts}`],
        ...['--secret-source', 'env=prefix=APP_', '--config', 'hosts.json'],
      ],
      { cwd: import.meta.dirname, env: { ...process.env, APP_TOKEN: 'hush-hush' } },
    );
    let output = '';
    for (const stream of [run.stdout, run.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const exit = await new Promise((resolve) => run.on('close', resolve));
    assert.equal(exit, 0, output);
    assert.match(output, /line_answers\.*: 30 /);
    assert.doesNotMatch(output, /hush-hush/);
    assert.match(readFileSync(counts, 'utf8'), /^line_answers 30$/m);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
