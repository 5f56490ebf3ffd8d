import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyseScopes } from '../compiler/scope.ts';
import { type ImportedName, listImportedNames, listMemberNames } from './imported-names.ts';
import { parseScript } from './parse-module.ts';

const isK6 = (specifier: string): boolean => specifier.startsWith('k6');
const show = (names: readonly ImportedName[]): string[] =>
  names.map(({ specifier, name, ofDefault }) => `${specifier}${ofDefault ? ' default' : ''} ${name}`);

function imported(source: string): string[] {
  const names = listImportedNames(parseScript(source), isK6);
  for (const { name, offset } of names)
    if (name !== 'default') assert.ok(/^["']?/.exec(source.slice(offset)) && source.slice(offset).includes(name), name);
  return show(names);
}

function members(source: string): string[] {
  const tree = parseScript(source);
  const names = listMemberNames(tree, analyseScopes(tree), isK6);
  for (const { name, offset } of names) assert.match(source.slice(offset), new RegExp(`^['"\`]?${name}`), source);
  return show(names);
}

describe('the names that declarations take from a module', () => {
  test('are those that it has for them, default among them', () => {
    assert.deepEqual(
      imported(`import http, { get as ask, 'post' as send } from 'k6/http'; import { check } from 'k6';
        import { default as own } from 'k6/ws'; import * as all from 'k6/metrics'; import 'k6/html';`),
      ['k6/http default', 'k6/http get', 'k6/http post', 'k6 check', 'k6/ws default'],
    );
  });

  test('are those that re-exports name too, in the order of the text', () => {
    assert.deepEqual(
      imported(`export { b as c } from 'k6/http'; export * from 'k6/http'; import { a } from 'k6'; export { a };`),
      ['k6/http b', 'k6 a'],
    );
  });

  test('are of modules that are meant alone', () => {
    assert.deepEqual(imported(`import { a } from './k6/http'; import { b } from 'lodash'; import { c } from 'k6';`), [
      'k6 c',
    ]);
  });

  test('say where they stand', () => {
    const source = `import {\n  check,\n  sleep as wait } from 'k6';`;
    const names = listImportedNames(parseScript(source), isK6);
    assert.deepEqual(
      names.map(({ offset }) => source.slice(offset, offset + 5)),
      ['check', 'sleep'],
    );
  });
});

describe('the names that a script uses as members of a module', () => {
  test('are found behind each way to have the module', () => {
    for (const [way, kind] of [
      ["import m from 'k6/http';", 'k6/http default'],
      ["import { default as m } from 'k6/http';", 'k6/http default'],
      ["import * as m from 'k6/http';", 'k6/http'],
      ["const m = require('k6/http');", 'k6/http default'],
      ["let m = require('k6/http');", 'k6/http default'],
      ["const m = __require('k6/http');", 'k6/http default'],
    ])
      assert.deepEqual(members(`${way} m.gett('x');`), [`${kind} gett`], way);
    assert.deepEqual(members("require('k6/http').gett('x');"), ['k6/http default gett']);
  });

  test('are found in calls, chains, arguments, patterns, and by a literal in brackets', () => {
    const found = (use: string): string[] =>
      members(`import m from 'k6/http'; ${use}`).map((name) => name.split(' ')[2]!);
    for (const use of [
      'm.a();',
      'm["a"]();',
      'f(m.a);',
      'const x = m.a;',
      'm.a.b.c();',
      'new m.a();',
      'const { a } = m;',
      'const { a: own } = m;',
      '() => m.a();',
      '[m.a]',
      'm.a`x`;',
      'return_ = m.a',
    ])
      assert.deepEqual(found(use), ['a'], use);
  });

  test('are named once each, in the order of the text', () => {
    assert.deepEqual(members("import m from 'k6/http'; m.b(); m.a(); m.b(); const { c, a } = m;"), [
      'k6/http default b',
      'k6/http default a',
      'k6/http default c',
    ]);
  });

  test('are not meant where the script only asks whether they are there', () => {
    for (const use of [
      'if (m.a) {}',
      'm.a ? 1 : 2;',
      'm.a && 1;',
      'm.a ?? 1;',
      'typeof m.a;',
      '!m.a;',
      'm.a === undefined;',
      'm.a?.();',
      'm.a?.b;',
      'm?.a;',
      'while (m.a) break;',
      'const { a = 1 } = m;',
      'm.a;',
    ])
      assert.deepEqual(members(`import m from 'k6/http'; ${use}`), [], use);
  });

  test('are not meant where the script defines them itself, wherever it does', () => {
    assert.deepEqual(members("import m from 'k6/http'; m.own('x'); m.own = () => 1; m.other();"), [
      'k6/http default other',
    ]);
  });

  test('are not those of variables that can be something else, or of another module', () => {
    for (const source of [
      "let m = require('k6/http'); m = {}; m.a();",
      "import m from 'k6/http'; function f(m) { m.a() }",
      "import m from 'k6/http'; { const m = {}; m.a() }",
      "const m = require('./k6/http'); m.a();",
      "function f(require) { require('k6/http').a() }",
      "import m from 'k6/http'; m[name]();",
      'const m = require(name); m.a();',
      "const { ...rest } = require('k6/http'); rest.a();",
    ])
      assert.deepEqual(members(source), [], source);
  });
});
