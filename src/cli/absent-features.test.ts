import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExitError } from '../exit/exit-error.ts';
import { checkAbsentFeatures } from './absent-features.ts';

const NONE = {
  config: null,
  verbose: false,
  quiet: false,
  color: true,
  logOutput: 'stderr',
  logFormat: 'text',
  address: null,
  addressFromFlag: false,
  profilingEnabled: false,
  secretSources: [],
  out: [],
  linger: false,
  strict: false,
  noUsageReport: true,
  features: null,
  tracesOutput: 'none',
};

test('says nothing where nothing absent is asked for', () => {
  assert.deepEqual(checkAbsentFeatures({ paused: false }, NONE), []);
});

test('warns of what is left out', () => {
  const warnings = checkAbsentFeatures(
    { paused: false },
    { ...NONE, address: 'localhost:6565', features: ['x'], linger: true },
  );
  assert.equal(warnings.length, 2);
  assert.match(warnings[0], /REST API/);
});

test('refuses what would make it another test', () => {
  const isUsage = (error: unknown): boolean => error instanceof ExitError && error.exitCode === 255;
  assert.throws(() => checkAbsentFeatures({ paused: true }, NONE), isUsage);
});
