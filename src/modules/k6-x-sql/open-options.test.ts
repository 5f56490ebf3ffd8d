// The options of sql.open(), read and refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOpenOptions } from './open-options.ts';

const NONE = {
  limits: { lifetimeMs: Number.POSITIVE_INFINITY, idleMs: Number.POSITIVE_INFINITY },
  rendering: { textAsStrings: false },
};

test('a connection that nothing is said of stays as long as it works', () => {
  for (const nothing of [undefined, null, {}, { connMaxLifetime: null, textAsStrings: undefined }])
    assert.deepEqual(readOpenOptions(nothing), NONE);
});

test('times are limits, and none at all from 0 down, as in Go', () => {
  const { limits } = readOpenOptions({ connMaxLifetime: '1m', connMaxIdleTime: 250 });
  assert.deepEqual(limits, { lifetimeMs: 60_000, idleMs: 250 });
  for (const time of [0, '0s', -1, '-5s'])
    assert.deepEqual(readOpenOptions({ connMaxLifetime: time, connMaxIdleTime: time }), NONE, String(time));
});

test('how many connections there may be is taken and changes nothing: a virtual user has one', () => {
  assert.deepEqual(readOpenOptions({ maxOpenConns: 5, maxIdleConns: 'many' }), NONE);
});

test('what cannot be used is named', () => {
  for (const [given, message] of [
    ['text', 'the options of open() must be an object, not string'],
    [{ connMaxLifetime: 'soon' }, 'connMaxLifetime must be a time, as in "30s"'],
    [{ connMaxIdleTime: {} }, 'connMaxIdleTime must be a time, as in "30s"'],
    [{ textAsStrings: 1 }, 'textAsStrings must be true or false, not number'],
    [
      { maxLifetime: 1 },
      'unknown option "maxLifetime" of open(): there are connMaxLifetime, connMaxIdleTime, maxOpenConns, maxIdleConns, textAsStrings',
    ],
  ] as const)
    assert.throws(() => readOpenOptions(given), { name: 'TypeError', message });
});
