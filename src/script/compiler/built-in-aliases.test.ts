import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileModule } from './compile.ts';

const isWatched = (code: string): boolean => compileModule({ code }).code.includes('["*",null]');

test('what ordinary scripts do with built-ins is no reason to watch them', () => {
  for (const code of [
    'const list = [1].map(Number).filter(Boolean); export default () => Math.max(...list)',
    'const { keys, assign } = Object; export default (o) => keys(assign({}, o))',
    'const has = Object.prototype.hasOwnProperty; export default (o) => has.call(o, "a")',
    'export default (o) => o instanceof Array || o.constructor === Object || typeof Map === "function"',
    'export default (o) => o.constructor.name + Object.getPrototypeOf(o).constructor.name',
    'class E extends Error { constructor(m) { super(m); this.name = this.constructor.name } } export default () => new E("x")',
    'function F() {} F.prototype.a = 1; F.prototype.constructor = F; export default () => new F()',
    'const proto = Array.prototype; export default (a) => proto.slice.call(a)',
    'const C = ({}).constructor; export default () => new C()',
    'const now = Date.now; const D = Date; export default () => new D(now())',
    'const p = {}; p.headers = { a: 1 }; p["b"] = undefined; export default (k) => { p[k] = NaN; p[k].x = 1 }',
    'Array.prototype.last = function () { return this[this.length - 1] }; export default () => [1].last()',
  ])
    assert.equal(isWatched(code), false, code);
});

test('what may change a built-in behind a name is', () => {
  for (const code of [
    'export default (f) => f(Array)',
    'const A = Array; A.x = 1',
    'const A = Array; const B = A; B.prototype.x = 1',
    'x.y.__proto__.z = 1',
    'x.constructor.prototype.z++',
    'delete x.constructor.prototype.z',
    'globalThis[x].y = 1',
    'const N = Intl.NumberFormat; N.prototype.x = 1',
    'const o = { A: Array }; o.A.prototype.x = 1',
    'Object.defineProperty(x.constructor.prototype, "a", {})',
    'Object.getPrototypeOf(x).y = 1',
    'export default () => Object.getPrototypeOf([])',
  ])
    assert.equal(isWatched(code), true, code);
});
