import assert from 'node:assert/strict';
import { test } from 'node:test';
import { K6_MODULES } from '../script/load/specifiers.ts';
import { loadHostModules, MODULE_NAMES } from './registry.ts';

test('the loader offers the modules that there are, and no others', () => {
  assert.deepEqual([...MODULE_NAMES].sort(), [...K6_MODULES].sort());
});

test('every module carries the name it is imported by', async () => {
  const modules = await loadHostModules(MODULE_NAMES);
  assert.deepEqual(
    modules.map(({ specifier }) => specifier),
    MODULE_NAMES,
  );
});
