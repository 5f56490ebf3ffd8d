import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ExitError } from '../../exit/exit-error.ts';
import { forgetRun, keepRun, type RunFile, readRunFile } from './run-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'run-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const env = { XDG_STATE_HOME: folder };

const FILE: RunFile = {
  run: '3f9a1c72be',
  key: 'a2V5',
  nats: { url: 'nats://host:4222', creds: '/keys/lead.nk', ca: null, cert: null, key: null },
  sign: '/keys/sign.key',
  words: ['run', '--nats', 'nats://host:4222', '--agents', '8', 'script.js'],
  script: 'script.js',
  folder: '/work',
  variables: { K6_VUS: '8' },
};

test('a run is kept for its user alone, as long as it lasts', () => {
  keepRun(FILE, env);
  assert.deepEqual(readRunFile(FILE.run, env), FILE);
  const file = path.join(folder, 'sixfold/runs/3f9a1c72be.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
  forgetRun(FILE.run, env);
  assert.throws(
    () => readRunFile(FILE.run, env),
    /the key of the run 3f9a1c72be is not on this machine .*none is kept there/,
  );
  // Once more: it is gone already.
  forgetRun(FILE.run, env);
});

test('a run that is not kept is named with those that are, and no name leads out of the folder', () => {
  keepRun(FILE, env);
  assert.throws(() => readRunFile('other', env), /there are 3f9a1c72be\)/);
  assert.deepEqual(readRunFile('../runs/3f9a1c72be', env).run, FILE.run);
  forgetRun(FILE.run, env);
});

test('a file that is none of a run is named with what it lacks, and nothing of it is shown', () => {
  keepRun(FILE, env);
  const file = path.join(folder, 'sixfold/runs/3f9a1c72be.json');
  const wrong: unknown[] = [null, 7, [], {}, 'a2V5'];
  for (const key of Object.keys(FILE) as (keyof RunFile)[])
    for (const value of [7, [7], { url: 7 }, { K6_VUS: 8 }, 'a2V5'])
      if (typeof value !== typeof FILE[key] || (typeof value === 'object' && key !== 'sign'))
        wrong.push({ ...FILE, [key]: value });
  for (const [name, text] of [...wrong.map((one) => JSON.stringify(one)), '{"key": "a2V5', ''].entries()) {
    writeFileSync(file, text);
    assert.throws(
      () => readRunFile(FILE.run, env),
      (error) =>
        error instanceof ExitError &&
        error.exitCode === 255 &&
        error.message.startsWith(`the file ${file} cannot be used: `) &&
        error.message.includes('Copy it anew') &&
        !error.message.includes('a2V5'),
      `${name}: ${text}`,
    );
  }
  forgetRun(FILE.run, env);
});
