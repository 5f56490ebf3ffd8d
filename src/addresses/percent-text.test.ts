import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePercent } from './percent-text.ts';

test('escapes are taken out, unless one of them is broken: then all stand for themselves', () => {
  for (const [text, plain] of [
    ['', ''],
    ['p%40%C3%A9', 'p@é'],
    ['100%', '100%'],
    ['%zz%40', '%zz%40'],
    ['%C3', '%C3'],
  ] as const)
    assert.equal(decodePercent(text), plain);
});
