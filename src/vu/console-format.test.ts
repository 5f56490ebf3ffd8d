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
