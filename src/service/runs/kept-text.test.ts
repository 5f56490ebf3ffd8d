// Texts as both databases take them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutNull, withoutNullIn } from './kept-text.ts';

test('the character that PostgreSQL does not keep is replaced, and nothing else is', () => {
  assert.equal(withoutNull('a\0b\0'), 'a\uFFFDb\uFFFD');
  for (const text of ['', 'plain', '\\u0000', '\u0001\n', '😀']) assert.equal(withoutNull(text), text);
});

test('of data it is replaced in texts and names, however deep, and the rest stays as it is', () => {
  const given = { 'a\0': ['x\0', { b: '\0' }, 5, null, true], c: {} };
  assert.deepEqual(withoutNullIn(given), { 'a\uFFFD': ['x\uFFFD', { b: '\uFFFD' }, 5, null, true], c: {} });
  assert.deepEqual(given['a\0'][0], 'x\0', 'what was given is left alone');
  for (const value of [0, false, null, 'x', []]) assert.deepEqual(withoutNullIn(value), value);
});

test('names that every object has are names as any', () => {
  const given = JSON.parse('{"__proto__": {"isAdmin": "yes\\u0000"}, "constructor": "c"}') as object;
  const kept = withoutNullIn(given);
  assert.equal(JSON.stringify(kept), '{"__proto__":{"isAdmin":"yes\uFFFD"},"constructor":"c"}');
  assert.equal((kept as { isAdmin?: string }).isAdmin, undefined);
});
