import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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

test('the file that the user names has to be there, and has to be an object in JSON', async () => {
  assert.deepEqual(await readConfigFile(write('named.json', '\uFEFF{"vus":3}')), { vus: 3 });
  const refused = (name: string, message: RegExp) =>
    assert.rejects(readConfigFile(path.join(folder, name)), { exitCode: 104, message });
  await refused('none.json', /could not read .*none/);
  await refused('.', /could not read/);
  write('bad.json', '{\n  "vus": 3,\n}');
  await refused('bad.json', /bad\.json" is not valid JSON: .*line 3 column 1/);
  for (const text of ['[]', '5', 'null']) {
    write('odd.json', text);
    await refused('odd.json', /odd\.json" must hold an object of options/);
  }
});

test('a module is loaded, in JavaScript or TypeScript, anew where it has changed, and says where it fails', async () => {
  const file = write('config.ts', 'const vus: number = 3;\nexport default { vus, duration: undefined };');
  assert.deepEqual(await readConfigFile(file), { vus: 3 });
  writeFileSync(file, 'export default { vus: 4 };');
  utimesSync(file, 1, 1);
  assert.deepEqual(await readConfigFile(file), { vus: 4 });
  const refused = (name: string, text: string, message: RegExp) =>
    assert.rejects(readConfigFile(write(name, text)), { exitCode: 104, message });
  await refused('none.mjs', 'export const vus = 3;', /exports nothing by default/);
  await refused('throws.mjs', "\nthrow new Error('no');", /cannot be loaded: Error: no \(.*throws\.mjs:2:7\)/);
  await refused('broken.mjs', 'export default {', /broken\.mjs" cannot be loaded: SyntaxError/);
  await refused('imports.mjs', "import 'not-there';", /cannot be loaded: .*not-there/);
  await refused('function.mjs', 'export default () => ({});', /must hold an object/);
  await assert.rejects(readConfigFile(path.join(folder, 'missing.mjs')), { message: /could not read/ });
});

test('without a name ours is read, else k6’s, else none', {
  skip: process.platform === 'linux' ? false : 'the folder is a variable on Linux only',
}, async () => {
  const env = { XDG_CONFIG_HOME: folder };
  assert.equal(await readConfigFile(null, env), undefined);
  write('k6/config.json', '{"vus":1}');
  assert.deepEqual(await readConfigFile(null, env), { vus: 1 });
  write('sixfold/config.json', '{"vus":2}');
  assert.deepEqual(await readConfigFile(null, env), { vus: 2 });
  write('sixfold/config.json', 'no');
  await assert.rejects(readConfigFile(null, env), { exitCode: 104 });
});
