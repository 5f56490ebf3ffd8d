import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAbsentFeatures } from './absent-features.ts';

test('says nothing where nothing absent is asked for', () => {
  assert.deepEqual(listAbsentFeatures({ profilingEnabled: false }), []);
});

test('names what is left out', () => {
  const sentences = listAbsentFeatures({ profilingEnabled: true });
  assert.equal(sentences.length, 1);
  assert.match(sentences[0]!, /profiles/);
});
