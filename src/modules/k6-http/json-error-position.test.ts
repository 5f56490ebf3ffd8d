import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findJsonError } from './json-error-position.ts';

/** `^` stands before the character that is wrong. */
const CASES = [
  '^<!doctype html>',
  '{\n "a": 1,\n "b": n^ope\n}',
  '{"t":t^esting}',
  '{"a":1^;}',
  '{"a":1,^}',
  '{^a:1}',
  '{"a"^ 1}',
  '[1,^]',
  '[1 ^2]',
  '[1^}',
  '0^1',
  '1.^x',
  '1e+^]',
  '-^a',
  '"a\\^q"',
  '"a\\u12^g4"',
  '"a^\n"',
  '[true,false,null]^,',
  '{} ^{}',
  '^',
  '[1, ^',
  '{"a":"b^',
  'tru^',
  '["\\^',
];

test('tells where a text stops being JSON', () => {
  for (const marked of CASES) {
    const text = marked.replace('^', '');
    assert.throws(() => JSON.parse(text), text);
    const wanted = marked.indexOf('^');
    // Before a colon that is missing white space may stand.
    const found = findJsonError(text);
    assert.equal(text.slice(wanted, found).trim(), '', `${marked}: found at ${found}`);
    assert.ok(found >= wanted, `${marked}: found at ${found}`);
  }
});

test('walks to the end of what is JSON, however deep', () => {
  for (const text of [
    '{"a":[1,-0.5e+3,"\\u00e9\\n",{}],"b":null} ',
    '[]',
    ' 0',
    '"x"',
    '['.repeat(50_000) + ']'.repeat(50_000),
  ]) {
    assert.equal(findJsonError(text), text.length);
  }
});
