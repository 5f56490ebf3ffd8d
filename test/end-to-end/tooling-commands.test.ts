// Commands that look at scripts or help the shell: what they print, and how they refuse.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

test('deps tells modules, files and missing extensions apart', async () => {
  scratch.write('lib.js', "import exec from 'k6/execution'; export const x = exec;");
  const file = scratch.write(
    'main.ts',
    "import http from 'k6/http'; import { x } from './lib.js'; import y from 'k6/x/nowhere'; import { z } from 'https://mods.example/z.js'; export default () => http.get(String(x ?? y ?? z));",
  );
  const { exit, stdout } = await runCommand(['deps', '--json', file], { cwd: scratch.folder });
  assert.equal(exit, 0);
  const { buildDependencies, imports, customBuildRequired } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(buildDependencies, { k6: '*', 'k6/x/nowhere': '*' });
  assert.deepEqual(imports, [
    `file://${scratch.folder}/lib.js`,
    'https://mods.example/z.js',
    'k6/execution',
    'k6/http',
    'k6/x/nowhere',
  ]);
  assert.equal(customBuildRequired, true);
});

test('deps says where a script cannot be read', async () => {
  const broken = scratch.write('broken.js', "import http from 'k6/http';\nexport default () => {");
  const { exit, stderr } = await runCommand(['deps', broken], { cwd: scratch.folder });
  assert.equal(exit, 107);
  assert.match(stderr, /broken\.js:2:/);
  assert.equal((await runCommand(['deps', 'nowhere.js'], { cwd: scratch.folder })).exit, 255);
});

test('features that are on tag all samples; one that there is not is an error in the log', async () => {
  const file = scratch.write(
    'tags.js',
    "import exec from 'k6/execution'; export const options = { iterations: 1, tags: { from: 'script' } }; export default () => console.log(JSON.stringify(exec.test.options.tags));",
  );
  const run = await runCommand(['run', '-q', '--features', 'merge-run-tags,warp', '--tag', 'by=flag', file], {
    cwd: scratch.folder,
  });
  assert.equal(run.exit, 0);
  assert.match(run.stderr, /no feature flag \\?"warp/);
  assert.match(
    run.stderr,
    /\{\\?"from\\?":\\?"script\\?",\\?"by\\?":\\?"flag\\?",\\?"k6_feature_merge_run_tags\\?":\\?"true\\?"\}/,
  );
});
