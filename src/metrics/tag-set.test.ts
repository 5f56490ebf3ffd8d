import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TagSet } from './tag-set.ts';

test('the same tags added in the same order are the same set', () => {
  const a = TagSet.EMPTY.with('method', 'GET').with('status', '200');
  assert.equal(TagSet.EMPTY.with('method', 'GET').with('status', '200'), a);
  assert.notEqual(TagSet.EMPTY.with('method', 'GET').with('status', '404'), a);
  assert.deepEqual(a.entries(), [
    ['method', 'GET'],
    ['status', '200'],
  ]);
});

test('an equal key is replaced in its place, and the same value changes nothing', () => {
  const tags = TagSet.EMPTY.with('a', '1').with('b', '2');
  assert.deepEqual(tags.with('a', '3').entries(), [
    ['a', '3'],
    ['b', '2'],
  ]);
  assert.equal(tags.with('a', '1'), tags);
  assert.equal(tags.with('a', '3').with('a', '1'), tags);
});

test('a replaced tag is not mistaken for one of the others', () => {
  const tags = TagSet.EMPTY.with('a', '1').with('b', '2');
  tags.with('a', '3');
  tags.with('a', '3');
  assert.equal(tags.with('b', '2'), tags);
  assert.equal(tags.with('c', '4').get('a'), '1');
});

test('sets of any order of additions have what was added last for each key', () => {
  let state = 11;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let round = 0; round < 2000; round++) {
    const expected = new Map<string, string>();
    let tags = TagSet.EMPTY;
    for (let step = random(8); step >= 0; step--) {
      const [key, value] = [`k${random(4)}`, `v${random(3)}`];
      if (random(5) === 0) {
        expected.delete(key);
        tags = tags.without(key);
      } else {
        expected.set(key, value);
        tags = tags.with(key, value);
      }
      assert.deepEqual(new Map(tags.entries()), expected);
    }
  }
});

test('tags can be read and taken away', () => {
  const tags = TagSet.EMPTY.with('a', '1').with('', 'odd').with('b', '');
  assert.equal(tags.get('a'), '1');
  assert.equal(tags.get('b'), '');
  assert.equal(tags.get(''), 'odd');
  assert.equal(tags.get('c'), undefined);
  assert.equal(TagSet.EMPTY.get(''), undefined);
  assert.equal(tags.without('c'), tags);
  assert.equal(tags.without('a').get('a'), undefined);
  assert.equal(tags.without('').without('b'), TagSet.EMPTY.with('a', '1'));
});

test('metadata goes along without changing the tags', () => {
  const tags = TagSet.EMPTY.with('a', '1').withMetadata('vu', '7').withMetadata('iter', '0').withMetadata('vu', '8');
  assert.equal(tags.base, TagSet.EMPTY.with('a', '1'));
  assert.deepEqual(tags.metadata, [
    ['iter', '0'],
    ['vu', '8'],
  ]);
  const more = tags.with('b', '2');
  assert.equal(more.base, TagSet.EMPTY.with('a', '1').with('b', '2'));
  assert.deepEqual(more.metadata, tags.metadata);
  assert.equal(more.get('b'), '2');
  assert.deepEqual(more.without('a').metadata, tags.metadata);
  assert.equal(tags.withoutMetadata('vu').withoutMetadata('iter'), tags.base);
});
