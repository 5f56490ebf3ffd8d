import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { renderYaml } from './yaml.ts';

const same = (value: unknown): void => assert.deepEqual(parse(renderYaml(value)), value, renderYaml(value));

test('data comes back as it was, however it is nested', () => {
  for (const value of [
    {},
    [],
    { a: {}, b: [], c: null },
    [[], [[]], [[1], [2, [3]]], {}],
    { list: [{ a: 1, b: { c: [1, 2] } }, 'x', [true, { d: null }]] },
    { a: { b: { c: { d: 'deep' } } } },
    [{ a: [] }, { b: {} }],
    0,
    -1.5e300,
    null,
    'text',
  ])
    same(value);
});

test('texts stay texts, whatever else YAML would take them for', () => {
  for (const text of [
    '',
    ' ',
    'yes',
    'No',
    'on',
    'y',
    'null',
    'NULL',
    'True',
    '~',
    '12',
    '1e3',
    '0x1f',
    '1_000',
    '.inf',
    '2026-01-01',
    '12:30:45',
    '- a',
    'a: b',
    'a #b',
    '#a',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
    '{a}',
    '[a]',
    "it's",
    '"quoted"',
    'a\nb',
    'tab\there',
    'žluťoučký 🐎',
    '\u2028',
    '\x07',
    'trailing ',
    '---',
    'a\\b',
  ])
    for (const value of [text, [text], { key: text }, { [text]: 1 }]) same(value);
});

test('what is not defined is left out, and a text ends with its line', () => {
  assert.equal(renderYaml({ a: undefined, b: 1 }), 'b: 1\n');
  assert.equal(renderYaml({ a: { b: 1 }, c: ['x'] }), 'a:\n  b: 1\nc:\n  - x\n');
});
