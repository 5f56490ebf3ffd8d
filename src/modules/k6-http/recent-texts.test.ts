import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentTexts } from './recent-texts.ts';

test('what is made of a text is kept until another one of its length comes', () => {
  const made: string[] = [];
  const recent = new RecentTexts((text) => {
    made.push(text);
    return { text };
  });
  const first = recent.of('aa');
  assert.equal(recent.of('aa'), first);
  assert.deepEqual(recent.of('bb'), { text: 'bb' });
  assert.notEqual(recent.of('aa'), first);
  // Another length in the same place.
  const long = 'a'.repeat(34);
  assert.deepEqual(recent.of(long), { text: long });
  assert.deepEqual(made, ['aa', 'bb', 'aa', long]);
});

test('long texts are not kept', () => {
  let made = 0;
  const recent = new RecentTexts(() => ++made);
  const text = 'x'.repeat(17 * 1024);
  assert.deepEqual([recent.of(text), recent.of(text)], [1, 2]);
});
