// How much is kept of what a script hands over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataWithin, lineWithin, MOST_KEPT, textWithin } from './kept-size.ts';

test('a text within bounds stays as it is, a longer one says how long it was, and is not cut twice', () => {
  assert.equal(textWithin('short'), 'short');
  const cut = textWithin('x'.repeat(MOST_KEPT * 2));
  assert.ok(cut.endsWith(`\n… (cut: it has ${MOST_KEPT * 2} characters, and ${MOST_KEPT} are kept)\n`));
  assert.equal(textWithin(cut), cut);
});

test('data are kept whole or not at all', () => {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  assert.equal(dataWithin('{"a":1}', say), '{"a":1}');
  assert.deepEqual(said, []);
  assert.equal(dataWithin('x'.repeat(MOST_KEPT + 1), say), null);
  assert.match(said[0]!, /is not kept: it has 1048577 characters, and 1048576 are kept at most/);
});

test('a line of the log that is too long says how long it was', () => {
  assert.equal(lineWithin('x'.repeat(10_000)).length, 10_000);
  const cut = lineWithin('x'.repeat(10_201));
  assert.equal(cut, `${'x'.repeat(10_000)}… (10201 characters)`);
  assert.equal(lineWithin(cut), cut, 'it is not cut twice');
});
