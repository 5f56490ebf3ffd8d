import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileModule } from './compiler/compile.ts';
import { instantiate } from './instantiate.ts';
import { createRealm } from './realm.ts';
import type { ScriptVu, VuLoop } from './realm-interface.ts';
import { Suspension } from './runtime/suspension.ts';

const realm = createRealm();
const pause = realm.blockingFunction(
  'pause',
  1,
  (x: unknown) => new Suspension(new Promise((resolve) => setImmediate(resolve, x))),
);
let programs = 0;

/** The JSON of what the body of a function returns, in a script whose virtual user has `__ENV` and `pause`. */
async function run(body: string, before = ''): Promise<unknown> {
  const vu = {} as { loop: VuLoop };
  vu.loop = realm.createLoop(vu);
  const code = `import { pause } from 'k6/host'; globalThis.wait = pause; ${before}
    export default async function () { const answer = await (async () => { ${body} })(); return JSON.stringify(answer) }`;
  const program = { ...compileModule({ code }), name: `strings-${++programs}.js` };
  const globals = { __ENV: realm.fromHost({ WHO: `vu${programs}` }) };
  const { exports } = await instantiate(realm, program, vu as ScriptVu, { globals, import: () => ({ pause }) });
  return JSON.parse(String((await vu.loop.run(exports['default'], undefined, [])).value));
}

const cases: readonly (readonly [what: string, body: string, expected: unknown, before?: string])[] = [
  ['Function waits', `return Function('a', 'b', 'return wait(a) + b')(1, 2)`, 3],
  ['callbacks of built-ins wait', `return [1, 2].map(new Function('x', 'return wait(x) * 2'))`, [2, 4]],
  [
    'its kin wait',
    `const kin = [async () => {}, function* () {}, async function* () {}].map((f) => f.constructor);
     const all = []; for await (const x of kin[2]('yield wait(1)')()) all.push(x);
     return [await kin[0]('return wait(2)')(), kin[1]('yield wait(3)')().next().value, all]`,
    [2, 3, [1]],
  ],
  [
    'a class of functions',
    `class Own extends Function { twice() { return this() * 2 } } const f = new Own('return wait(4)'); return [f instanceof Own, f.twice(), f.name, f.length]`,
    [true, 8, 'anonymous', 0],
  ],
  ['its text', `return String(Function('a', 'b', 'return wait(a)'))`, 'function anonymous(a,b\n) {\nreturn wait(a)\n}'],
  [
    'this of a sloppy function',
    `return [Function('return this')() === globalThis, Function('"use strict"; return this')() === undefined, Function('return typeof this').call(1), Function('return wait(this) === globalThis')()]`,
    [true, true, 'object', true],
  ],
  [
    'names that nobody knows',
    `Function('made = wait(5)')(); try { Function('"use strict"; other = 1')() } catch (e) { return [made, e.name, typeof other] }`,
    [5, 'ReferenceError', 'undefined'],
  ],
  [
    'with, which only sloppy code has',
    `return Function('o', 'with (o) { return who + __ENV.WHO.slice(0, 2) }')({ who: 'a' })`,
    'avu',
  ],
  ['octal numbers', `return Function('return 010')()`, 8],
  ['new of a function that waits', `const F = Function('x', 'this.x = wait(x)'); return new F(6).x`, 6],
  [
    'a text that only seems to be one function',
    `const r = []; for (const [a, b] of [['/*', '*/){'], ['a', '}) (function(){'], ['a = }', '1'], ['', 'return (']]) try { Function(a, b); r.push('made') } catch (e) { r.push(e instanceof SyntaxError) } return r`,
    [true, true, true, true],
  ],
  [
    'the global eval',
    `const x = 1; return [(0, eval)('typeof x'), (0, eval)('wait(2) + 1'), [wait(3)].map(eval), eval?.('typeof x')]`,
    ['undefined', 3, [3], 'undefined'],
  ],
  [
    'what the global eval declares',
    `(0, eval)('var a = 1; let b = 2; function c() { return a++ } '); a = 5; c(); return [a, typeof b, globalThis.a, (0, eval)('var a; a')]`,
    [6, 'undefined', 6, 6],
  ],
  [
    'direct eval reads and assigns',
    `let a = 1; const k = 2; { let a = 3; eval('a = wait(4); var own = 1'); return [a, eval('a + k + top'), typeof own, (() => { try { eval('k = 1') } catch (e) { return e.name } })(), top] }`,
    [4, 16, 'undefined', 'TypeError', 10],
    'let top = 10;',
  ],
  [
    'direct eval in every kind of function',
    `const f = function (x) { return eval('arguments.length + x + wait(1)') };
     class A { #p = 1; v = eval('wait(2)'); static s = eval('wait(3)'); constructor(x) { this.x = eval('wait(x)') } m() { return eval('this.x') } get g() { return eval('wait(this.x) + 1') } }
     class B extends A { constructor() { eval('1'); super(eval('wait(7)')); eval('this.y = 8') } }
     function* g(x) { yield eval('wait(x)') } async function h(x) { return eval('wait(x)') }
     const b = new B(); return [f(1, 2), b.v, A.s, b.m(), b.g, b.y, [...g(9)], await h(10), ((x = eval('wait(11)')) => x)()]`,
    [4, 2, 3, 7, 8, 8, [9], 10, 11],
  ],
  [
    'new.target of the function around',
    `function F() { this.made = eval('new.target === F') } function G() { return eval('new.target') === undefined } return [new F().made, G()]`,
    [true, true],
  ],
  [
    'a variable that is not there yet',
    `try { eval('late'); let late = 1 } catch (e) { return e.name }`,
    'ReferenceError',
  ],
  [
    'eval within eval',
    `let x = 1; return [eval('let y = wait(2); eval("x = y + wait(3)"); x'), x, eval("Function('return typeof x')()")]`,
    [5, 5, 'undefined'],
  ],
  [
    'functions that eval makes',
    `let n = 0; const count = eval('(by) => { n += wait(by); return n }'); count(2); count(3); return [n, eval('(function named() {})').name, String(eval('x  =>  x'))]`,
    [5, 'named', 'x  =>  x'],
  ],
  [
    'the value of a text',
    `const values = ['1; 2', '1; var x = 2', 'if (true) 3', '1; if (false) 2', 'for (var i = 0; i < 3; i++) i', '', '"use strict"', '{ 4 }', 'try { 5 } finally { 6 }', 'switch (1) { case 1: 7 }', 'do { 8; break } while (0)', '({ a: 9 })', 'function f() {}', 'l: { 10; break l }', ';'];
     return values.map((text) => [eval(text), (0, eval)(text)].map((x) => x === undefined ? '-' : x))`,
    [2, 1, 3, '-', 2, '-', 'use strict', 4, 5, 7, 8, { a: 9 }, '-', 10, '-'].map((x) => [x, x]),
  ],
  [
    'what is no text',
    `const o = {}; return [eval(o) === o, eval(), (0, eval)(1), eval(...['2', '3'])]`,
    [true, null, 1, 2],
  ],
  [
    'mistakes in the text',
    `const r = []; for (const text of ['1 +', 'return 1', 'with (1) {}', 'let a; let a', 'super.x', 'import("x")']) try { eval(text); r.push(text) } catch (e) { r.push(e instanceof SyntaxError) } return r`,
    [true, true, true, true, true, true],
  ],
  [
    'an eval of the script’s own',
    `globalThis.eval = (x) => [x]; try { return eval('2') } finally { delete globalThis.eval }`,
    ['2'],
  ],
  [
    'getters of the script that wait',
    `return Function('o', 'return o.slow + [...o.all()][0] + o')(made)`,
    '12text',
    `const made = { get slow() { return pause('1') }, *all() { yield pause('2') }, toString() { return pause('text') } };`,
  ],
];

describe('code made from strings', () => {
  for (const [what, body, expected, before] of cases)
    it(what, async () => assert.deepEqual(await run(body, before), expected));

  it('sees the globals of the virtual user that runs it', async () => {
    const first = await run(`const f = globalThis.kept = Function('return __ENV.WHO'); return f()`);
    const second = await run(`return Function('return __ENV.WHO')()`);
    assert.notEqual(first, second);
    assert.match(`${first} ${second}`, /^vu\d+ vu\d+$/);
  });
});
