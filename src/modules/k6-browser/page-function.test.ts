// Functions of a script that run in a page: they go there as the text that their authors wrote.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { createRealm } from '../../script/realm.ts';
import { nameOf, PageFunctions } from './page-function.ts';

const realm = createRealm();
const functions = new PageFunctions(realm);
const evaluate = (source: string): unknown => realm.evaluate(source);
/** What the page would come to: its text is evaluated as an expression and called. */
const inPage = (read: unknown): unknown => (runInThisContext(`(${String(read)})`) as () => unknown)();

test('a function goes as it was written, whatever its kind', () => {
  for (const source of [
    '() => 7',
    'function () { return 7; }',
    'function named() { return 7; }',
    '(a = 7) => a',
    '/* why */ () => 7',
    '({ method() { return 7; } }).method',
    '({ "quoted"() { return 7; } })["quoted"]',
    '(class { static of() { return 7; } }).of',
  ]) {
    const read = functions.read(evaluate(`(${source})`), 'evaluate()');
    assert.equal(typeof read, 'function', source);
    if (!source.includes('quoted')) assert.equal(inPage(read), 7, source);
  }
});

test('what is asynchronous stays so', async () => {
  for (const source of [
    'async () => 7',
    'async function () { return 7; }',
    '({ async method() { return 7; } }).method',
  ])
    assert.equal(await (inPage(functions.read(evaluate(`(${source})`), 'evaluate()')) as Promise<number>), 7, source);
});

test('the text is the function’s own, whatever the script has put in its place', () => {
  const given = evaluate(`
    const given = () => 7;
    given.toString = () => '() => 8';
    Function.prototype.toString = () => '() => 9';
    given`);
  assert.equal(inPage(functions.read(given, 'evaluate()')), 7);
});

test('it runs in pages only', () => {
  const read = functions.read(evaluate('(() => 7)'), 'evaluate()') as () => unknown;
  assert.throws(read, { message: 'this runs in pages only' });
});

test('text that is a function is one, and any other text is an expression', () => {
  for (const source of [
    '() => 1',
    'x => x',
    'async (a, b) => a',
    'function () {}',
    ' async function f() {}',
    '(a,\n b) => a',
  ])
    assert.equal(typeof functions.read(source, 'evaluate()'), 'function', source);
  for (const source of ['document.title', '1 + 1', '', 'functional', 'x', '(1) + 1', 'function ( {', 'f(() => 1)'])
    assert.equal(functions.read(source, 'evaluate()'), source);
});

test('anything else is named', () => {
  for (const [value, name] of [
    [5, 'number'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'an object'],
    [[], 'an object'],
    [Symbol('x'), 'symbol'],
  ] as const) {
    assert.equal(nameOf(value), name);
    assert.throws(() => functions.read(value, 'evaluate()'), {
      name: 'TypeError',
      message: `evaluate() takes a function or text, not ${name}`,
    });
  }
});
