// Values between a script and a page: copies, in which nothing of the other side is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import { copyFromScript, copyToScript } from './script-values.ts';

const realm = createRealm();
const evaluate = (source: string): unknown => realm.evaluate(source);
const fromScript = (value: unknown) => copyFromScript(value, 'the argument of evaluate()', () => null);
const toScript = (value: unknown) => copyToScript(realm, value, 'the result of evaluate()');

test('what a script gives is plain data of this side', () => {
  const copied = fromScript(
    evaluate(
      `({ a: [1, 'ü', null, undefined, true, 5n], d: new Date(7), r: /x/gi, b: new Uint8Array([1, 2]).buffer })`,
    ),
  ) as { a: unknown[]; d: Date; r: RegExp; b: Uint8Array };
  assert.equal(Object.getPrototypeOf(copied), Object.prototype);
  assert.equal(Object.getPrototypeOf(copied.a), Array.prototype);
  assert.deepEqual(copied.a, [1, 'ü', null, undefined, true, 5n]);
  assert.ok(copied.d instanceof Date && copied.d.getTime() === 7);
  assert.ok(copied.r instanceof RegExp && String(copied.r) === '/x/gi');
  assert.deepEqual([...copied.b], [1, 2]);
});

test('arrays of numbers keep their kind, of a part of a buffer that part; the script’s stays its own', () => {
  for (const [source, kind, values] of [
    ['new Float64Array([0.5, -1])', Float64Array, [0.5, -1]],
    ['new BigInt64Array([-5n])', BigInt64Array, [-5n]],
    ['new Uint16Array([1, 2, 3]).subarray(1)', Uint16Array, [2, 3]],
    ['new Uint8ClampedArray([300])', Uint8ClampedArray, [255]],
    ['new DataView(new Uint8Array([1, 2, 3]).buffer, 1)', Uint8Array, [2, 3]],
  ] as const) {
    const copied = fromScript(evaluate(source));
    assert.ok(copied instanceof kind, source);
    assert.deepEqual(Array.from(copied as ArrayLike<unknown>), values, source);
  }
  const own = evaluate('globalThis.own = new Uint8Array([1])') as Uint8Array;
  const copied = fromScript(own) as Uint8Array;
  own[0] = 9;
  assert.equal(copied[0], 1);
});

test('getters run once, and names that every object has are names as any', () => {
  const given = evaluate(`
    let asked = 0;
    ({ get n() { return ++asked; }, ['__proto__']: { isAdmin: true } })`);
  const copied = fromScript(given) as { n: number; isAdmin?: boolean };
  assert.deepEqual([copied.n, copied.n, copied.isAdmin], [1, 1, undefined]);
  assert.deepEqual(Object.keys(copied), ['n', '__proto__']);
});

test('what stands for something of the page goes as that', () => {
  const handle = { is: 'of the page' };
  const button = evaluate('globalThis.button = {}') as object;
  const given = evaluate('({ list: [button] })');
  const copied = copyFromScript(given, 'x', (object) => (object === button ? handle : null)) as { list: unknown[] };
  assert.equal(copied.list[0], handle);
});

test('what cannot go is named: functions, symbols, and what holds itself or has no end', () => {
  for (const [source, message] of [
    ['({ f() {} })', 'the argument of evaluate() holds a function, which cannot be given to a page'],
    ['[Symbol("x")]', 'the argument of evaluate() holds a symbol, which cannot be given to a page'],
    [
      '(() => { const loop = {}; loop.self = loop; return loop; })()',
      'the argument of evaluate() is too large or too deep for a page',
    ],
    [
      'new Proxy([], { get: (target, key) => (key === "length" ? 1e9 : 1) })',
      'the argument of evaluate() is too large or too deep for a page',
    ],
  ] as const)
    assert.throws(() => fromScript(evaluate(source)), { name: 'TypeError', message });
});

test('what a page gives is of the script’s realm, all the way down', () => {
  const copied = toScript({ a: [{ b: 1 }], d: new Date(7), r: /x/g, e: new RangeError('no') });
  const isOwn = realm.evaluate(`(v) => [
    Object.getPrototypeOf(v) === Object.prototype, Array.isArray(v.a) && v.a instanceof Array, v.a[0] instanceof Object,
    v.d instanceof Date && v.d.getTime() === 7, v.r instanceof RegExp && v.r.flags === 'g', v.e instanceof Error && v.e.message === 'no']`);
  assert.deepEqual([...(isOwn as (value: unknown) => boolean[])(copied)], [true, true, true, true, true, true]);
});

test('octets, addresses and what a page cannot give', () => {
  const copied = toScript({
    u: new URL('https://x.example/a'),
    f: () => 1,
    s: Symbol('x'),
    n: null,
    big: 5n,
  }) as Record<string, unknown>;
  assert.deepEqual(
    [copied['u'], copied['f'], copied['s'], copied['n'], copied['big']],
    ['https://x.example/a', undefined, undefined, null, 5n],
  );
  const kinds = realm.evaluate(
    '(v) => [v[0] instanceof Float32Array, v[1] instanceof ArrayBuffer, v[2] instanceof Uint8Array]',
  );
  const octets = toScript([new Float32Array([0.5]), new ArrayBuffer(2), Buffer.from([1])]);
  assert.deepEqual([...(kinds as (value: unknown) => boolean[])(octets)], [true, true, true]);
});

test('what occurs more than once is one object there, itself included', () => {
  const shared = { n: 1 };
  const loop: Record<string, unknown> = { one: shared, two: shared };
  loop['self'] = loop;
  const copied = toScript(loop) as Record<string, unknown>;
  assert.equal(copied['one'], copied['two']);
  assert.equal(copied['self'], copied);
  assert.notEqual(copied['one'], shared);
  let deep: object = {};
  for (let i = 0; i < 300; i++) deep = { deep };
  assert.throws(() => toScript(deep), { message: 'the result of evaluate() is too large or too deep for a script' });
});
