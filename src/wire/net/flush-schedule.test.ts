import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { turnsEnd } from '../../node/turns-end.fixture.ts';
import { flushLeftovers, scheduleFlush } from './flush-schedule.ts';

test('all that is scheduled in one turn of the event loop is flushed at its end, in its order', async () => {
  const flushed: string[] = [];
  const target = (name: string) => ({ flush: () => void flushed.push(name) });
  // One time for all: on a busy machine the turn may take longer than the first would wait.
  const now = performance.now();
  scheduleFlush(target('first'), now);
  await Promise.resolve();
  scheduleFlush(target('from a microtask'), now);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  scheduleFlush(target('from a tick'), now);
  assert.deepEqual(flushed, []);
  await turnsEnd();
  assert.deepEqual(flushed, ['first', 'from a microtask', 'from a tick']);
});

test('who is scheduled while others are flushed has a turn behind them', async () => {
  const flushed: string[] = [];
  scheduleFlush({
    flush() {
      flushed.push('one');
      scheduleFlush({ flush: () => void flushed.push('two') });
    },
  });
  await turnsEnd();
  await turnsEnd();
  assert.deepEqual(flushed, ['one', 'two']);
});

test('in a long turn the first does not wait for its end', async () => {
  const flushed: string[] = [];
  const target = (name: string) => ({ flush: () => void flushed.push(name) });
  const began = performance.now();
  scheduleFlush(target('first'), began);
  scheduleFlush(target('second'), began + 0.5);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.deepEqual(flushed, []);
  scheduleFlush(target('late'), began + 2);
  scheduleFlush(target('later'), began + 3);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.deepEqual(flushed, ['first', 'second', 'late', 'later']);
  // And what comes then has a time of its own.
  scheduleFlush(target('new'), began + 4);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.equal(flushed.length, 4);
  await turnsEnd();
  assert.equal(flushed[4], 'new');
});

test('who throws while it is flushed keeps nobody else from it, be there nothing more to send', async () => {
  const flushed: string[] = [];
  const broken = {
    flush() {
      throw new Error('broken');
    },
  };
  const thrown: string[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push((error as Error).message));
  scheduleFlush(broken);
  scheduleFlush({ flush: () => void flushed.push('one') });
  scheduleFlush(broken);
  scheduleFlush({ flush: () => void flushed.push('two') });
  for (let at = 0; at < 5; at++) await turnsEnd();
  process.setUncaughtExceptionCaptureCallback(null);
  assert.deepEqual(flushed, ['one', 'two']);
  assert.deepEqual(thrown, ['broken', 'broken']);
});

test('what was to be flushed when code was ended in the middle is flushed behind, and so is all that comes later', async () => {
  const flushed: string[] = [];
  const target = (name: string) => ({ flush: () => void flushed.push(name) });
  let isEnded = false;
  const ending = {
    flush() {
      if (isEnded) return;
      isEnded = true;
      scheduleFlush(target('during'));
      throw new Error('ended');
    },
  };
  const ended = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
  scheduleFlush(ending);
  scheduleFlush(target('behind'));
  await ended;
  process.setUncaughtExceptionCaptureCallback(null);
  flushLeftovers();
  assert.deepEqual(flushed.toSorted(), ['behind', 'during']);
  for (const name of ['later', 'last']) {
    scheduleFlush(target(name));
    await turnsEnd();
  }
  assert.deepEqual(flushed.slice(2), ['later', 'last']);
});
