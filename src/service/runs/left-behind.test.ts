// What the process of a run leaves for whoever takes the run up: found whole or not at all, and only where its server is gone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  claimFolder,
  deadFolders,
  findLeft,
  leaveBehind,
  removeFolder,
  runFolder,
  serverFolder,
} from './left-behind.ts';
import { bareEnding } from './write-ending.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(os.tmpdir(), 'sixfold-left-'));
});
afterEach(() => rmSync(data, { recursive: true }));

/** @returns the folder of a server with folders of runs */
function addServer(id: string, pid: string | null, ...runs: string[]): string {
  const folder = serverFolder(data, id);
  mkdirSync(path.join(folder, 'work'), { recursive: true });
  if (pid !== null) writeFileSync(path.join(folder, 'pid'), pid);
  for (const run of runs) mkdirSync(runFolder(folder, run));
  return folder;
}
/** Of a process that was there a moment ago. */
const deadPid = (): string => execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();

test('what is left comes back as it was, octets too, with when it was written', () => {
  const folder = addServer('one', null, 'r');
  const before = Date.now();
  const ending = { ...bareEnding(99, 'ü\0'), record: new Uint8Array([0, 255]) };
  leaveBehind(runFolder(folder, 'r'), ending);
  const left = findLeft(folder, 'r')!;
  assert.ok(left.atMs >= before && left.atMs <= Date.now());
  assert.ok(left.message.type === 'end');
  assert.deepEqual([left.message.exitCode, left.message.reason, [...left.message.record!]], [99, 'ü\0', [0, 255]]);
});

test('the last that is left counts, and is for its owner alone', () => {
  const folder = runFolder(addServer('one', null, 'r'), 'r');
  leaveBehind(folder, bareEnding(1, 'first'));
  leaveBehind(folder, bareEnding(0, 'second'));
  const left = findLeft(serverFolder(data, 'one'), 'r')!;
  assert.equal(left.message.type === 'end' && left.message.reason, 'second');
  assert.deepEqual(readdirSync(folder), ['left.bin'], 'nothing lies beside it');
  if (process.platform !== 'win32') assert.equal(statSync(path.join(folder, 'left.bin')).mode & 0o777, 0o600);
});

test('where nothing is left, or nothing that can be read, there is nothing', () => {
  const folder = addServer('one', null, 'r', 'cut');
  assert.equal(findLeft(folder, 'r'), null);
  assert.equal(findLeft(folder, 'none'), null);
  for (const bytes of ['', 'nonsense', Buffer.from([0xff, 0x0f, 0x6f])]) {
    writeFileSync(path.join(runFolder(folder, 'cut'), 'left.bin'), bytes);
    assert.equal(findLeft(folder, 'cut'), null);
  }
});

test('where it cannot be written, that is said', () => {
  assert.throws(() => leaveBehind(path.join(data, 'none'), bareEnding(0, '')), { code: 'ENOENT' });
});

test('folders of servers that are gone are found, with those of their runs that have left something', () => {
  const pid = deadPid();
  const folder = addServer('gone', pid, 'with', 'without');
  leaveBehind(runFolder(folder, 'with'), bareEnding(0, ''));
  addServer('empty', pid);
  assert.deepEqual(
    deadFolders(data, 'own').sort((a, b) => (a.server < b.server ? -1 : 1)),
    [
      { server: 'empty', folder: serverFolder(data, 'empty'), runs: [] },
      { server: 'gone', folder, runs: ['with'] },
    ],
  );
});

test('a server that lives keeps its folder, and so does the one that asks', () => {
  addServer('alive', String(process.ppid));
  claimFolder(addServer('own', null));
  assert.deepEqual(deadFolders(data, 'own'), []);
  // In containers the one before had the same number as this process.
  assert.deepEqual(
    deadFolders(data, 'another').map(({ server }) => server),
    ['own'],
  );
});

test('where nobody knows whose it is, a folder stays', () => {
  for (const [id, pid] of [
    ['none', null],
    ['nothing', ''],
    ['text', 'abc'],
    ['group', '-1'],
    ['zero', '0'],
    ['part', '1.5'],
  ] as const)
    addServer(id, pid);
  assert.deepEqual(deadFolders(data, 'own'), []);
});

test('what is no folder of a server is not looked at', () => {
  mkdirSync(path.join(data, 'backup'));
  writeFileSync(path.join(data, 'server-file'), 'x');
  writeFileSync(path.join(data, 'sixfold.db'), 'x');
  assert.deepEqual(deadFolders(data, 'own'), []);
});

test('a folder goes with all that is in it, once or twice', () => {
  const folder = addServer('gone', '1', 'r');
  leaveBehind(runFolder(folder, 'r'), bareEnding(0, ''));
  removeFolder(folder);
  removeFolder(folder);
  assert.ok(!existsSync(folder));
});
