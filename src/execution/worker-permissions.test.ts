import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { workerPermissions } from './worker-permissions.ts';

/** What code of a thread tries, by name; each runs with the modules' names in scope. */
const ATTEMPTS = {
  read: 'fs.readFileSync(file)',
  write: "fs.writeFileSync(file + '.new', '')",
  change: "fs.appendFileSync(file, 'x')",
  remove: 'fs.rmSync(file)',
  cache: "fs.writeFileSync(path.join(module.getCompileCacheDir() ?? file, 'x'), '')",
  process: "childProcess.execFileSync(process.execPath, ['-v'])",
  thread: "new threads.Worker('1', { eval: true })",
  addon: 'process.dlopen({ exports: {} }, file)',
  network: "net.connect(1, '127.0.0.1').on('error', () => {})",
};

test('a load worker reads and uses the network; it neither writes nor starts anything, and its process is not restricted', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'worker-permissions-'));
  try {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'text');
    const attempts = Object.entries(ATTEMPTS).map(
      ([name, code]) =>
        `try { ${code}; done.push('${name}'); } catch (error) { if (!/ERR_(ACCESS_DENIED|DLOPEN_DISABLED)/.test(error.code)) throw error; }`,
    );
    const source = `import fs from 'node:fs'; import path from 'node:path'; import net from 'node:net'; import module from 'node:module';
      import childProcess from 'node:child_process'; import threads from 'node:worker_threads';
      import { dropLoadingPermissions } from ${JSON.stringify(new URL('./worker-permissions.ts', import.meta.url).href)};
      module.enableCompileCache();
      dropLoadingPermissions(false);
      const file = ${JSON.stringify(file)}; const done = [];
      ${attempts.join('\n')}
      threads.parentPort.postMessage(done);`;
    const code = path.join(folder, 'code.mjs');
    writeFileSync(code, source);
    const done = await new Promise((resolve, reject) => {
      const worker = new Worker(code, { execArgv: workerPermissions() });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    assert.deepEqual(done, ['read', 'network']);
    writeFileSync(file, 'the main thread writes');
    execFileSync(process.execPath, ['-e', '']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
