// data-… attributes by jQuery's rules (https://api.jquery.com/data/), which k6's Selection.data() follows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertData, dataOf, readData } from './data-attributes.ts';
import type { HtmlElement } from './html-tree.ts';
import { readPage } from './page-cache.ts';
import { findFirst } from './selector.ts';

const find = (markup: string): HtmlElement => findFirst([readPage(markup)], 'i')!;
const convert = (text: string): unknown => convertData(text, JSON.parse);

test('names are in camel case where a letter follows the hyphen, and only there', () => {
  assert.deepEqual(dataOf(find('<i data-a="1" data-two-words="2" DATA-Upper="3" data-x-1="4" data-a--b="5">')), [
    ['a', '1'],
    ['twoWords', '2'],
    ['upper', '3'],
    ['x-1', '4'],
    ['a-B', '5'],
  ]);
});

test('what is no data attribute is none: another prefix, no name, no attribute at all', () => {
  assert.deepEqual(dataOf(find('<i data="1" data-="2" xdata-a="3" aria-data-b="4">')), []);
  assert.deepEqual(dataOf(find('<i>')), []);
});

test('a value is found by either form of its name', () => {
  const element = find('<i data-two-words="x" data-constructor="y">');
  assert.deepEqual(
    ['two-words', 'twoWords', 'constructor', 'toString', 'TwoWords', ''].map((key) => readData(element, key)),
    ['x', 'x', 'y', undefined, undefined, undefined],
  );
});

test('booleans, null and numbers are so where they are written as the language writes them', () => {
  assert.deepEqual(['true', 'false', 'null', '0', '-1', '1.5', '1e+21', '100'].map(convert), [
    true,
    false,
    null,
    0,
    -1,
    1.5,
    1e21,
    100,
  ]);
});

test('numbers that would lose something, and words that only look alike, stay text', () => {
  const texts = [
    '007',
    '1.50',
    '+1',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '.5',
    '12345678901234567890',
    'True',
    'FALSE',
    'undefined',
    '-0',
  ];
  assert.deepEqual(texts.map(convert), texts);
});

test('JSON is read where it is an object or a list; what is broken stays text', () => {
  assert.deepEqual(['{"a":[1]}', '[1,"x"]', '{}', '[]', '{\n"a": 1}'].map(convert), [
    { a: [1] },
    [1, 'x'],
    {},
    [],
    { a: 1 },
  ]);
  const broken = ['{a:1}', '[1,]', '{"a":1', '"text"', '{}x', ' {}', '{"a":1}}'];
  assert.deepEqual(broken.map(convert), broken);
});
