import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featuresWithoutEffect, featureTags, readFeatures } from './feature-flags.ts';

test('the strongest place that says something decides alone, even when it says nothing', () => {
  assert.deepEqual(readFeatures([null, ['merge-run-tags']]).names, ['merge-run-tags']);
  assert.deepEqual(readFeatures([['native-histograms,freeze-env'], ['merge-run-tags']]).names, [
    'native-histograms',
    'freeze-env',
  ]);
  assert.deepEqual(readFeatures([[''], ['merge-run-tags']]).names, []);
  assert.deepEqual(readFeatures([null, null]).names, []);
});

test('names are taken once, and what there is none of is told', () => {
  const features = readFeatures([['freeze-env', 'freeze-env', ' warp-drive ']]);
  assert.deepEqual(features, { names: ['freeze-env'], unknown: ['warp-drive'] });
  assert.deepEqual(featureTags(features), { k6_feature_freeze_env: 'true' });
  assert.deepEqual(featuresWithoutEffect(features), ['freeze-env']);
});
