import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { findCommand } from './command-words.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'command-words-'));
const before = process.cwd();
process.chdir(folder);
after(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});
for (const name of ['stop', 'smoke', 'there.js']) writeFileSync(name, '');

const commands = new Set(['run', 'stop', 'help']);
const find = (line: string) => {
  const { command, words } = findCommand(line.split(' '), commands);
  return [command, words.join(' ')];
};

test('a word that is a command means that, whatever files there are', () => {
  assert.deepEqual(find('run there.js -u 2'), ['run', 'run there.js -u 2']);
  assert.deepEqual(find('stop'), ['stop', 'stop']);
});

test('a script alone is run', () => {
  for (const line of [
    'there.js',
    'there.js -u 2',
    'missing.ts --vus 3',
    './smoke',
    'smoke',
    '-',
    '-u 2 there.js',
    'x.tar',
  ])
    assert.deepEqual(find(line), ['run', `run ${line}`]);
});

test('flags of every command may stand before it', () => {
  assert.deepEqual(find('--quiet run there.js'), ['run', 'run --quiet there.js']);
  assert.deepEqual(find('-c run.json --log-format=raw -v run there.js'), [
    'run',
    'run -c run.json --log-format=raw -v there.js',
  ]);
  assert.deepEqual(find('--address :6565 there.js'), ['run', 'run --address :6565 there.js']);
});

test('what is neither is left as it is', () => {
  for (const line of ['runn', 'toString', '--nothing', '--help', '--version', '-u 2', '--config'])
    assert.deepEqual(find(line), [null, line]);
});
