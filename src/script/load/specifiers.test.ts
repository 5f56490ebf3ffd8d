import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { importMetaOwner, importMetaSpecifier, makeResolve } from './import-meta.ts';
import { ABSENT_EXTENSIONS, isK6Module, K6_MODULES, REMOVED_MODULES, suspends } from './k6-modules.ts';
import { isBareSpecifier, packageOf } from './package-name.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-specifiers-'));
after(() => rmSync(folder, { recursive: true }));

describe('a name of k6', () => {
  test('is k6 itself or what is below it', () => {
    for (const name of ['k6', 'k6/http', 'k6/x/own', 'k6/']) assert.equal(isK6Specifier(name), true, name);
    for (const name of ['', 'k6s', 'k6-utils', './k6/http', '@k6/http', 'K6/http', 'node:k6'])
      assert.equal(isK6Specifier(name), false, name);
  });

  test('that is here is not refused, by no other spelling though', () => {
    for (const name of K6_MODULES) assert.equal(refuseK6Specifier(name, folder), null, name);
    for (const name of ['k6/', 'k6/HTTP', 'k6/http/', 'k6/toString', 'k6/__proto__']) {
      assert.equal(isK6Module(name), false, name);
      assert.match(refuseK6Specifier(name, folder)!, /^unknown module: /, name);
    }
  });

  test('that was removed from k6 says what took its place', () => {
    for (const [name, instead] of Object.entries(REMOVED_MODULES))
      assert.equal(refuseK6Specifier(name, folder), `the module ${name} has been removed: ${instead}`);
  });

  test('that is nearly another one is answered with that, also where only the end is right', () => {
    const nearest: Readonly<Record<string, string>> = {
      'k6/htpp': 'k6/http',
      'k6/metric': 'k6/metrics',
      'k6/grpc': 'k6/net/grpc',
      'k6/experimental/ws': 'k6/ws',
      'k6/crypt': 'k6/crypto',
    };
    for (const [name, meant] of Object.entries(nearest))
      assert.equal(refuseK6Specifier(name, folder), `unknown module: ${name} (did you mean ${meant}?)`, name);
    assert.match(refuseK6Specifier('k6/something-of-nobodys', folder)!, /\(there are k6, k6\/browser, /);
  });

  test('of an extension says how to have it, and why it is not built in where that is known', () => {
    assert.match(refuseK6Specifier('k6/x/own/deep', folder)!, /npm install sixfold-x-own-deep, or its own name/);
    for (const [name, reason] of Object.entries(ABSENT_EXTENSIONS))
      assert.ok(refuseK6Specifier(name, folder)!.includes(`it is not built in: ${reason}`), name);
  });

  test('of an extension that a package gives is not refused, and one that is broken says how', () => {
    const give = (name: string, manifest: object): void => {
      const at = path.join(folder, 'node_modules', `sixfold-x-${name}`);
      mkdirSync(at, { recursive: true });
      writeFileSync(path.join(at, 'index.js'), '');
      writeFileSync(
        path.join(at, 'package.json'),
        JSON.stringify({ name: `sixfold-x-${name}`, version: '1.0.0', sixfold: manifest }),
      );
    };
    give('fine', { api: 1, modules: { 'k6/x/fine': './index.js' } });
    give('newer', { api: 99, modules: { 'k6/x/newer': './index.js' } });
    give('outside', { api: 1, modules: { 'k6/x/outside': '../../secret.js' } });
    const below = path.join(folder, 'tests/deep');
    assert.equal(refuseK6Specifier('k6/x/fine', below), null);
    assert.match(refuseK6Specifier('k6/x/newer', below)!, /version 99 of the extension API .* update sixfold/);
    assert.match(refuseK6Specifier('k6/x/outside', below)!, /names a file outside of its package/);
  });

  test('that is not of k6’s own modules may wait, as far as anybody knows', () => {
    assert.deepEqual([suspends('k6/http'), suspends('k6/crypto'), suspends('k6/x/own')], [true, false, true]);
  });
});

describe('a specifier', () => {
  test('is of a package unless it is a path or an address', () => {
    for (const name of ['lodash', '@scope/pack', 'pack/deep.js', 'a.js', '.hidden', '..two', 'k6', 'c'])
      assert.equal(isBareSpecifier(name), true, name);
    for (const name of [
      '.',
      '..',
      './a',
      '../a',
      '/a',
      'https://a.test',
      'file:///a',
      'node:fs',
      'data:,x',
      'C:\\a',
      'c:/a',
      '.\\a',
      '\\a',
    ])
      assert.equal(isBareSpecifier(name), false, name);
  });

  test('leads to a file whose package is the innermost folder of packages', () => {
    const owners: Readonly<Record<string, string | null>> = {
      '/s/node_modules/lodash/index.js': 'lodash',
      '/s/node_modules/@faker-js/faker/dist/x.js': '@faker-js/faker',
      '/s/node_modules/a/node_modules/@b/c/x.js': '@b/c',
      'C:\\s\\node_modules\\@b\\c\\x.js': '@b/c',
      '/s/main.js': null,
      '/s/node_modules_old/a/x.js': null,
      '/s/my_node_modules/a.js': null,
    };
    for (const [file, owner] of Object.entries(owners)) assert.equal(packageOf(file), owner, file);
  });

  test('is resolved by import.meta as an import would, packages and addresses being themselves', () => {
    const cases: readonly (readonly [base: string, specifier: string, found: string])[] = [
      ['file:///s/lib/a.js', './b.json', 'file:///s/lib/b.json'],
      ['file:///s/lib/a.js', '../b.json', 'file:///s/b.json'],
      ['file:///s/lib/a.js', '/b.json', 'file:///b.json'],
      ['file:///s/lib/a.js', './ž b.json', 'file:///s/lib/%C5%BE%20b.json'],
      ['https://h.test/v1/a.js?x=1', './b.js', 'https://h.test/v1/b.js'],
      ['https://h.test/v1/a.js', '/b.js', 'https://h.test/b.js'],
      ['file:///s/a.js', 'lodash', 'lodash'],
      ['file:///s/a.js', 'k6/http', 'k6/http'],
      ['file:///s/a.js', 'https://h.test/x.js', 'https://h.test/x.js'],
      ['file:///s/a.js', 'b.json', 'b.json'],
    ];
    for (const [base, specifier, found] of cases)
      assert.equal(makeResolve(base)(specifier), found, `${specifier} at ${base}`);
  });

  test('of a module’s import.meta tells the module, whatever its address holds', () => {
    for (const url of [pathToFileURL('/s/ž "a".js').href, 'https://h.test/a.js?x=sixfold:import-meta:'])
      assert.equal(importMetaOwner(importMetaSpecifier(url)), url);
    assert.equal(importMetaOwner('k6/http'), null);
    assert.equal(importMetaOwner('./sixfold:import-meta:x'), null);
  });
});
