import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from './html-tree.ts';
import { readPage } from './page-cache.ts';

test('the same text is the same tree, until eight others have been read since', () => {
  const first = readPage('<p>0');
  for (let i = 1; i < 8; i++) readPage(`<p>${i}`);
  assert.equal(readPage('<p>0'), first);
  const second = readPage('<p>2');
  for (let i = 8; i < 15; i++) readPage(`<p>${i}`);
  assert.equal(readPage('<p>2'), second);
  assert.notEqual(readPage('<p>0'), first);
  assert.equal(textOf(readPage('<p>0')), '0');
});

test('a long page is not kept', () => {
  const text = `<p>${'x'.repeat(200_000)}`;
  assert.notEqual(readPage(text), readPage(text));
});
