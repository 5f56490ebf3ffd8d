// How a task ended that has nothing to show: by its code, by what it says, without where its files lie.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { ChildTask } from './child-protocol.ts';
import { endingOf } from './task-ending.ts';

const task = { script: '/var/data/server-1/work/r/script.js', name: 'checkout.js' } as Partial<ChildTask> as ChildTask;

test('a code is an end without a reason', () => {
  assert.deepEqual(endingOf(0, null), {
    type: 'end',
    exitCode: 0,
    reason: null,
    record: null,
    headline: null,
    fingerprint: null,
    summary: null,
    summaryData: null,
    files: [],
  });
  assert.equal(endingOf(99, task).reason, null);
});

test('a failure that is known has its code and its sentence; one that is not is the program’s own, with its place', () => {
  const known = endingOf(new ExitError(EXIT.other, 'the options are wrong'), task);
  assert.deepEqual([known.exitCode, known.reason], [EXIT.other, 'the options are wrong']);
  const unknown = endingOf(new RangeError('unforeseen'), task);
  assert.equal(unknown.exitCode, EXIT.internalError);
  assert.match(unknown.reason!, /^RangeError: unforeseen\n {4}at /);
  for (const thrown of ['text', null, undefined, 7n, { message: 'x' }])
    assert.deepEqual(
      [endingOf(thrown, task).exitCode, endingOf(thrown, task).reason],
      [EXIT.internalError, String(thrown)],
    );
});

test('where the files lie here is nobody’s business: the script has the name that it was uploaded with', () => {
  const said = `${task.script}:3:1: unexpected token; imported by ${task.script}`;
  const { reason } = endingOf(new ExitError(EXIT.other, said), task);
  assert.equal(reason, 'checkout.js:3:1: unexpected token; imported by checkout.js');
});
