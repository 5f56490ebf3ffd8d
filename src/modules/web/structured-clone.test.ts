// The same expressions by our structuredClone in a script's realm and by Node's own here.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { createScriptBench, runBody } from '../../../test/script-bench.ts';

/** Each gives text that tells what became of it. */
const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  'plain data': [
    'show(clone([1, -0, NaN, 1n, "", null, undefined, true]))',
    'show(clone({ a: { b: [{}] }, "": 1, "a b": 2, 10: 3, 2: 4 }))',
    'Object.keys(clone(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }))).join()',
    'const l = [1, , 3]; l.extra = 5; const c = clone(l); [1 in c, c.length, c.extra, Object.keys(c)].join()',
    'const l = []; l.length = 7; clone(l).length',
    'const o = JSON.parse(\'{"__proto__":{"x":1}}\'); const c = clone(o); [Object.keys(c), Object.getPrototypeOf(c) === Object.prototype].join()',
    'const s = Symbol(); Object.getOwnPropertySymbols(clone({ [s]: 1 })).length',
    'Object.isFrozen(clone(Object.freeze({ a: 1 })))',
    'class A { x = 1; #y = 2; get z() { return 3 } } const c = clone(new A()); [c.constructor.name, Object.keys(c)].join()',
    'let n = 0; const c = clone({ get a() { return ++n }, get b() { return n } }); [c.a, c.b, n].join()',
    'const o = { get a() { delete this.b; return 1 }, b: 2, c: 3 }; Object.keys(clone(o)).join()',
  ],
  'what is shared': [
    'const o = {}; o.o = o; const c = clone(o); [c.o === c, c !== o].join()',
    'const a = []; const c = clone([a, a, [a]]); [c[0] === c[1], c[2][0] === c[0]].join()',
    'const m = new Map(); m.set(m, m); const c = clone(m); [c.get(c) === c, c.size].join()',
    'const s = new Set(); s.add(s); const c = clone(s); c.has(c)',
    'const e = new Error("x"); e.cause = { e }; const c = clone(e); c.cause.e === c',
    'const d = new Date(7); const c = clone({ a: d, b: d }); c.a === c.b',
    'const n = new Number(7); const c = clone([n, n]); c[0] === c[1]',
  ],
  'objects of the language': [
    'show([new Date(0), new Date(NaN), new Boolean(false), new Number(-0), new String("ab"), Object(1n)].map((v) => clone(v)).map((c) => [Object.prototype.toString.call(c), String(c.valueOf())]))',
    'const r = /a(?<n>b)/dgimsuy; r.lastIndex = 3; r.x = 1; const c = clone(r); [c.source, c.flags, c.lastIndex, c.x].join()',
    'show([...clone(new Map([[1, "a"], [{}, [2]], [NaN, -0]]))])',
    'show([...clone(new Set([1, "1", NaN, null]))])',
    'const m = new Map([[1, 2]]); m.x = 1; clone(m).x',
    'show([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((E) => [E, clone(new E("m", { cause: 1 }))]).map(([E, c]) => [c.name, c.message, c instanceof E, "cause" in c && c.cause, Object.keys(c).length]))',
    'class E extends TypeError { name = "Own" } const c = clone(new E("m")); [c.name, c.constructor.name, c.message].join()',
    'const e = new Error("m"); e.name = "RangeError"; e.extra = 1; const c = clone(e); [c.name, c instanceof RangeError, c.extra].join()',
    'const e = new Error(); const c = clone(e); [Object.hasOwn(c, "message"), c.message].join()',
    'const e = new Error("m"); Object.defineProperty(e, "message", { value: 5 }); typeof clone(e).message',
  ],
  bytes: [
    'show([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((T) => clone(new T([1, 2, 300]))).map((c) => [c.constructor.name, ...c]))',
    'show([BigInt64Array, BigUint64Array].map((T) => [...clone(new T([1n, 2n]))].join()))',
    'const b = new ArrayBuffer(8); new Uint8Array(b)[3] = 9; const c = clone([new Uint8Array(b, 2, 4), new DataView(b, 1, 3), b]); [c[0].byteOffset, c[0].length, c[0][1], c[1].byteOffset, c[1].byteLength, c[1].getUint8(2), c[0].buffer === c[2], c[2].byteLength].join()',
    'const b = new ArrayBuffer(4); const c = clone(b); new Uint8Array(c)[0] = 1; new Uint8Array(b)[0]',
    'const u = new Uint8Array(4); u.x = 1; clone(u).x',
    'clone(new Uint8Array(0)).length',
  ],
  'what is transferred': [
    'const b = new ArrayBuffer(4); const c = clone(b, { transfer: [b] }); [b.byteLength, c.byteLength, b.detached].join()',
    'const b = new ArrayBuffer(4); const c = clone({}, { transfer: [b] }); [b.byteLength, show(c)].join()',
    'const b = new ArrayBuffer(8); const c = clone([new Uint8Array(b, 1, 2), new Uint16Array(b, 2, 1), new DataView(b)], { transfer: [b] }); [c[0].byteOffset, c[0].length, c[1].byteOffset, c[1].length, c[2].byteLength, c[0].buffer === c[1].buffer, b.byteLength].join()',
    'const a = new ArrayBuffer(1), b = new ArrayBuffer(2); const c = clone({ a, b }, { transfer: [b] }); [a.byteLength, b.byteLength, c.a.byteLength, c.b.byteLength].join()',
    'const b = new ArrayBuffer(4); const c = clone(b, { transfer: [] }); [b.byteLength, c.byteLength].join()',
    'const b = new ArrayBuffer(4); const e = fails(() => clone([b, () => 1], { transfer: [b] })); [e, b.byteLength].join()',
    'const b = new ArrayBuffer(4); fails(() => clone(1, { transfer: [b, b] }))',
    'const b = new ArrayBuffer(4); b.transfer(); fails(() => clone(1, { transfer: [b] }))',
    'const b = new ArrayBuffer(4); b.transfer(); fails(() => clone(b))',
    'fails(() => clone(1, { transfer: [{}] }))',
  ],
  'what is no data': [
    '[() => 1, function () {}, class {}, Symbol("s"), Symbol.iterator, Object(Symbol()), new WeakMap(), new WeakSet(), new WeakRef({}), new FinalizationRegistry(() => {}), Promise.resolve(1), (function* () {})()].map((v) => fails(() => clone(v))).join()',
    'fails(() => clone({ a: { b: [() => 1] } }))',
    'fails(() => clone(new Map([[1, Symbol()]])))',
    'fails(() => clone({ get a() { throw new RangeError("own") } }))',
    'fails(() => clone())',
  ],
};

const HELP = `
  const clone = (...args) => structuredClone(...args);
  const show = (value) => JSON.stringify(value, (key, v) => typeof v === 'bigint' ? v + 'n' : Object.is(v, -0) ? '-0' : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v === undefined ? 'undefined' : v);
  const fails = (f) => { try { f(); return 'no error'; } catch (e) { return e.name; } };`;

/** Its last expression is what it gives. */
function asFunction(expression: string): string {
  const end = expression.lastIndexOf('; ');
  return `() => { ${expression.slice(0, end + 1)} return (${expression.slice(end + 1)}); }`;
}
for (const [what, expressions] of Object.entries(EXPRESSIONS))
  describe(`structuredClone of ${what}`, () => {
    const list = `[${expressions.map(asFunction).join(',\n')}].map((f) => String(f()))`;
    test('gives what Node gives', async () => {
      const expected = runInThisContext(`'use strict'; (() => { ${HELP}\nreturn ${list}; })()`) as string[];
      const bench = await createScriptBench(`${HELP}\nexport default function () { return ${list}; }`);
      const got = (await bench.run()) as string[];
      for (const [at, expression] of expressions.entries()) assert.equal(got[at], expected[at], expression);
    });
  });

test('a response is cloned with what was sent', async () => {
  const clone = (await runBody(
    `const res = http.get('http://127.0.0.1:1/', { headers: { 'X-Test': 'a' } });
     const copy = structuredClone(res);
     copy.request.headers['X-Test'].push('b');
     return [copy.status, copy.request.method, copy.request.headers['X-Test'], res.request.headers['X-Test']];`,
    `import http from 'k6/http';`,
  )) as unknown[];
  assert.deepEqual(clone, [0, 'GET', ['a', 'b'], ['a']]);
});
