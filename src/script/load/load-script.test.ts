import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { traceOrigin } from './code-origin.ts';
import { type LoadedScript, type LoadOptions, loadScript } from './load-script.ts';
import { ScriptError } from './script-error.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-load-'));
after(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const load = (name: string, options?: LoadOptions): Promise<LoadedScript> =>
  loadScript({ path: name, cwd: folder }, options);

async function failure(promise: Promise<unknown>): Promise<ScriptError> {
  const error = await promise.then(
    () => assert.fail('expected a ScriptError'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScriptError, String(error));
  return error;
}

/** Where the text `marker` of the joined code comes from. */
function origin(script: LoadedScript, marker: string): string {
  const before = script.code.slice(0, script.code.indexOf(marker)).split('\n');
  const found = traceOrigin(script.origin, before.length, before.at(-1)!.length + 1);
  return found ? `${path.relative(folder, found.file)}:${found.line}:${found.column}` : 'nowhere';
}

test('of a script with a root nothing outside becomes part of it, and absolute paths are those within', async () => {
  const root = path.join(folder, 'root');
  const secret = path.join(folder, 'secret.json');
  write({
    'secret.json': '{"token":"hidden"}',
    'code.js': 'export default "hidden";',
    'root/home/me/data.json': '{"token":"own"}',
    'root/node_modules/good/index.js': 'module.exports = "good";',
    'root/node_modules/evil/index.js': `module.exports = require(${JSON.stringify(secret)});`,
  });
  symlinkSync(secret, path.join(root, 'link.json'));
  const compile = (source: string) => {
    write({ 'root/main.js': source });
    return loadScript({ path: 'main.js', cwd: root }, { root });
  };
  const outside = [secret, '../secret.json', '../code.js', `file://${secret}`, './link.json', `${root}/../secret.json`];
  for (const specifier of outside) {
    const { reason } = await failure(compile(`import t from ${JSON.stringify(specifier)}; export default () => t;`));
    assert.match(reason, /lies outside of the script's archive|does not exist/, specifier);
    const script = await compile(`const t = require(${JSON.stringify(specifier)}); export default () => t;`);
    assert.ok(!script.code.includes('hidden'), specifier);
  }
  const evil = await compile(`import t from 'evil'; export default () => t;`).catch(() => null);
  assert.ok(!JSON.stringify([evil?.code, evil?.shared]).includes('hidden'));
  const fine = await compile(
    `import t from '/home/me/data.json'; import good from 'good'; import { randomItem as expect } from 'sixfold/jslib/utils'; export default () => [t, good, expect];`,
  );
  assert.match(fine.code, /own/);
  const { reason } = await failure(loadScript({ path: '../code.js', cwd: root }, { root }));
  assert.match(reason, /lies outside of its archive/);
});

test('a script that imports only k6 modules is taken as it is', async () => {
  const source = "import http from 'k6/http';\nexport default function () { http.get('x'); }\n";
  write({ 'single.js': source });
  const script = await load('single.js');
  assert.equal(script.code, source);
  assert.equal(script.isCommonJs, false);
  assert.equal(origin(script, 'http.get'), 'single.js:2:30');
});

test('a file without import, export and top-level await is a CommonJS module, in its own lines', async () => {
  write({ 'common.js': "const http = require('k6/http');\nexports.default = () => http.get('x');\n" });
  const script = await load('common.js');
  assert.equal(script.isCommonJs, true);
  assert.equal(origin(script, 'http.get'), 'common.js:2:25');
  write({ 'awaits.js': 'const x = await Promise.resolve(1);' });
  assert.equal((await load('awaits.js')).isCommonJs, false);
});

test('modules are joined, whatever a package.json says of their kind', async () => {
  write({
    'package.json': '{ "type": "module" }',
    'many.js': "import { a } from './lib/a.js';\nimport old from './lib/old.js';\nexport default () => a(old);\n",
    'lib/a.js': "// first line\nexport const a = (x) => ['marker', x];\n",
    'lib/old.js': "module.exports = { is: 'commonjs' };\n",
    'main-common.js': "module.exports.default = () => require('./lib/old.js');\n",
  });
  const script = await load('many.js');
  assert.equal(origin(script, '"marker"'), 'lib/a.js:2:26');
  assert.equal((await load('main-common.js')).isCommonJs, true);
});

test('TypeScript is stripped, enums and namespaces turned into code, lines kept', async () => {
  write({
    'typed.ts':
      "import http from 'k6/http';\n\nenum Level { Low = 1 }\nexport default function (x?: number): void {\n  http.get('marker' as string);\n}\n",
  });
  const script = await load('typed.ts');
  assert.equal(origin(script, '"marker"'), 'typed.ts:5:12');
  const piped = await loadScript({ path: null, source: 'const x: number = 1; export default () => x;', cwd: folder });
  assert.match(piped.code, /const x = 1/);
});

test('what is missing is named with its place', async () => {
  const missing = await failure(load('nope.js'));
  assert.equal(missing.kind, 'missing');
  assert.match(missing.message, /nope\.js does not exist/);
  write({
    'bad-import.js': "import './not-there.js';\n",
    'bad-syntax.js': 'let a = 1;\n  let b = ;\n',
    'bad-name.js': "import { nope } from './lib/a.js';\nnope();\n",
  });
  const badImport = await failure(load('bad-import.js'));
  assert.deepEqual([badImport.kind, badImport.line, badImport.column], ['import', 1, 8]);
  const badSyntax = await failure(load('bad-syntax.js'));
  assert.deepEqual([badSyntax.kind, badSyntax.line, badSyntax.column], ['syntax', 2, 11]);
  assert.match(badSyntax.message, /2 \| {3}let b = ;\n {2}\| {11}\^/);
  assert.equal((await failure(load('bad-name.js'))).kind, 'import');
  assert.match((await failure(load('.'))).message, /is a folder/);
});

test('an unknown k6 module is answered with the nearest name, a removed one with its replacement', async () => {
  write({
    'unknown.js': "import x from 'k6/htp';\nexport default () => x;\n",
    'removed.js': "import x from 'k6/experimental/timers';\nexport default () => x;\n",
    'extension.js': "import x from 'k6/x/nobody-has-written-this';\nexport default () => x;\n",
    'node.js': "import fs from 'node:fs';\nexport default () => fs;\n",
    'web.js': "import x from 'http://example.com/x.js';\nexport default () => x;\n",
    'bare.js': "import x from 'not-installed';\nexport default () => x;\n",
    'dynamic.js': "export default () => import('./lib/a.js');\n",
  });
  assert.match((await failure(load('unknown.js'))).reason, /did you mean k6\/http\?/);
  assert.match((await failure(load('removed.js'))).reason, /'k6\/timers' instead/);
  assert.match((await failure(load('extension.js'))).reason, /extensions/);
  assert.match((await failure(load('node.js'))).reason, /Node\.js/);
  assert.match((await failure(load('web.js'))).reason, /https only/);
  assert.match((await failure(load('bare.js'))).reason, /node_modules/);
});

test('what only fails when it runs does not keep a script from being loaded', async () => {
  write({
    'dynamic.js': "export default () => import('./no-such.js');\n",
    'dynamic-many.js': "import './lib/a.js';\nexport default () => import('./no-such.js');\n",
    'requires.js':
      "for (const load of [() => require('crypto'), () => require('./no-such.js'), () => require('k6/no')]) load;\n",
  });
  for (const name of ['dynamic.js', 'dynamic-many.js', 'requires.js']) assert.ok((await load(name)).code, name);
});

test('a CommonJS script may return at its top, an ES module may not', async () => {
  write({
    'returns.js': 'exports.default = () => 1;\nif (exports) return;\nexports.default = null;\n',
    'returns-esm.js': 'export default () => 1;\nif (1) return;\n',
  });
  assert.equal((await load('returns.js')).isCommonJs, true);
  const error = await failure(load('returns-esm.js'));
  assert.deepEqual([error.kind, error.line, error.column], ['syntax', 2, 8]);
});

test('a name that a file does not export is refused with its place and the nearest name', async () => {
  write({
    'misses.js': "import { a,\n  trasnfer } from './lib/names.js';\nexport default () => [a, trasnfer];\n",
    'lib/names.js': 'export const a = 1, transfer = 2;\n',
  });
  const error = await failure(load('misses.js'));
  assert.deepEqual([error.kind, error.line, error.column], ['import', 2, 3]);
  assert.match(error.reason, /did you mean "?transfer/);
});

test('each module imports an import.meta of its own; text that only looks like it stays', async () => {
  write({
    'meta.js':
      "import './lib/meta.js';\nexport default () => import.meta.resolve('import.meta.resolve'); // import.meta\n",
    'lib/meta.js': "globalThis.y = import /* a */ .meta\n  .resolve('./y.json');\n",
  });
  const { code } = await load('meta.js');
  const names = [...code.matchAll(/^import (\S+) from "sixfold:import-meta:file:[^"]*?\/((?:lib\/)?meta\.js)";$/gm)];
  assert.deepEqual(
    names.map(([, , file]) => file),
    ['lib/meta.js', 'meta.js'],
  );
  assert.ok(code.includes(`globalThis.y = ${names[0]![1]}.resolve("./y.json")`));
  assert.ok(code.includes(`() => ${names[1]![1]}.resolve("import.meta.resolve")`));
});

test('what a script imports of a shared package by name has to be there', async () => {
  write({
    'node_modules/names/package.json': '{ "name": "names", "module": "main.js" }',
    'node_modules/names/main.js': 'export const transfer = 1;',
    'names.js': "import { sleep } from 'k6';\nimport {\n  transfr } from 'names';\nexport default () => transfr;\n",
  });
  const error = await failure(load('names.js'));
  assert.deepEqual([error.kind, error.line, error.column], ['import', 3, 3]);
  assert.match(error.reason, /did you mean "?transfer/);
});

const PACKAGES = {
  'node_modules/lists/package.json': '{ "name": "lists", "main": "main.js" }',
  'node_modules/lists/main.js':
    "const { one } = require('ones'); exports.map = (list, fn) => list.map(fn); exports.one = one;",
  'node_modules/ones/package.json': '{ "name": "ones", "main": "index.js" }',
  'node_modules/ones/index.js': 'exports.one = 1;',
  'node_modules/@acme/client/package.json': '{ "name": "@acme/client", "exports": "./client.js", "type": "module" }',
  'node_modules/@acme/client/client.js':
    "import http from 'k6/http'; import { map } from 'lists'; export const call = (u) => http.get(map(u, (x) => x)[0]);",
};

test('a package that nothing blocking reaches is shared, and left out of the script', async () => {
  write({
    ...PACKAGES,
    'pure.js':
      "import { map } from 'lists';\nimport http from 'k6/http';\nexport default () => { http.get(map(['a'], (x) => x + 1)[0]); };\n",
  });
  const script = await load('pure.js');
  assert.deepEqual(script.packages, []);
  assert.match(script.code, /from "sixfold:package\/0"/);
  assert.match(script.shared!.code, /list\.map\(fn\)/);
});

test('a package that a blocking callback reaches is part of the script, with what it imports', async () => {
  write({
    'reached.js':
      "import { map } from 'lists';\nimport http from 'k6/http';\nconst ask = (x) => http.get(x);\nexport default () => map(['a'], (x) => ask(x));\n",
    'through-parameter.js':
      "import { map } from 'lists';\nimport http from 'k6/http';\nconst each = (list, fn) => map(list, fn);\nexport default () => each(['a'], (x) => http.get(x));\n",
    'data-only.js':
      "import { map } from 'lists';\nimport http from 'k6/http';\nexport default () => map(http.get('x').json(), (x) => x.id);\n",
  });
  for (const name of ['reached.js', 'through-parameter.js']) {
    const script = await load(name);
    assert.deepEqual([...script.packages].sort(), ['lists', 'ones'], name);
    assert.equal(script.shared, null);
  }
  assert.deepEqual((await load('data-only.js')).packages, []);
});

test('a package that imports k6 itself is part of the script; what it imports may stay shared', async () => {
  write({ 'client.js': "import { call } from '@acme/client';\nexport default () => call('x');\n" });
  const script = await load('client.js');
  assert.deepEqual(script.packages, ['@acme/client']);
  assert.match(script.shared!.code, /list\.map\(fn\)/);
  assert.deepEqual((await load('client.js', { perVu: ['lists', 'ones'] })).shared, null);
});
