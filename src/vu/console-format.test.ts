import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { formatConsole } from './console-format.ts';

test('arguments are joined by spaces; strings stand as they are at the top', () => {
  assert.equal(formatConsole(['text', 1, true, null, undefined, -0.5]), 'text 1 true null undefined -0.5');
  assert.equal(formatConsole(['%s is not', 'formatted']), '%s is not formatted');
  assert.equal(formatConsole([]), '');
});

test('structures show nested strings in double quotes and undefined as null', () => {
  assert.equal(
    formatConsole([{ a: 1, b: 'two', c: null, d: undefined, e: [1, 'x', {}], f: [] }]),
    '{ a: 1, b: "two", c: null, d: null, e: [ 1, "x", {} ], f: [] }',
  );
});

test('within structures, keys stand as they are, and numbers that JSON has not keep their names', () => {
  assert.equal(formatConsole([{ 'two words': 2, 'a-b': -0, 7: 1 }]), '{ 7: 1, two words: 2, a-b: 0 }');
  assert.equal(formatConsole([[NaN, Infinity, { x: -Infinity }]]), '[ NaN, Infinity, { x: -Infinity } ]');
});

test('binary data is shown whole', () => {
  assert.equal(
    formatConsole([new Uint8Array([1, 255]).buffer]),
    'ArrayBuffer { [Uint8Contents]: <01 ff>, byteLength: 2 }',
  );
  assert.equal(formatConsole([new Int16Array(60)]), `Int16Array(60) [ ${'0, '.repeat(59)}0 ]`);
  assert.equal(formatConsole([[new Uint8Array(0)]]), '[ Uint8Array(0) [] ]');
});

test('functions, cycles, errors and dates have forms of their own', () => {
  const loop: Record<string, unknown> = { name: 'loop' };
  loop['self'] = loop;
  assert.equal(formatConsole([loop]), '{ name: "loop", self: [Circular] }');
  assert.equal(formatConsole([() => 1, { fn() {} }]), '[object Function] { fn: [object Function] }');
  assert.equal(
    formatConsole([new Error('bad'), { cause: new TypeError('in') }]),
    'Error: bad { cause: TypeError: in }',
  );
  assert.equal(formatConsole([{ at: new Date(0) }]), '{ at: "1970-01-01T00:00:00.000Z" }');
});

test('the same object twice is no cycle', () => {
  const one = { n: 1 };
  assert.equal(formatConsole([[one, one]]), '[ { n: 1 }, { n: 1 } ]');
});

test('values of another realm are shown as those of this one', () => {
  const value: unknown = runInNewContext(
    '({ e: new RangeError("x"), d: new Date(0), l: [1], b: new Uint8Array([1, 2]) })',
  );
  assert.equal(
    formatConsole([value]),
    '{ e: RangeError: x, d: "1970-01-01T00:00:00.000Z", l: [ 1 ], b: Uint8Array(2) [ 1, 2 ] }',
  );
});

const inScript = (source: string): string => formatConsole([runInNewContext(`(${source})`)]);

test('whatever a script can make has a text, and none of it throws', () => {
  const cases: [source: string, text: string][] = [
    ['10n', '10'],
    ['[10n, { a: -1n }]', '[ 10, { a: -1 } ]'],
    ['Symbol("s")', 'Symbol(s)'],
    ['[Symbol()]', '[ Symbol() ]'],
    ['{ [Symbol("s")]: 1, a: 2 }', '{ a: 2 }'],
    ['[1, , 3]', '[ 1, null, 3 ]'],
    ['new Array(3)', '[ null, null, null ]'],
    ['new Date(NaN)', 'null'],
    ['/a"b/gi', '/a"b/gi'],
    ['new Map([[1, 2]])', '{}'],
    ['new Set([1])', '{}'],
    ['Object.create(null)', '{}'],
    ['Object.create({ inherited: 1 })', '{}'],
    ['new Number(5)', '5'],
    ['[new String("x"), new Boolean(false)]', '[ "x", false ]'],
    ['class A {}', '[object Function]'],
    ['async () => 1', '[object Function]'],
    ['new (class extends Error { name = "Mine" })("why")', 'Mine: why'],
    ['Object.assign(new Error(""), { name: "Bare" })', 'Bare'],
    ['{ toJSON() { return { b: 1 } } }', '{ b: 1 }'],
    ['{ toJSON: 5, a: 1 }', '{ toJSON: 5, a: 1 }'],
    ['[{ toJSON() { return undefined } }]', '[ null ]'],
    ['"line\\nend"', 'line\nend'],
    ['["line\\nend"]', '[ "line\\nend" ]'],
    ['new Uint8Array([1, 2]).subarray(1)', 'Uint8Array(1) [ 2 ]'],
    ['new Float64Array([0.5, NaN])', 'Float64Array(2) [ 0.5, NaN ]'],
    ['new BigInt64Array([1n])', 'BigInt64Array(1) [ 1 ]'],
    ['new DataView(new Uint8Array([7, 8]).buffer, 1)', 'DataView { contents: <08>, byteLength: 1 }'],
    ['new SharedArrayBuffer(1)', 'SharedArrayBuffer { contents: <00>, byteLength: 1 }'],
    [
      '(() => { const b = new ArrayBuffer(4); b.transfer(); return b })()',
      'ArrayBuffer { [Uint8Contents]: <>, byteLength: 0 }',
    ],
    ['(() => { const b = new Uint8Array(4); b.buffer.transfer(); return b })()', 'Uint8Array(0) []'],
    [
      '(() => { const b = new DataView(new ArrayBuffer(4)); b.buffer.transfer(); return b })()',
      'DataView { contents: <>, byteLength: 0 }',
    ],
  ];
  for (const [source, text] of cases) assert.equal(inScript(source), text, source);
});

test('a value as deep as no stack is is written to its cut', () => {
  const deep = inScript('(() => { let v = 1; for (let i = 0; i < 200000; i++) v = [v]; return v })()');
  assert.ok(deep.startsWith('[ [ [ '));
  assert.ok(
    inScript('(() => { const v = { toJSON() { return { toJSON: v.toJSON } } }; return v })()').includes('[Circular]'),
  );
  const wide = inScript('(() => { const a = []; for (let i = 0; i < 24; i++) a.push(a.slice()); return a })()');
  assert.ok(wide.endsWith('… (cut: the value goes on)') && wide.length < 1_100_000);
});
