import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type QueuedTimer, TimerQueue, turnTime } from './timer-queue.ts';

/** A queue, and what it has fired so far; `until` waits for so many. */
function createQueue() {
  const fired: number[] = [];
  let look = (): void => {};
  const queue = new TimerQueue<QueuedTimer>(({ id }) => {
    fired.push(id);
    look();
  });
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (fired.length >= count) resolve();
      };
      look();
    });
  return { queue, fired, until };
}

test('timers fire by their time, and those of one time in the order in which they were set', async () => {
  const { queue, fired, until } = createQueue();
  const now = performance.now();
  for (const [id, inMs] of [
    [1, 20],
    [2, 5],
    [3, 20],
    [4, -1],
    [5, 5],
  ] as const)
    queue.add({ id, dueMs: now + inMs });
  await until(5);
  assert.deepEqual(fired, [4, 2, 5, 1, 3]);
});

test('one that is taken out does not fire, be it the next one', async () => {
  const { queue, fired, until } = createQueue();
  const timers = [1, 2, 3].map((id) => ({ id, dueMs: performance.now() + id }));
  for (const timer of timers) queue.add(timer);
  queue.remove(timers[0]!);
  queue.remove(timers[1]!);
  queue.remove(timers[1]!);
  await until(1);
  assert.deepEqual(fired, [3]);
});

test('none fires before its time, and a later one that is set while they fire waits for its own', async () => {
  const early: number[] = [];
  let done = (): void => {};
  const ended = new Promise<void>((resolve) => (done = resolve));
  const queue = new TimerQueue<QueuedTimer>((timer) => {
    if (performance.now() < timer.dueMs) early.push(timer.id);
    if (timer.id < 20) queue.add({ id: timer.id + 1, dueMs: performance.now() + (timer.id % 3) });
    else done();
  });
  queue.add({ id: 1, dueMs: performance.now() + 3 });
  await ended;
  assert.deepEqual(early, []);
});

test('the time stands still until the event loop turns', async () => {
  const before = turnTime();
  const began = performance.now();
  while (performance.now() - began < 2);
  assert.equal(turnTime(), before);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(turnTime() > before);
});
