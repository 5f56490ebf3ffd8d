import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentFile, enterModule, initModulesOf } from './init-modules.ts';
import type { VirtualUser } from './virtual-user.ts';

/** As much of a virtual user as init code needs to know where it is. */
function user(file: string | null): VirtualUser {
  const states = new Map<symbol, unknown>();
  const vu = {
    environment: { script: { file, folder: '/scripts' } },
    state: (key: symbol, create: () => unknown) => {
      if (!states.has(key)) states.set(key, create());
      return states.get(key);
    },
  };
  return vu as unknown as VirtualUser;
}

test('the current file is the module whose top level runs, and the script for modules of the web', () => {
  const vu = user('/scripts/main.js');
  assert.equal(currentFile(vu), '/scripts/main.js');
  assert.equal(enterModule(vu, 'lib/a.js'), null);
  assert.equal(currentFile(vu), '/scripts/lib/a.js');
  assert.equal(enterModule(vu, 'https:https://example.com/x.js'), 'lib/a.js');
  assert.equal(currentFile(vu), '/scripts/main.js');
});

test('a script from standard input lies in its folder, and virtual users know nothing of each other', () => {
  const [one, two] = [user(null), user(null)];
  enterModule(one, '/elsewhere/b.js');
  assert.deepEqual([one, two].map(currentFile), ['/elsewhere/b.js', '/scripts/-']);
  assert.notEqual(initModulesOf(one), initModulesOf(two));
});
