// Logs and outputs that nobody reads, or that have no room: the test goes on, ends in time, and its code says what was lost.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { Command, Scratch } from './command.ts';
import { watchMemory } from './peak-memory.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const skipFull = existsSync('/dev/full') ? false : 'no /dev/full on this machine';
const skipFifo = spawnSync('mkfifo', ['--version']).status === 0 ? false : 'no mkfifo on this machine';

const quiet = scratch.write(
  'quiet.js',
  `export const options = { vus: 2, iterations: 2000 };
   export default function () {}`,
);
const loud = scratch.write(
  'loud.js',
  `export const options = { vus: 4, duration: '3s', gracefulStop: '0s' };
   const line = 'x'.repeat(2000);
   export default function () { for (let i = 0; i < 100; i++) console.log(line); }`,
);

function run(...words: string[]) {
  return new Command(['run', '-q', ...words], { cwd: scratch.folder });
}

test('a pipe under --out that nobody reads holds up neither the test nor its end, and the summary says what it lacks', {
  skip: skipFifo,
}, async () => {
  const fifo = path.join(scratch.folder, 'unread');
  execFileSync('mkfifo', [fifo]);
  // A reader that never reads, and none at all.
  for (const reader of [await open(fifo, 'r+'), null]) {
    const { exit, stdout, stderr } = await run('--strict', '--out', `json=${fifo}`, quiet).ended;
    await reader?.close();
    assert.equal(exit, 120, stderr);
    assert.match(stdout, /the output [^\n]* is not complete/);
    assert.match(stdout, /iterations\.*: 2000 /);
    assert.match(stderr, /reader was too slow: \d+ bytes were left out/);
  }
});

test('a full disk under --out is said in the summary, and --strict makes 120 of it', { skip: skipFull }, async () => {
  for (const [kind, flags, code] of [
    ['json', [], 0],
    ['csv', ['--strict'], 120],
  ] as const) {
    const { exit, stdout, stderr } = await run(...flags, '--out', `${kind}=/dev/full`, quiet).ended;
    assert.equal(exit, code, stderr);
    assert.match(stdout, /the output [^\n]* is not complete[^\n]*ENOSPC/);
    assert.match(stdout, /iterations\.*: 2000 /);
    assert.match(stderr, /could not write to [^\n]*: ENOSPC/);
  }
});

test('a full disk under the log or the console is said once, and the summary comes', { skip: skipFull }, async () => {
  for (const flags of [
    ['--log-output', 'file=/dev/full'],
    ['--console-output', '/dev/full'],
  ]) {
    const { exit, stdout, stderr } = await run(...flags, loud).ended;
    assert.equal(exit, 255, stderr.slice(0, 2000));
    assert.match(stdout, /iterations\.*: /);
    assert.equal(stderr.match(/ENOSPC/g)?.length, 1, stderr.slice(0, 2000));
  }
});

test('crossed thresholds say more than a full disk: their code stays', { skip: skipFull }, async () => {
  const file = scratch.write(
    'crossed.js',
    `export const options = { iterations: 1, thresholds: { iterations: ['count>5'] } };
     export default function () {}`,
  );
  assert.equal((await run('--out', 'json=/dev/full', file).ended).exit, 99);
});

test('a log whose reader takes nothing costs lines, not memory, and the program ends', async () => {
  const command = run(loud);
  const { child } = command;
  // Nothing is taken out of its pipe any more.
  child.stderr?.pause();
  const peakMb = watchMemory(child.pid as number);
  const began = performance.now();
  await new Promise((resolve) => child.once('exit', resolve));
  const seconds = (performance.now() - began) / 1000;
  const peak = peakMb();
  child.stderr?.resume();
  const { stdout } = await command.ended;
  assert.equal(child.exitCode, 0);
  assert.match(stdout, /iterations\.*: /);
  assert.ok(peak < 700, `${peak} MB`);
  // 3 s of test, 5 s of patience; the rest is a busy machine.
  assert.ok(seconds < 80, `${seconds} s`);
});

test('a slow reader of the log gets every line, while the script waits', async () => {
  const file = scratch.write(
    'slowly.js',
    `export const options = { iterations: 40 };
     const line = 'x'.repeat(2000);
     export default function () { for (let i = 0; i < 100; i++) console.log('line', __ITER * 100 + i, line); }`,
  );
  const command = run('--log-format', 'raw', file);
  const stderr = command.child.stderr!;
  // Takes a piece, and then nothing for a moment.
  stderr.on('data', () => {
    stderr.pause();
    setTimeout(() => stderr.resume(), 5);
  });
  const { exit, stderr: said } = await command.ended;
  assert.equal(exit, 0);
  const numbers = [...said.matchAll(/^line (\d+) /gm)].map((match) => Number(match[1]));
  assert.deepEqual(
    numbers,
    Array.from({ length: 4000 }, (_, index) => index),
  );
});
