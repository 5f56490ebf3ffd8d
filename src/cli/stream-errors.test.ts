import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { outliveStreams } from './stream-errors.ts';

const failure = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

test('a reader that went away is no failure', () => {
  const [out, err] = [new EventEmitter(), new EventEmitter()];
  const said: string[] = [];
  outliveStreams(out, err, (text) => said.push(text));
  out.emit('error', failure('EPIPE'));
  err.emit('error', failure('EPIPE'));
  assert.equal(said.length, 0);
});

test('another failure is said once', () => {
  const [out, err] = [new EventEmitter(), new EventEmitter()];
  const said: string[] = [];
  const listeners = process.listeners('exit');
  outliveStreams(out, err, (text) => said.push(text));
  out.emit('error', failure('ENOSPC'));
  out.emit('error', failure('ENOSPC'));
  // The listener that turns the exit code would turn this test's own.
  for (const listener of process.listeners('exit')) if (!listeners.includes(listener)) process.off('exit', listener);
  assert.deepEqual(said, ['could not write to standard output: ENOSPC: no']);
});
