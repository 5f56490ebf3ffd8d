import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadPermissions } from '../../cluster/agent/load-permissions.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-run-time-')));
after(() => rmSync(folder, { recursive: true, force: true }));

test('what a package reads through the bundler goes no further where its process may not read it', () => {
  const secret = path.join(folder, 'secret.json');
  writeFileSync(secret, '{"token":"hidden"}');
  const root = path.join(folder, 'root');
  const packages = { good: 'module.exports = "good";', evil: `module.exports = require(${JSON.stringify(secret)});` };
  for (const [name, text] of Object.entries(packages)) {
    mkdirSync(path.join(root, 'node_modules', name), { recursive: true });
    writeFileSync(path.join(root, 'node_modules', name, 'index.js'), text);
  }
  const code = `
    import { compileRunTimePackage } from ${JSON.stringify(new URL('run-time-module.ts', import.meta.url).href)};
    for (const name of ['good', 'evil'])
      try { console.log(compileRunTimePackage(name, ${JSON.stringify(path.join(root, 'main.js'))}).program.code); }
      catch (error) { console.log(error.message); }`;
  const flags = [...loadPermissions(root), '--input-type=module', '--eval', code];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  assert.match(stdout, /"good"/, stderr);
  assert.match(stdout, /secret\.json, which may not be read here/, stderr);
  assert.doesNotMatch(stdout, /hidden/);
});
