import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../realm.ts';
import type { HostSteps, ScriptVu, VuLoop } from '../../realm-interface.ts';
import { Suspension } from '../suspension.ts';

// Every built-in is run three ways: natively with an ordinary callback; through its twin with a callback that has a twin
// but returns at once; and with one that suspends. Results, exceptions and the calls made must be the same.

const realm = createRealm();
const vu = { loop: null as unknown as VuLoop } satisfies ScriptVu;
vu.loop = realm.createLoop(vu);

let suspends = false;
/** Wraps a callback of the realm so that it may block. */
const wrapBlocking = (fn: unknown): unknown =>
  realm.blockingFunction('callback', 0, function (this: unknown, ...args: unknown[]) {
    const run = (): unknown => Reflect.apply(fn as () => unknown, this, args);
    if (!suspends) return run();
    return new Suspension(Promise.resolve().then(run));
  });

type Outcome = { value?: string; error?: string; calls: string };

const show = realm.evaluate(`(function show(value, above = []) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return value + 'n';
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (above.includes(value)) return 'circular';
  const within = [...above, value];
  const items = (list) => list.map(([k, v]) => show(k, within) + ': ' + show(v, within)).join(', ');
  const kind = value.constructor?.name;
  if (value instanceof Map || value instanceof Set) return kind + ' {' + items([...value.entries()]) + '}';
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return kind + ' ' + value;
  return kind + ' ' + (Array.isArray(value) ? value.length : '') + '{' + items(Object.entries(value)) + '}';
})`) as (value: unknown) => string;

/** @param body `(callback, note) => …` as source text; runs in the realm with its callback wrapped or not */
async function run(body: string, callback: string, mode: 'native' | 'twin' | 'suspending'): Promise<Outcome> {
  const calls: string[] = [];
  const note = (...values: unknown[]): void => void calls.push(show(values));
  const plain = (realm.evaluate(`(note) => (${callback})`) as (note: unknown) => unknown)(note);
  const fn = mode === 'native' ? plain : wrapBlocking(plain);
  // Stands for compiled code: calls through the callee's twin, with receiver and arguments evaluated in order.
  const main = realm.evaluate(`(${body})`) as (fn: unknown, out: unknown) => unknown;
  suspends = mode === 'suspending';
  const stepped = realm.steppedFunction('main', 0, function* (): HostSteps {
    const [target, self, args, after] = main(fn, note) as [unknown, unknown, unknown[], ((v: unknown) => unknown)?];
    const value = yield { fn: target, self, args };
    return after ? after(value) : value;
  });
  try {
    const { value } = await vu.loop.run(stepped, undefined, []);
    return { value: show(value), calls: calls.join() };
  } catch (error) {
    return { error: `${(error as Error).name}: ${(error as Error).message}`, calls: calls.join() };
  } finally {
    suspends = false;
  }
}

async function same(body: string, callback: string): Promise<void> {
  const native = await run(body, callback, 'native');
  assert.deepEqual(await run(body, callback, 'twin'), native, `twin of ${body} with ${callback}`);
  assert.deepEqual(await run(body, callback, 'suspending'), native, `suspending ${body} with ${callback}`);
}

const ARRAYS = [
  '[]',
  '[3]',
  '[3, 1, 2]',
  '[1,,3,,undefined]',
  "['b', 'a', 'c', 'a', 'b', 'aa']",
  '[9, 2, 8, 2, 7, 3, 9]',
  '{ length: 3, 0: 5, 2: 1 }',
  "'text'",
  'new (class Mine extends Array {})(1, 2, 3)',
  'new Uint8Array([5, 250, 7, 1])',
];
const CALLBACKS = [
  'function (...args) { note(this === undefined, ...args); return args[0] > 1; }',
  '(v, k) => { note(v, k); return k === 1 ? [v, v] : undefined; }',
  '(a, b) => { note(a, b); return a < b ? -1 : a > b ? 1 : 0; }',
  '(v, k) => { note(v); if (k === 1) throw new RangeError("at " + k); return true; }',
];
const METHODS = [
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'reduce',
  'reduceRight',
  'flatMap',
  'toSorted',
];

for (const method of METHODS) {
  test(`Array.prototype.${method} calls back and returns as the built-in does`, async () => {
    for (const array of ARRAYS) {
      for (const callback of CALLBACKS) {
        await same(`(fn) => [Array.prototype.${method}, ${array}, [fn]]`, callback);
        await same(`(fn) => [Array.prototype.${method}, ${array}, [fn, { self: 1 }]]`, callback);
      }
    }
    await same(`(fn) => [Array.prototype.${method}, null, [fn]]`, CALLBACKS[0]!);
  });
}

test('sort calls its comparator in the order of the engine for short lists, and sorts long ones stably', async () => {
  for (const array of [
    '[5, 1, 4, 2, 3]',
    '[5, 4, 3, 2, 1]',
    '[1, 2, 3]',
    '[2, 2, , undefined, 1]',
    "['b1','a1','b2','a2','b3']",
  ]) {
    for (const method of ['sort', 'toSorted']) {
      await same(
        `(fn) => [Array.prototype.${method}, ${array}, [fn]]`,
        '(a, b) => { note(a, b); return a < b ? -1 : a > b ? 1 : 0 }',
      );
    }
  }
  let seed = 42;
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648);
  for (let n = 0; n < 20; n++) {
    const rows = Array.from({ length: random() % 120 }, (_, i) => [random() % 10, i]);
    await same(`(fn) => [Array.prototype.sort, ${JSON.stringify(rows)}, [fn]]`, '(a, b) => a[0] - b[0]');
  }
  await same('(fn) => [Array.prototype.sort, [2, 1], [fn]]', '() => { throw new RangeError("no order") }');
});

test('typed arrays', async () => {
  for (const method of [...METHODS.filter((name) => name !== 'flatMap'), 'sort']) {
    for (const array of [
      'new Uint8Array([5, 250, 7, 1])',
      'new Float64Array([1.5, 7, -2])',
      'new BigInt64Array([3n, 1n])',
      '[1]',
    ]) {
      for (const callback of [CALLBACKS[0]!, '(a, b) => { note(a); return typeof a === "bigint" ? a : Number(b) }']) {
        const ordered = method === 'sort' || method === 'toSorted' ? '(a, b) => (a < b ? 1 : -1)' : callback;
        await same(`(fn) => [Uint8Array.prototype.${method}, ${array}, [fn]]`, ordered);
      }
    }
  }
  await same(
    '(fn) => [Uint16Array.from, Uint16Array, [new Set([1, 2]), fn]]',
    '(v, k) => { note(v, k); return v * 2 }',
  );
});

test('Array.from, with iterables, array-likes, subclasses and throwing callbacks', async () => {
  for (const source of [
    '[1, 2]',
    'new Set([1, 2])',
    "'häß'",
    '{ length: 2, 0: 1 }',
    'new Map([[1, 2]])',
    '5',
    'null',
  ]) {
    for (const callback of [
      'function (v, k) { note(this === undefined, v, k); return k }',
      '() => { throw new TypeError("x") }',
    ]) {
      await same(`(fn) => [Array.from, Array, [${source}, fn]]`, callback);
      await same(`(fn) => [Array.from, class Sub extends Array {}, [${source}, fn, 1]]`, callback);
    }
  }
  const closing =
    "{ [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return: () => { note('closed'); return {} } } } }";
  await same(
    `(fn, note) => [Array.from, Array, [${closing}, fn]]`,
    '(v, k) => { if (k === 2) throw new Error("stop"); return v }',
  );
});

test('Map and Set see what a callback adds and deletes', async () => {
  await same(
    '(fn) => { globalThis.live = new Map([[1, "a"], [2, "b"]]); return [Map.prototype.forEach, live, [fn]]; }',
    '(v, k) => { note(v, k); if (k === 1) { live.delete(2); live.set(3, "c"); } }',
  );
  await same(
    '(fn) => [Set.prototype.forEach, new Set([1, 2]), [fn, { t: 1 }]]',
    'function (a, b, s) { note(this, a, b, s.size) }',
  );
  await same('(fn) => [Map.prototype.forEach, new Set(), [fn]]', '() => {}');
});

test('groupBy', async () => {
  for (const items of ['[1, 2, 3, 4]', "'abca'", 'null', '5']) {
    await same(
      `(fn) => [Object.groupBy, Object, [${items}, fn]]`,
      '(v, k) => { note(v, k); return typeof v === "number" ? v % 2 : v }',
    );
    await same(`(fn) => [Map.groupBy, Map, [${items}, fn]]`, '(v) => (typeof v === "number" ? (v % 2 ? -0 : 1) : v)');
  }
});

test('replace and replaceAll', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: source text for the realm
  const callback = '(...args) => { note(...args); return `<${args[0]}$1>` }';
  for (const [text, pattern] of [
    ["'say hi hi'", "'hi'"],
    ["'a-b-c'", '/[ac]/g'],
    ["'x=1;y=2'", '/(\\w)=(?<n>\\d)/g'],
    ["'x=1'", '/(\\w)=(?<n>\\d)/'],
    ["'zzz'", '/q/g'],
    ["''", '/(?:)/g'],
    ["'abc'", "''"],
    ["'aXbX'", '/x/gi'],
    ["'aab'", '/a/y'],
    ['12345', '3'],
  ] as const) {
    await same(`(fn) => [String.prototype.replace, ${text}, [${pattern}, fn]]`, callback);
    await same(`(fn) => [String.prototype.replaceAll, ${text}, [${pattern}, fn]]`, callback);
  }
  await same('(fn) => [RegExp.prototype[Symbol.replace], /b/g, ["abab", fn]]', callback);
  await same(
    "(fn) => [String.prototype.replace, 'abc', [{ [Symbol.replace]: (s, f) => [s, typeof f] }, fn]]",
    callback,
  );
  await same("(fn) => [String.prototype.replace, 'abc', ['b', fn]]", '() => { throw new TypeError("x") }');
});

test('call, apply, bind and Reflect', async () => {
  const callback = 'function (...args) { note(this?.who, ...args); return args.length }';
  await same('(fn) => [Function.prototype.call, fn, [{ who: 1 }, 2, 3]]', callback);
  await same('(fn) => [Function.prototype.apply, fn, [{ who: 1 }, [2, 3]]]', callback);
  await same('(fn) => [Function.prototype.apply, fn, [null]]', callback);
  await same('(fn) => [Function.prototype.apply, fn, [null, 5]]', callback);
  await same('(fn) => [Reflect.apply, Reflect, [fn, { who: 1 }, { length: 2, 0: 4 }]]', callback);
  await same('(fn) => [Reflect.apply, Reflect, [fn, 1]]', callback);
  await same('(fn) => [fn.bind({ who: "bound" }, 1), { who: "not" }, [2]]', callback);
  await same('(fn) => [Function.prototype.call, fn.bind({ who: "bound" }), [0, 1]]', callback);
  await same('(fn) => [Function.prototype.bind, 5, []]', callback);
});

test('iterator helpers, lazily', async () => {
  const source = '(function* () { note("start"); try { yield 1; yield 2; yield 3 } finally { note("closed") } })()';
  for (const method of ['forEach', 'some', 'every', 'find', 'reduce']) {
    for (const callback of [
      '(...args) => { note(...args); return args[0] > 1 }',
      '() => { throw new RangeError("x") }',
    ]) {
      await same(`(fn, note) => [Iterator.prototype.${method}, ${source}, [fn]]`, callback);
    }
  }
  const drain = `(helper) => { const seen = []; return [helper[Symbol.toStringTag], seen, typeof helper.next] }`;
  for (const method of ['map', 'filter', 'flatMap']) {
    await same(
      `(fn, note) => [Iterator.prototype.${method}, ${source}, [fn], ${drain}]`,
      '(v, k) => { note(v, k); return v > 1 ? [v, v] : [] }',
    );
    await same(
      `(fn, note) => [Iterator.prototype.toArray, Iterator.prototype.${method}.call(${source}, fn), []]`,
      '(v, k) => v > 1 ? [v, v] : []',
    ).catch(() => {});
  }
});

test('JSON.parse with a reviver visits, deletes and tells the source as the engine does', async () => {
  for (const text of ['{"a":1,"b":[2,3,{"c":1e2}],"d":"keep"}', '[1,[2]]', '5', '"x"', '{bad', '{"__proto__":1}']) {
    for (const callback of [
      'function (key, value, context) { note(key, value, context); return typeof value === "number" ? value * 2 : value }',
      '(key, value) => (key === "b" ? undefined : value)',
      '(key) => { if (key === "d" || key === "1") throw new RangeError(key); }',
    ]) {
      await same(`(fn) => [JSON.parse, JSON, [${JSON.stringify(text)}, fn]]`, callback);
    }
  }
});

test('JSON.stringify with a replacer', async () => {
  const values = [
    '{ a: 1, b: [1, undefined, () => 1, Symbol("x")], u: undefined, n: null }',
    '5',
    'undefined',
    'new Date(0)',
    '[new Number(1), new String("s"), new Boolean(false)]',
    '{ nan: NaN, big: { deep: [[]] } }',
    '10n',
  ];
  for (const value of values) {
    for (const callback of [
      'function (key, value) { note(key, value); return typeof value === "number" ? value + 1 : value }',
      '(key, value) => (key === "b" ? undefined : value)',
    ]) {
      await same(`(fn) => [JSON.stringify, JSON, [${value}, fn]]`, callback);
      await same(`(fn) => [JSON.stringify, JSON, [${value}, fn, 2]]`, callback);
    }
  }
  await same(
    '(fn) => { const loop = {}; loop.self = loop; return [JSON.stringify, JSON, [loop, fn], () => 0]; }',
    '(k, v) => v',
  ).catch(() => {});
});

test('JSON.stringify waits for toJSON', async () => {
  realm.protocol.arm(false, false);
  await same(
    '(fn) => [JSON.stringify, JSON, [{ first: { toJSON: fn }, list: [1, { toJSON: fn }] }, null, " "]]',
    'function (key) { return { key, n: 1 } }',
  );
  await same(
    '(fn) => [JSON.stringify, JSON, [{ a: { toJSON: fn }, b: 1, c: 2 }, ["c", "a", "key"]]]',
    'function (key) { return { key, n: 1 } }',
  );
});
