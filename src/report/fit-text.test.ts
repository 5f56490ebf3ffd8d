import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { fitText, padText, widthOf } from './fit-text.ts';

test('every letter takes as many columns as the library says, known by itself or not', () => {
  for (let code = 0x20; code < 0x3000; code++) {
    const letter = String.fromCodePoint(code);
    assert.equal(widthOf(letter), stringWidth(letter), `U+${code.toString(16)}`);
  }
  assert.equal(widthOf('漢字 ok'), 7);
});

test('what does not fit ends with an ellipsis, wide letters whole', () => {
  assert.equal(fitText('漢字漢字', 6), '漢字…');
  assert.equal(fitText('plain', 5), 'plain');
  assert.equal(fitText('plain', 0), '');
  assert.equal(padText('漢', 4), '漢  ');
});
