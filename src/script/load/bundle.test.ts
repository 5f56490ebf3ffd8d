import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Bundle, bundle, loaderOf } from './bundle.ts';
import { RemoteModules } from './remote/remote-modules.ts';
import { ScriptError } from './script-error.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-bundle-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Joins `main.js` of these files; those whose name is an address are modules of the web. */
async function join(
  files: Readonly<Record<string, string>>,
  isShared: (name: string) => boolean = () => false,
): Promise<Bundle> {
  const bodies = new Map<string, Buffer>();
  for (const [name, text] of Object.entries(files)) {
    if (name.startsWith('https://')) bodies.set(name.slice('https://'.length), Buffer.from(text));
    else {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
  }
  const remote = new RemoteModules({ cache: null, lockFile: null, offline: true, packed: { bodies, redirects: {} } });
  const file = path.join(folder, 'main.js');
  return bundle({ file, source: files['main.js']!, folder, loader: 'js', remote, root: null }, isShared);
}
async function refused(files: Readonly<Record<string, string>>): Promise<ScriptError> {
  const error = await join(files).then(
    () => assert.fail('it was joined'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScriptError, String(error));
  return error;
}

test('a file is read by the ending of its name', () => {
  const loaders: Readonly<Record<string, string>> = {
    'a.js': 'js',
    'a.mjs': 'js',
    'a.cjs': 'js',
    'a.ts': 'ts',
    'a.mts': 'ts',
    'a.cts': 'ts',
    'a.tsx': 'tsx',
    'a.jsx': 'jsx',
    'a.ts.js': 'js',
    'a.d.ts': 'ts',
    ts: 'js',
    '': 'js',
    'a.TS': 'js',
  };
  for (const [name, loader] of Object.entries(loaders)) assert.equal(loaderOf(name), loader, name);
});

describe('modules of the web', () => {
  test('are joined with all that they import by their own address', async () => {
    const { code, inputs } = await join({
      'main.js': `import { a } from 'https://a.test/lib/a.js'; export default () => a;`,
      'https://a.test/lib/a.js': `import { b } from './b.ts'; import c from '/c.json.js'; import d from 'https://b.test/d.js'; export const a = [b, c, d];`,
      'https://a.test/lib/b.ts': `export const b: string = 'typed b';`,
      'https://a.test/c.json.js': `export default 'root c';`,
      'https://b.test/d.js': `module.exports = 'common d';`,
    });
    for (const text of ['typed b', 'root c', 'common d']) assert.ok(code.includes(text), text);
    assert.deepEqual(inputs.modules.filter((module) => module.startsWith('https:')).sort(), [
      'https://a.test/c.json.js',
      'https://a.test/lib/a.js',
      'https://a.test/lib/b.ts',
      'https://b.test/d.js',
    ]);
  });

  test('may import modules of k6, and neither packages nor files of this machine', async () => {
    const from = (specifier: string) => ({
      'main.js': `import 'https://a.test/m.js'; export default () => {};`,
      'https://a.test/m.js': `import x from ${JSON.stringify(specifier)}; console.log(x);`,
      'node_modules/pack/index.js': 'module.exports = 1;',
      'secret.js': 'export default 1;',
    });
    assert.match((await join(from('k6/http'))).code, /from "k6\/http"/);
    assert.match(
      (await refused(from('pack'))).reason,
      /a\.test\/m\.js imports pack: a module on the web can only import by address/,
    );
    assert.match((await refused(from('http://a.test/x.js'))).reason, /which is not an https address/);
    assert.match((await refused(from(`file://${folder}/secret.js`))).reason, /which is not an https address/);
    assert.match((await refused(from('https://['))).reason, /which is no address/);
    assert.match((await refused(from(`${folder}/secret.js`))).reason, /is not in the cache/);
  });

  test('that are wrong are named by their address, with the place in them', async () => {
    const error = await refused({
      'main.js': `import 'https://a.test/m.js'; export default () => {};`,
      'https://a.test/m.js': 'let a = 1;\nlet žž = ;\n',
    });
    assert.deepEqual([error.kind, error.file, error.line, error.column], ['syntax', 'https://a.test/m.js', 2, 10]);
  });
});

describe('packages', () => {
  const PACKS = {
    'node_modules/asks/index.js': `import http from 'k6/http'; export const ask = () => http.get('x');`,
    'node_modules/waits/index.js': `export const wait = async () => { await fetch('x'); };`,
    'node_modules/pure/index.js': `import { deep } from 'deep'; export const pure = (x) => deep(x);`,
    'node_modules/deep/index.js': `export const deep = (x) => x;`,
  };
  const MAIN = `import { ask } from 'asks'; import { wait } from 'waits'; import { pure } from 'pure'; export default () => [ask, wait, pure];`;

  test('in the text are told with what each imports, and which of them act for a virtual user', async () => {
    const { packages, usesK6, shared } = await join({ ...PACKS, 'main.js': MAIN });
    assert.deepEqual([...packages].map(([name, needs]) => [name, ...needs]).sort(), [
      ['asks'],
      ['deep'],
      ['pure', 'deep'],
      ['waits'],
    ]);
    assert.deepEqual([...usesK6].sort(), ['asks', 'waits']);
    assert.deepEqual(shared, []);
  });

  test('that are left out are imported by a name of their own, one for each way to ask', async () => {
    const { code, shared, packages } = await join(
      { ...PACKS, 'main.js': `${MAIN} const again = require('pure'); import 'pure'; export { again };` },
      (name) => name === 'pure',
    );
    assert.deepEqual(
      shared.map(({ packageName, byRequire }) => [packageName, byRequire]),
      [
        ['pure', false],
        ['pure', true],
      ],
    );
    for (const { specifier, file } of shared) {
      assert.ok(code.includes(JSON.stringify(specifier)), specifier);
      assert.equal(file, path.join(folder, 'node_modules/pure/index.js'));
    }
    assert.equal(packages.has('pure'), false);
  });

  test('that are not there end the joining where they are imported, and not where they are required', async () => {
    const error = await refused({ 'main.js': `\nimport x from 'lib';\nexport default () => x;` });
    assert.deepEqual([error.kind, error.line, error.column], ['import', 2, 15]);
    assert.match(
      error.reason,
      /the package lib is not in any node_modules folder above .* \(for a file beside the script: '\.\/lib'\)/,
    );
    const { code } = await join({ 'main.js': `export default () => { try { return require('lib') } catch {} };` });
    assert.match(code, /"lib"/);
  });
});

describe('what cannot be imported is said with what is wrong:', () => {
  test('a file that is of no kind that scripts are made of', async () => {
    const error = await refused({ 'main.js': `import x from './data.bin'; export default () => x;`, 'data.bin': '\0' });
    assert.match(error.message, /data\.bin/);
    const folderError = await refused({
      'main.js': `import x from './deep'; export default () => x;`,
      'deep/a.js': '',
    });
    assert.match(
      folderError.reason,
      /\.\/deep cannot be imported: .*deep is not a file of JavaScript, TypeScript or JSON/,
    );
  });

  test('JSON that is none, with its own place', async () => {
    const error = await refused({
      'main.js': `import x from './d.json'; export default () => x;`,
      'd.json': '{\n  "a": ,\n}',
    });
    assert.deepEqual([error.kind, path.basename(error.file!), error.line], ['syntax', 'd.json', 2]);
  });

  test('modules of Node, with and without their prefix', async () => {
    for (const name of ['fs', 'node:fs', 'node:test', 'crypto']) {
      const { reason } = await refused({ 'main.js': `import x from '${name}'; export default () => x;` });
      assert.match(reason, new RegExp(`${name} is a module of Node\\.js: scripts run without them, as in k6`));
    }
  });

  test('places behind characters of several octets, in columns that editors show', async () => {
    const error = await refused({ 'main.js': `/* žluťoučký 🐎 */ import './gone.js'; export default () => {};` });
    const text = `/* žluťoučký 🐎 */ import './gone.js'`;
    assert.equal(error.column, text.indexOf(`'./gone`) + 1);
  });
});

describe('modules that import only part of what they could', () => {
  test('are all known, though some leave nothing in the text', async () => {
    const { inputs } = await join({
      'main.js': `import { b } from './barrel.js'; export default () => b;`,
      'barrel.js': `export * from './b.js'; export { c } from './c.js';`,
      'b.js': 'export const b = 1;',
      'c.js': 'export const c = 1;',
    });
    assert.deepEqual(inputs.modules.map((file) => path.relative(folder, file)).sort(), [
      'b.js',
      'barrel.js',
      'c.js',
      'main.js',
    ]);
    assert.deepEqual(inputs.named.map((file) => path.relative(folder, file)).sort(), ['b.js', 'barrel.js', 'c.js']);
  });

  test('ask for modules by computed names only where they do', async () => {
    const main = (text: string) =>
      join({ 'main.js': `import './a.js'; ${text}; export default () => {};`, 'a.js': '' });
    assert.equal((await main('require(__ENV.NAME)')).hasComputedRequires, true);
    assert.equal((await main("require('./a.js')")).hasComputedRequires, false);
  });
});
