import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { editDistance, nearestNames } from './nearest-names.ts';

describe('the distance of two words', () => {
  for (const [a, b, distance] of [
    ['', '', 0],
    ['', 'abc', 3],
    ['vus', 'vus', 0],
    ['duration', 'duratoin', 1],
    ['stages', 'stage', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ] as const)
    test(`${a || 'nothing'} and ${b || 'nothing'}`, () => {
      assert.equal(editDistance(a, b, 9), distance);
      assert.equal(editDistance(b, a, 9), distance);
      assert.equal(editDistance(a, b, distance - 1), Infinity);
    });
});

test('what is no name any more is far from everything, at no cost', () => {
  const long = 'x'.repeat(1_000_000);
  assert.equal(editDistance(long, `${long}y`, 9), Infinity);
  assert.equal(editDistance(long, long, 9), 0);
  assert.deepEqual(nearestNames(`${long}y`, [long, `${long}z`, 'x']), []);
  assert.deepEqual(nearestNames('connection', [`connection${long}`, 'conection']), [`connection${long}`, 'conection']);
});

describe('the nearest names', () => {
  const names = ['connection_refused', 'connection_reset', 'request_timeout', 'dial', 'dns'];

  test('are plausible slips of the pen, best first', () => {
    assert.deepEqual(nearestNames('conection_refused', names), ['connection_refused', 'connection_reset']);
    assert.deepEqual(nearestNames('dnss', names), ['dns']);
    assert.deepEqual(nearestNames('zebra', names), []);
  });

  test('do not mind case, dashes, underscores and spaces', () => {
    for (const word of ['Connection-Reset', 'CONNECTION RESET', 'connectionreset'])
      assert.equal(nearestNames(word, names)[0], 'connection_reset', word);
  });

  test('are those that contain a word of some length', () => {
    assert.deepEqual(nearestNames('timeout', names), ['request_timeout']);
    assert.deepEqual(nearestNames('connection', names), ['connection_reset', 'connection_refused']);
  });

  test('are as many as were asked for, and none of nothing', () => {
    assert.deepEqual(nearestNames('connection', names, 1), ['connection_reset']);
    for (const word of ['', ' ', '__']) assert.deepEqual(nearestNames(word, names), []);
  });
});
