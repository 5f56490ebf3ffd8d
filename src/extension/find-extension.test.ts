import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type ExtensionKind, findExtension } from './find-extension.ts';
import { loadExtension } from './load-extension.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-find-extension-'));
after(() => rmSync(root, { recursive: true }));

function write(file: string, text: unknown): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, typeof text === 'string' ? text : JSON.stringify(text));
}

/** A package under node_modules. */
function install(name: string, sixfold: unknown, under = 'project'): void {
  write(`${under}/node_modules/${name}/package.json`, { name, version: '1.2.3', type: 'module', sixfold });
  write(`${under}/node_modules/${name}/index.js`, 'export default { create() { return {}; } };');
}

const find = (name: string, kind: ExtensionKind = 'modules', folder = 'project/tests/deep') => {
  const place = findExtension(kind, name, path.join(root, folder));
  return place && `${place.packageName} ${place.version} ${path.relative(root, place.file)}`;
};

write('project/package.json', { devDependencies: { '@org/queue': '^1', broken: '1', plain: '1' } });
write('project/tests/deep/script.js', '');

test('a package is found by the dependencies of the project, or by its name', () => {
  install('@org/queue', { api: 1, modules: { 'k6/x/queue': './index.js' }, outputs: { queue: 'index.js' } });
  install('plain', undefined);
  install('unnamed', { api: 1, modules: { 'k6/x/unnamed': './index.js' } });
  install('sixfold-x-a-b', { api: 1, modules: { 'k6/x/a/b': './index.js' } });
  install('sixfold-secrets-vault', { api: 1, secretSources: { vault: './index.js' } });
  assert.equal(find('k6/x/queue'), '@org/queue 1.2.3 project/node_modules/@org/queue/index.js');
  assert.equal(find('queue', 'outputs'), '@org/queue 1.2.3 project/node_modules/@org/queue/index.js');
  assert.equal(find('queue', 'secretSources'), null);
  assert.equal(find('k6/x/a/b'), 'sixfold-x-a-b 1.2.3 project/node_modules/sixfold-x-a-b/index.js');
  assert.equal(
    find('vault', 'secretSources'),
    'sixfold-secrets-vault 1.2.3 project/node_modules/sixfold-secrets-vault/index.js',
  );
  assert.equal(find('k6/x/unnamed'), null);
  assert.equal(find('k6/x/constructor'), null);
  assert.equal(find('k6/x/queue', 'modules', '.'), null, 'only upwards');
});

test('of two the nearer one counts, and a package gives its own scripts what it has', () => {
  install('sixfold-x-near', { api: 1, modules: { 'k6/x/near': './index.js' } });
  install('sixfold-x-near', { api: 1, modules: { 'k6/x/near': './index.js' } }, 'project/tests');
  assert.equal(find('k6/x/near'), 'sixfold-x-near 1.2.3 project/tests/node_modules/sixfold-x-near/index.js');
  write('own/package.json', {
    name: 'own',
    version: '2.0.0',
    sixfold: { api: 1, modules: { 'k6/x/own': './index.js' } },
  });
  write('own/index.js', '');
  assert.equal(find('k6/x/own', 'modules', 'own/test'), 'own 2.0.0 own/index.js');
});

test('what cannot be used is refused with what to do', () => {
  const refusal = (sixfold: object): string => {
    install('broken', { modules: { 'k6/x/broken': './index.js' }, ...sixfold });
    try {
      return String(find('k6/x/broken'));
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(
    refusal({ api: 2 }),
    /^the extension broken 1\.2\.3, which gives k6\/x\/broken, is made for version 2 .* has version 1: update sixfold/,
  );
  assert.match(refusal({ api: 0 }), /made for version 0 .* update the package/);
  assert.match(refusal({}), /has no number of the version/);
  assert.match(refusal({ api: '1' }), /has no number of the version/);
  assert.match(
    refusal({ api: 1, modules: { 'k6/x/broken': '../plain/index.js' } }),
    /outside of its package: "\.\.\/plain/,
  );
  assert.match(refusal({ api: 1, modules: { 'k6/x/broken': 7 } }), /outside of its package: 7/);
  assert.match(refusal({ api: 1, modules: { 'k6/x/broken': './none.js' } }), /a file that is not there: /);
  write('project/node_modules/broken/package.json', '{');
  assert.equal(find('k6/x/broken'), null);
});

test('a file without what it should export, or that fails, is named', async () => {
  install('broken', { api: 1, modules: { 'k6/x/broken': './index.js' } });
  const load = async (text: string, file: string) => {
    write(`project/node_modules/broken/${file}`, text);
    const place = findExtension('modules', 'k6/x/broken', path.join(root, 'project'))!;
    return loadExtension({ ...place, file: path.join(path.dirname(place.file), file) });
  };
  await assert.rejects(load('export const create = 1;', 'a.js'), /no default export with a function create/);
  await assert.rejects(load('throw new Error("no luck");', 'b.js'), /cannot be loaded: no luck/);
});
