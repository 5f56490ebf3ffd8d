import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptAnswer } from './kept-answer.ts';

function createCounted(): { answer: KeptAnswer; made: () => number } {
  let made = 0;
  return { answer: new KeptAnswer(() => Buffer.from(String(++made))), made: () => made };
}

test('who asks at about the same time gets what was made once', () => {
  const { answer, made } = createCounted();
  const all = Array.from({ length: 5 }, () => answer.get(1, Number.POSITIVE_INFINITY));
  assert.equal(made(), 1);
  assert.ok(all.every((one) => one === all[0]));
});

test('another version is made anew, an earlier one too', () => {
  const { answer, made } = createCounted();
  for (const version of [1, 2, 2, 1, 1]) answer.get(version, Number.POSITIVE_INFINITY);
  assert.equal(made(), 3);
});

test('what is too old is made anew, and then is young', () => {
  const { answer, made } = createCounted();
  answer.get(1, 1000);
  answer.get(1, -1);
  assert.equal(made(), 2);
  answer.get(1, 1000);
  assert.equal(made(), 2);
});

test('one that cannot be made is tried again by the next', () => {
  let tries = 0;
  const answer = new KeptAnswer(() => {
    if (++tries === 1) throw new Error('not yet');
    return Buffer.from('now');
  });
  assert.throws(() => answer.get(1, 1000), /not yet/);
  assert.equal(String(answer.get(1, 1000)), 'now');
});
