import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { describeDefault } from './describe-option.ts';
import { cacheFolder, stateFolder } from './system-folders.ts';
import { DURATION, INTEGER, OBJECT, TEXT } from './value-forms.ts';

const ELSEWHERE = process.platform !== 'linux' && 'folders have other names here';

test('what a program keeps is where the system wants it, or the user', { skip: ELSEWHERE }, () => {
  const home = os.homedir();
  assert.equal(cacheFolder('modules', {}), path.join(home, '.cache/sixfold/modules'));
  assert.equal(stateFolder('runs', {}), path.join(home, '.local/state/sixfold/runs'));
  const env = { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' };
  assert.deepEqual([cacheFolder('a', env), stateFolder('b', env)], ['/c/sixfold/a', '/s/sixfold/b']);
  assert.equal(cacheFolder('a', { XDG_CACHE_HOME: '' }), cacheFolder('a', {}), 'set to nothing is not set');
  assert.equal(stateFolder('a', { XDG_CACHE_HOME: '/c' }), stateFolder('a', {}));
});

test('a default is told in words, and where nothing is the default nothing is told', () => {
  const cases: [row: Parameters<typeof describeDefault>[0], text: string][] = [
    [{ default: 10, form: INTEGER }, '10'],
    [{ default: 0, form: INTEGER }, '0'],
    [{ default: 60_000, form: DURATION }, '1m'],
    [{ default: 90_000, form: DURATION }, '1m30s'],
    [{ default: 30_000, form: DURATION }, '30s'],
    [{ default: 3_600_000, form: DURATION }, '1h0m'],
    [{ default: 0, form: DURATION }, ''],
    [{ default: '', form: TEXT }, ''],
    [{ default: 'x', form: TEXT }, 'x'],
    [{ default: null, form: TEXT }, ''],
    [{ default: false, form: TEXT }, ''],
    [{ default: ['a', 'b'], form: TEXT }, 'a,b'],
    [{ default: {}, form: OBJECT }, ''],
    [{ default: {}, defaultText: 'all', form: OBJECT }, 'all'],
  ] as never;
  for (const [row, text] of cases) assert.equal(describeDefault(row), text, JSON.stringify(row));
});
