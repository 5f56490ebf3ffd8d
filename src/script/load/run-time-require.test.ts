import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from './module-edits.ts';
import { parseScript } from './parse-module.ts';
import { bindRequire, replacesRequire } from './run-time-require.ts';

const URL_HERE = 'file:///scripts/a.js';

function bind(source: string, isReplaced = false, bundled: readonly string[] = []): string | null {
  const edits = bindRequire(source, parseScript(source), URL_HERE, { bundled, isReplaced });
  return edits && applyEdits(source, [edits]);
}

test('a module that only requires by literals, or names a variable of its own so, stays as it is', () => {
  for (const source of [
    `const a = require('./a.js'); a.require('x');`,
    `function f(require) { return require(name); }`,
    `// require(name)\nexport const text = 'require(name)';`,
  ])
    assert.equal(bind(source), null, source);
});

test('computed requires go to a function that says which module asks; nothing moves', () => {
  const source = `const parts = ['./a', './b'].map(require);\nrequire(parts[0]); require('./c');`;
  const [first, second, own] = bind(source, false, ['/scripts/c.js'])!.split('\n') as [string, string, string];
  const name = /map\((\S{7})\)/.exec(first)![1]!;
  assert.equal(first, source.split('\n')[0]!.replace('require', name));
  assert.equal(second, `${name}(parts[0]); require('./c');`);
  assert.ok(own.includes(`base:"${URL_HERE}"`));
  assert.ok(own.includes(`"/scripts/c.js":()=>require("/scripts/c.js")`));
});

test('where the global function is replaced, literal requires ask it, and still can be joined', () => {
  const text = bind(`const c = require('./c');`, true)!;
  assert.match(text, /^const c = \$req\d+\('\.\/c'\);\n/);
  assert.ok(text.includes(`literal:{__proto__:null,"./c":()=>require("./c")}`));
});

test('a require of its own is seen in every form that gives it to the global object', () => {
  for (const source of [
    'global.require = f;',
    `globalThis['require'] = f;`,
    'const g = global; g.require = f;',
    'Object.assign(global, { require: f });',
    'Object.assign(globalThis, { require });',
    `Object.defineProperty(global, 'require', { value: f });`,
    `Reflect.defineProperty(this, 'require', { get: f });`,
  ])
    assert.equal(replacesRequire(parseScript(source)), true, source);
  for (const source of [`require('x');`, `define('require', f);`, 'const o = { require: f };', 'global[require] = f;'])
    assert.equal(replacesRequire(parseScript(source)), false, source);
});
