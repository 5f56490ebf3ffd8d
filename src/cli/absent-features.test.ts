import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAbsentFeatures } from './absent-features.ts';

const NONE = { profilingEnabled: false, tracesOutput: 'none' };

test('says nothing where nothing absent is asked for', () => {
  assert.deepEqual(listAbsentFeatures(NONE), []);
});

test('names what is left out', () => {
  const sentences = listAbsentFeatures({ ...NONE, profilingEnabled: true, tracesOutput: 'otel' });
  assert.equal(sentences.length, 2);
  assert.match(sentences[1]!, /traces/);
});
