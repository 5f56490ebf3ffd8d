import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuntimeFlags } from './flags/runtime-flags.ts';
import { scriptEnvironment } from './script-environment.ts';

const see = (includeSystemEnvVars: boolean, env: Record<string, string> = {}) =>
  scriptEnvironment({ includeSystemEnvVars, env } as unknown as RuntimeFlags, {
    env: { HOME: '/home/ann', WHO: 'system', GONE: undefined },
    variables: { WHO: 'file', FILE: 'yes' },
  });

test('a script sees the variables of flags over those of files over those of the system', () => {
  assert.deepEqual(see(true), { HOME: '/home/ann', WHO: 'file', FILE: 'yes' });
  assert.deepEqual(see(true, { WHO: 'flag', FILE: '' }), { HOME: '/home/ann', WHO: 'flag', FILE: '' });
});

test('a script that is to see nothing of the system sees what it was given all the same', () => {
  assert.deepEqual(see(false, { FLAG: '1' }), { WHO: 'file', FILE: 'yes', FLAG: '1' });
});
