// Arguments of scripts for the browser, read once and refused by name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import { clickOptions, pageShotOptions, pollingOptions, roleOptions } from './option-readers.ts';
import { PageFunctions } from './page-function.ts';
import { filledText, flag, listOf, number, oneOf, optional, pattern, type Reader, text, textMap } from './readers.ts';
import { inputFiles, selectedValues } from './selected-values.ts';

const handle = { of: 'a page' };
const realm = {
  functions: new PageFunctions(createRealm()),
  handleOf: (object: object) => ('isHandle' in object ? handle : null),
};
const read = (reader: Reader, value: unknown) => reader(value, 'the value of fill()', realm);
const refused = (reader: Reader, value: unknown, message: string): void =>
  assert.throws(() => read(reader, value), { name: 'TypeError', message });

test('what is wrong is named, with what was given', () => {
  for (const [reader, value, message] of [
    [text, 5, 'the value of fill() must be text, not number'],
    [text, null, 'the value of fill() must be text, not null'],
    [text, {}, 'the value of fill() must be text, not an object'],
    [filledText, '', 'the value of fill() must not be empty'],
    [filledText, undefined, 'the value of fill() must be text, not undefined'],
    [number, Number.NaN, 'the value of fill() must be a number, not NaN'],
    [number, '5', 'the value of fill() must be a number, not string'],
    [flag, 1, 'the value of fill() must be true or false, not number'],
    [pattern, 5, 'the value of fill() must be text or a regular expression, not number'],
    [oneOf('a', 'b'), 'c', 'the value of fill() must be one of a, b, not "c"'],
    [oneOf('a', 'b'), undefined, 'the value of fill() must be one of a, b, not undefined'],
    [listOf(text), 'ab', 'the value of fill() must be a list, not string'],
    [listOf(text), ['a', 5], 'item 2 of the value of fill() must be text, not number'],
    [textMap, null, 'the value of fill() must be an object, not null'],
    [textMap, { a: 5 }, 'a of the value of fill() must be text, not number'],
  ] as const)
    refused(reader, value, message);
});

test('what may be left out is left out by undefined and null, and by nothing else', () => {
  for (const nothing of [undefined, null]) assert.equal(read(optional(text), nothing), undefined);
  for (const value of ['', 'x']) assert.equal(read(optional(text), value), value);
  refused(optional(text), false, 'the value of fill() must be text, not boolean');
});

test('a regular expression is one that does the same, of this realm, whatever the script has done to its own', () => {
  const given = createRealm().evaluate(
    `const given = /a.c/gi; Object.defineProperty(given, 'source', { value: 'x' }); given.lastIndex = 7; given`,
  ) as RegExp;
  const copied = read(pattern, given) as RegExp;
  assert.ok(copied instanceof RegExp);
  assert.deepEqual([copied.source, copied.flags, copied.lastIndex], ['a.c', 'gi', 0]);
});

test('names of headers may be any, and are its own', () => {
  const given = JSON.parse('{"__proto__": "x", "constructor": "y"}') as object;
  const map = read(textMap, given) as Record<string, string>;
  assert.deepEqual(Object.entries(map), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(map), Object.prototype);
});

test('options are those that there are; others are not read, and none of them need be there', () => {
  for (const nothing of [undefined, null]) assert.equal(read(clickOptions, nothing), undefined);
  const given = {
    position: { x: 1, y: -2.5, z: 3 },
    modifiers: ['Shift', 'ControlOrMeta'],
    button: 'middle',
    clickCount: 2,
    force: null,
    get unknown() {
      return assert.fail('it is not read');
    },
  };
  assert.deepEqual(read(clickOptions, given), {
    position: { x: 1, y: -2.5 },
    modifiers: ['Shift', 'ControlOrMeta'],
    button: 'middle',
    clickCount: 2,
  });
  refused(clickOptions, 'fast', 'the options of the value of fill() must be an object, not string');
  refused(clickOptions, { timeout: '5s' }, 'timeout of the value of fill() must be a number, not string');
  refused(
    clickOptions,
    { position: { x: 'left' } },
    'x of position of the value of fill() must be a number, not string',
  );
  refused(
    clickOptions,
    { modifiers: ['Hyper'] },
    'item 1 of modifiers of the value of fill() must be one of Alt, Control, ControlOrMeta, Meta, Shift, not "Hyper"',
  );
});

test('options of one thing are checked as that', () => {
  assert.deepEqual(read(roleOptions, { name: 'Buy', level: 2, exact: false }), { name: 'Buy', level: 2, exact: false });
  assert.deepEqual(read(pageShotOptions, { fullPage: true, clip: { x: 0, y: 0, width: 5, height: 6 } }), {
    fullPage: true,
    clip: { x: 0, y: 0, width: 5, height: 6 },
  });
  for (const polling of [100, 'raf', 'mutation']) assert.deepEqual(read(pollingOptions, { polling }), { polling });
  refused(
    pollingOptions,
    { polling: 'often' },
    'polling of the value of fill() must be one of raf, mutation, not "often"',
  );
});

test('what is chosen is a value, an element or a description, one or several of one kind', () => {
  assert.deepEqual(read(selectedValues, undefined), []);
  assert.equal(read(selectedValues, 'a'), 'a');
  assert.deepEqual(read(selectedValues, ['a', 'b']), ['a', 'b']);
  assert.equal(read(selectedValues, { isHandle: true }), handle);
  assert.deepEqual(read(selectedValues, ['a', { label: 'B' }, { index: 0 }, { isHandle: true }]), [
    { value: 'a' },
    { label: 'B' },
    { index: 0 },
    handle,
  ]);
  for (const wrong of [5, [5], [null], [undefined]])
    assert.throws(() => read(selectedValues, wrong), {
      message: /takes values as text, elements, or \{ value, label, index \}/,
    });
});

test('a file is octets or their base64, with a name and a kind, and the script may change them afterwards', () => {
  const buffer = new Uint8Array([1, 2]);
  const file = { name: 'a.txt', mimeType: 'text/plain' };
  const [one, two] = read(inputFiles, [
    { ...file, buffer },
    { ...file, buffer: 'AP8=' },
  ]) as { name: string; buffer: Buffer }[];
  buffer.fill(9);
  assert.deepEqual([one!.name, [...one!.buffer], [...two!.buffer]], ['a.txt', [1, 2], [0, 255]]);
  refused(inputFiles, 'a.txt', 'the value of fill() takes files as { name, mimeType, buffer }, not string');
  refused(
    inputFiles,
    { ...file, buffer: 5 },
    'buffer of the value of fill() must be an ArrayBuffer, or base64 as text',
  );
  refused(inputFiles, { buffer, name: 'a' }, 'mimeType of the value of fill() must be text, not undefined');
});
