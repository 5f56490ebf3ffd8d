import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtName } from './built-name.ts';

test('a built file is known by its name, which has a digest in it; what has none may change', () => {
  assert.equal(builtName('file:///app/dist/program/run-CDe59_3A.js'), 'run-CDe59_3A');
  for (const name of ['main.js', 'load-worker.js', 'realm.ts', 'load-CDe59_3A.ts', 'kept-code.ts'])
    assert.equal(builtName(`file:///app/${name}`), null, name);
});
