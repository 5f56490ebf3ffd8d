import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeModule, type ModuleShape, parseModule, parseScript } from './parse-module.ts';
import { ScriptError } from './script-error.ts';

const shape = (source: string): ModuleShape => describeModule(parseScript(source));
const isEsm = (source: string): boolean => shape(source).isEsm;

describe('which kind of module a file is', () => {
  test('what only an ES module can have makes it one', () => {
    for (const source of [
      'import "k6";',
      'import http from "k6/http";',
      'export {};',
      'export default 1;',
      'export const a = 1;',
      'export * from "./a.js";',
      'export { a as b } from "./a.js";',
      'console.log(import.meta.resolve("./a"));',
      'function f() { return import.meta }',
      'await 1;',
      'if (true) { for (const x of []) { await x } }',
      'for await (const x of []) x;',
      'const o = { [await 1]: 2 };',
      'class A extends (await B) {}',
    ])
      assert.equal(isEsm(source), true, source);
  });

  test('what a function may have too does not', () => {
    for (const source of [
      '',
      '// import http from "k6/http"',
      'const text = "export default 1";',
      'module.exports = { default() {} };',
      'const later = () => import("./a.js");',
      'async function f() { await 1; for await (const x of []) x }',
      'const f = async () => await 1;',
      'const o = { async f() { await 1 } };',
      'class A { async m() { await 1 } static async s() { for await (const x of []) x } }',
    ])
      assert.equal(isEsm(source), false, source);
  });

  test('a CommonJS module may return at its top, an ES module and a syntax error may not', () => {
    assert.equal(isEsm('if (module) return; exports.a = 1;'), false);
    assert.throws(() => parseScript('export default 1; return;'), /'return' outside of function/);
    assert.throws(() => parseScript('return; }'));
  });
});

describe('what a module asks for', () => {
  test('imports are all that declarations name, in order and as often as they do', () => {
    const { imports } = shape(
      `import a from 'one'; export * from "two"; export { b } from './three.js'; import 'one'; export { a };
       export default () => import('never');`,
    );
    assert.deepEqual(imports, ['one', 'two', './three.js', 'one']);
  });

  test('requires are the calls with a literal, wherever they stand', () => {
    const { requires, hasComputedRequires } = shape(
      "const a = require('a'); function f() { return require(\"b\").c } [() => require('d')]; new (require('e'))();",
    );
    assert.deepEqual([requires, hasComputedRequires], [['a', 'b', 'd', 'e'], false]);
  });

  test('any other use of require is one whose name only running it tells', () => {
    for (const source of [
      'require(name)',
      "require('a' + b)",
      'require(`a` + b)',
      'require()',
      '["./a"].map(require)',
      'const r = require;',
      "require.call(null, 'a')",
      'global.x = { require };',
    ])
      assert.equal(shape(source).hasComputedRequires, true, source);
    for (const source of ["require('a', 'b')", '"require(x)"', 'o.r("x")', ''])
      assert.equal(shape(source).hasComputedRequires, false, source);
  });

  test('import.meta is told from what only looks like it', () => {
    assert.equal(shape('import.meta').importMeta, true);
    assert.equal(shape('import /* a */ . meta').importMeta, true);
    for (const source of ['new.target', 'o.import.meta', '"import.meta"'])
      assert.equal(shape(`function f() { ${source} }`).importMeta, false, source);
  });
});

describe('a syntax error', () => {
  const errorOf = (source: string): ScriptError => {
    try {
      parseModule(source, '/scripts/a.js');
    } catch (error) {
      assert.ok(error instanceof ScriptError);
      return error;
    }
    return assert.fail(`${source} is no error`);
  };

  test('has file, line and column of the place, counted from one, whatever ends the lines', () => {
    for (const [end, line] of [
      ['\n', 3],
      ['\r\n', 3],
      ['\r', 3],
      ['\u2028', 3],
    ] as const) {
      const error = errorOf(`let a;${end}let b;${end}  let c = ;`);
      assert.deepEqual([error.kind, error.file, error.line, error.column], ['syntax', '/scripts/a.js', line, 11]);
      assert.match(error.message, /\n3 \| {3}let c = ;\n {2}\| {11}\^$/, JSON.stringify(end));
    }
  });

  test('is said in words, also at the very end and in an empty line', () => {
    for (const source of ['function f() {', 'let a = `', 'let a = 1;\n\n}', '\n\n(', 'a b']) {
      const { reason, line } = errorOf(source);
      assert.match(reason, /^SyntaxError: .{5}/, source);
      assert.ok(line! >= 1 && line! <= source.split('\n').length, source);
    }
  });

  test('is also what only strict code or ES modules refuse', () => {
    for (const source of [
      'with (a) {}',
      'let a; let a;',
      '010',
      'delete a',
      'export { nope };',
      'let x; export { x, x };',
    ])
      assert.equal(errorOf(source).kind, 'syntax', source);
  });
});
