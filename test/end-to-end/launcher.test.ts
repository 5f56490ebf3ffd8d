// What the launcher hands on where the machine's own Node is the one that Sixfold needs, so that the program runs in its process.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'launcher-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const launcher = path.join(folder, 'node.js');
symlinkSync(path.join(ROOT, 'bin/node.js'), launcher);

async function launch(name: string, text: string): Promise<{ exit: number | null; output: string }> {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return await runProgram(process.execPath, [launcher, file, 'a', '--b'], { cwd: folder, output: 'keep' });
}

test('a program that waits for what never comes has not succeeded: it ends as Node itself ends it', async () => {
  const { exit } = await launch('never', 'await new Promise(() => {});');
  assert.equal(exit, 13);
});

test('a program ends with the code that it says, or fails with what it throws', async () => {
  const said =
    'await new Promise((resolve) => setImmediate(resolve)); console.log(process.argv.slice(2).join()); process.';
  assert.deepEqual(await launch('done', `${said}argv;`), { exit: 0, output: 'a,--b\n' });
  assert.deepEqual(await launch('code', `${said}exitCode = 7;`), { exit: 7, output: 'a,--b\n' });
  assert.deepEqual(await launch('exit', `${said}exit();`), { exit: 0, output: 'a,--b\n' });
  const { exit, output } = await launch('thrown', "throw new Error('no such thing');");
  assert.equal(exit, 1);
  assert.match(output, /Error: no such thing/);
});
