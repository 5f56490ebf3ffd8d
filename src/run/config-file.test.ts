import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readConfigFile } from './config-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'config-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('the file that the user names has to be there, and has to be JSON', () => {
  assert.deepEqual(readConfigFile(write('named.json', '{"vus":3}')), { vus: 3 });
  assert.throws(() => readConfigFile(path.join(folder, 'none.json')), {
    exitCode: 104,
    message: /could not read .*none/,
  });
  assert.throws(() => readConfigFile(write('bad.json', '{')), {
    exitCode: 104,
    message: /bad\.json" is not valid JSON/,
  });
});

test('without a name ours is read, else k6’s, else none', {
  skip: process.platform === 'linux' ? false : 'the folder is a variable on Linux only',
}, () => {
  const env = { XDG_CONFIG_HOME: folder };
  assert.equal(readConfigFile(undefined, env), undefined);
  write('k6/config.json', '{"vus":1}');
  assert.deepEqual(readConfigFile(undefined, env), { vus: 1 });
  write('sixfold/config.json', '{"vus":2}');
  assert.deepEqual(readConfigFile(undefined, env), { vus: 2 });
  write('sixfold/config.json', 'no');
  assert.throws(() => readConfigFile(undefined, env), { exitCode: 104 });
});
