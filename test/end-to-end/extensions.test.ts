// Extensions as packages: the example's own test, and what is said of those that are not there or cannot be used.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { ROOT } from '../../scripts/root.ts';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

// A test runner that is told of another one above it reports to that.
const { NODE_TEST_CONTEXT: _, ...withoutRunner } = process.env;

test('the example package passes its own test', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', 'line.test.js'], {
    cwd: path.join(ROOT, 'examples/extension-line'),
    env: { ...withoutRunner, SIXFOLD: launcherPath() },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /pass 1/);
});

function install(name: string, manifest: object, files: Readonly<Record<string, string>>): void {
  const home = path.join(scratch.folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(
    path.join(home, 'package.json'),
    JSON.stringify({ name, version: '3.1.4', type: 'module', ...manifest }),
  );
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(home, file), text);
}

test('an extension that is not installed, or not for this version, ends the test before any load', async () => {
  const missing = scratch.write('missing.js', "import x from 'k6/x/nowhere';\nexport default () => x;");
  const { exit, stderr } = await runCommand(['run', missing], { cwd: scratch.folder });
  assert.equal(exit, 107);
  assert.match(stderr, /unknown module: k6\/x\/nowhere.*npm install sixfold-x-nowhere.*missing\.js:1:15/s);
  install('sixfold-x-newer', { sixfold: { api: 2, modules: { 'k6/x/newer': './index.js' } } }, { 'index.js': '' });
  const newer = scratch.write('newer.js', "import x from 'k6/x/newer';\nexport default () => x;");
  const refused = await runCommand(['run', newer], { cwd: scratch.folder });
  assert.equal(refused.exit, 107);
  assert.match(refused.stderr, /sixfold-x-newer 3\.1\.4.* version 2 .*update sixfold/);
});

test('an extension has the rights of a load worker; what it does wrong is told, and an output that loses samples is said', async () => {
  install(
    'sixfold-x-curious',
    { sixfold: { api: 1, modules: { 'k6/x/curious': './index.js' }, outputs: { leaky: './output.js' } } },
    {
      'index.js': `import { writeFileSync } from 'node:fs';
        import { spawnSync } from 'node:child_process';
        export default { create: () => ({ attempt: { kind: 'plain', run: () => [() => writeFileSync('${scratch.folder}/written', ''), () => spawnSync('true')].map((f) => { try { f(); return 'done'; } catch (e) { return e.code; } }) } }) };`,
      'output.js': `export default { create: () => ({ addSamples() { throw new Error('the disk of the other side is full'); }, stop() {} }) };`,
    },
  );
  scratch.write('package.json', JSON.stringify({ dependencies: { 'sixfold-x-curious': '*' } }));
  const file = scratch.write(
    'curious.js',
    "import ext from 'k6/x/curious';\nexport default () => console.log(JSON.stringify(ext.attempt()));",
  );
  const run = await runCommand(['run', '--out', 'leaky', file], { cwd: scratch.folder });
  assert.match(run.stderr + run.stdout, /ERR_ACCESS_DENIED.*ERR_ACCESS_DENIED/);
  assert.match(run.stderr, /leaky \(sixfold-x-curious 3\.1\.4\): the disk of the other side is full/);
  assert.match(run.stdout, /! the output leaky .* is not complete/);
  assert.equal(run.exit, 0);
  const deps = JSON.parse((await runCommand(['deps', '--json', file], { cwd: scratch.folder })).stdout);
  assert.equal(deps.customBuildRequired, false);
  assert.deepEqual(deps.extensions, [
    {
      name: 'k6/x/curious',
      package: 'sixfold-x-curious',
      version: '3.1.4',
      file: path.join(scratch.folder, 'node_modules/sixfold-x-curious/index.js'),
    },
  ]);
});
