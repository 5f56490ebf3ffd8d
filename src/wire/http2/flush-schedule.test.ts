import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flushLeftovers, scheduleFlush } from './flush-schedule.ts';

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

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
    await nextTick();
  }
  assert.deepEqual(flushed.slice(2), ['later', 'last']);
});
