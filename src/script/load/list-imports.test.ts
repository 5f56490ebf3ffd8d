import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { type Imports, listImports } from './list-imports.ts';
import { ScriptError } from './script-error.ts';

const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-imports-')));
after(() => rmSync(root, { recursive: true }));
let made = 0;

/** What the first of the files imports; files with paths relative to its folder. */
async function imports(files: Readonly<Record<string, string>>): Promise<Imports> {
  const folder = path.join(root, `script-${made++}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const found = await listImports(path.join(folder, Object.keys(files)[0]!));
  return { ...found, files: found.files.map((file) => path.relative(folder, file)) };
}
async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('it is no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScriptError, String(error));
  return error.message;
}

describe('what a script and its modules import', () => {
  test('is told apart by kind, sorted, and named once', async () => {
    const found = await imports({
      'main.ts': `import http from 'k6/http'; import { sleep } from 'k6'; import { a } from './lib/a.js';
        import own from 'k6/x/own'; import late from 'https://a.test/late.js'; import early from 'https://a.test/early.js?v=1';
        export default (): unknown => [http, sleep, a, own, late, early];`,
      'lib/a.js': `const b = require('./b'); export * from 'k6/http'; export { x } from 'https://a.test/late.js'; export const a = b;`,
      'lib/b.json': '{}',
      'unused.js': `import 'k6/ws';`,
    });
    assert.deepEqual(found, {
      modules: ['k6', 'k6/http', 'k6/x/own'],
      files: ['lib/a.js', 'lib/b.json', 'main.ts'],
      remote: ['https://a.test/early.js?v=1', 'https://a.test/late.js'],
    });
  });

  test('is known though nothing of it is there: neither addresses nor modules of k6 are looked at', async () => {
    const found = await imports({
      'main.js': `import 'k6/no-such'; import 'https://127.0.0.1:1/x.js'; import 'http://a.test/y.js';`,
    });
    assert.deepEqual(
      [found.modules, found.remote],
      [['k6/no-such'], ['http://a.test/y.js', 'https://127.0.0.1:1/x.js']],
    );
  });

  test('has what packages import in it, by the file that a script gets of them', async () => {
    const found = await imports({
      'main.js': `import p from 'pack'; import s from '@scope/pack';`,
      'node_modules/pack/package.json': '{"main":"node.js","browser":"browser.js"}',
      'node_modules/pack/node.js': `require('fs');`,
      'node_modules/pack/browser.js': `export { get } from 'k6/http'; export default 1;`,
      'node_modules/@scope/pack/package.json': '{"exports":{"browser":"./b.mjs","default":"./d.js"}}',
      'node_modules/@scope/pack/b.mjs': `export default 2;`,
      'node_modules/@scope/pack/d.js': '',
    });
    assert.deepEqual(found.modules, ['k6/http']);
    assert.deepEqual(found.files, ['main.js', 'node_modules/@scope/pack/b.mjs', 'node_modules/pack/browser.js']);
  });

  test('has what libraries of the program’s own need of packages, but not their files', async () => {
    const found = await imports({
      'main.js': `import { describe } from 'sixfold/jslib/k6chaijs'; export default () => describe;`,
      'node_modules/chai/package.json': '{"main":"index.js"}',
      'node_modules/chai/index.js': `export const expect = 1, assert = 2, Assertion = 3, use = 4, util = 5, config = 6; export default {};`,
    });
    assert.deepEqual(found.files, ['main.js', 'node_modules/chai/index.js']);
    assert.deepEqual(found.modules, ['k6']);
  });

  test('follows circles and links', async () => {
    const found = await imports({
      'main.js': `import './a.js';`,
      'a.js': `import './main.js'; import './a.js';`,
    });
    assert.deepEqual(found.files, ['a.js', 'main.js']);
    const link = path.join(root, 'link.js');
    symlinkSync(path.join(root, `script-${made - 1}`, 'main.js'), link);
    assert.equal((await listImports(link)).files.length, 2);
  });
});

describe('what cannot be listed is said', () => {
  test('where the script is missing or is a folder', async () => {
    assert.match(await reasonOf(listImports(path.join(root, 'no.js'))), /no\.js couldn't be found: check its path/);
    assert.match(await reasonOf(listImports(root)), /couldn't be found/);
  });

  test('where a file is missing or is no script, with its place', async () => {
    assert.match(await reasonOf(imports({ 'main.js': `\n  import './gone.js';` })), /main\.js:2:10: .*"\.\/gone\.js"/);
    assert.match(
      await reasonOf(imports({ 'main.js': `import './bad.js';`, 'bad.js': 'let žž = 1; let = ;' })),
      /bad\.js:1:19: /,
    );
  });
});
