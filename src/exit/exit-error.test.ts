import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

test('the page of exit codes has a line for each that a program of Sixfold may end with, in their order, and for no other', () => {
  const page = readFileSync(new URL('../../docs/reference/exit-codes.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  // Nothing here takes k6's timeout without a name.
  const { genericTimeout, ...ours } = EXIT;
  assert.equal(genericTimeout, 102);
  assert.deepEqual(
    told,
    Object.values(ours).toSorted((a, b) => a - b),
  );
});

test('an error of a run is told from any other by its class alone, also where it was caught and thrown again', () => {
  const thrown = (error: unknown): unknown => {
    try {
      throw error;
    } catch (caught) {
      return caught instanceof ExitError ? caught.exitCode : 'another';
    }
  };
  assert.equal(thrown(invalidConfig('vus')), 104);
  assert.equal(thrown(Object.assign(new Error('vus'), { exitCode: 104, name: 'ExitError' })), 'another');
});
