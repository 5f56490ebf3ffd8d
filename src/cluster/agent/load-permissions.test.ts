import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { isWithinProgram, loadPermissions } from './load-permissions.ts';

const PERMISSIONS = new URL('../../execution/worker-permissions.ts', import.meta.url).href;

/** What is tried in the process of a load, and again in a thread of it with the flags of load workers. */
const TRIES = `
  const fs = require('node:fs');
  const outcome = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
  const tried = {
    script: outcome(() => fs.readFileSync(process.env.SCRIPT)),
    passwords: outcome(() => fs.readFileSync('/etc/passwd')),
    key: outcome(() => fs.readFileSync('/etc/ssl/private/server.key')),
    otherKey: outcome(() => fs.readFileSync('/etc/pki/tls/private/server.key')),
    home: outcome(() => fs.readdirSync(process.env.HOME ?? '/root')),
    writing: outcome(() => fs.writeFileSync(process.env.SCRIPT + '.new', 'x')),
  };
`;

test('the process of a load and its threads read the script and nothing of the machine, and write nothing', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'load-permissions-'));
  try {
    const script = path.join(folder, 'script.js');
    writeFileSync(script, '');
    const code = `
      import { Worker } from 'node:worker_threads';
      import { createRequire } from 'node:module';
      import { workerPermissions } from ${JSON.stringify(PERMISSIONS)};
      const require = createRequire(import.meta.url);
      ${TRIES}
      console.log(JSON.stringify(tried));
      const thread = new Worker(${JSON.stringify(`${TRIES} require('node:worker_threads').parentPort.postMessage(tried)`)}, {
        eval: true,
        execArgv: workerPermissions(),
      });
      thread.on('message', (tried) => console.log(JSON.stringify(tried)));`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [...loadPermissions(folder), '--input-type=module', '-e', code],
      { encoding: 'utf8', env: { ...process.env, SCRIPT: script, HOME: os.homedir() } },
    );
    const expected = {
      script: 'done',
      passwords: 'ERR_ACCESS_DENIED',
      key: 'ERR_ACCESS_DENIED',
      otherKey: 'ERR_ACCESS_DENIED',
      home: 'ERR_ACCESS_DENIED',
      writing: 'ERR_ACCESS_DENIED',
    };
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [expected, expected],
      stderr,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what lies in the folder of the program is within it, and what lies beside is not', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  assert.ok(isWithinProgram(root));
  assert.ok(isWithinProgram(path.join(root, 'data')));
  assert.ok(!isWithinProgram(`${root}-data`));
  assert.ok(!isWithinProgram(path.dirname(root)));
});
