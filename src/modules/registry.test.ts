import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { renderModuleTraits, TRAITS_FILE } from '../../scripts/module-traits.ts';
import { ROOT } from '../../scripts/root.ts';
import { K6_MODULES } from '../script/load/k6-modules.ts';
import { loadHostModules } from './registry.ts';

test('every module carries the name it is imported by', async () => {
  const modules = await loadHostModules(K6_MODULES, '/');
  assert.deepEqual(
    modules.map(({ specifier }) => specifier),
    K6_MODULES,
  );
});

test('a name that is none is said with those that there are', async () => {
  await assert.rejects(loadHostModules(['k6', 'k6/qqqqqqqqqqqq'], '/'), (error: Error) =>
    K6_MODULES.every((name) => error.message.includes(name)),
  );
});

test('the compiler knows of each what the table says: npm run docs', () => {
  assert.equal(readFileSync(path.join(ROOT, TRAITS_FILE), 'utf8'), renderModuleTraits());
});
