import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, ExitError, invalidConfig } from './exit-error.ts';

test("exit codes are k6's own numbers, and each is there once", () => {
  const { workNotDone, other, ok, ...k6 } = EXIT;
  // https://grafana.com/docs/k6/latest/ has no table of them; scripts of build servers ask for these.
  assert.deepEqual(Object.values(k6), [97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]);
  assert.deepEqual([ok, workNotDone, other], [0, 120, 255]);
  assert.equal(new Set(Object.values(EXIT)).size, Object.keys(EXIT).length);
});

test('an error carries its code, its words as they are, and its cause', () => {
  const cause = new Error('below');
  const error = new ExitError(EXIT.interrupted, 'line one\nline two', { cause });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.exitCode, error.message, error.cause, error.name],
    [105, 'line one\nline two', cause, 'ExitError'],
  );
  assert.equal(invalidConfig('x').exitCode, 104);
});
