import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimerWheel } from './timer-wheel.ts';

test('timers fire in order, never early, and the cancelled ones not at all', async () => {
  const wheel = new TimerWheel();
  const fired: number[] = [];
  const began = performance.now();
  await new Promise<void>((resolve) => {
    for (const ms of [60, 5, 30, 0, 45]) {
      wheel.schedule(ms, () => {
        assert.ok(performance.now() - began >= ms, `${ms} ms fired early`);
        fired.push(ms);
        if (ms === 60) resolve();
      });
    }
    wheel.cancel(wheel.schedule(20, () => fired.push(-1)));
  });
  assert.deepEqual(fired, [0, 5, 30, 45, 60]);
  assert.equal(wheel.size, 0);
});

test('a timer beyond one turn of the wheel waits for its own turn', async () => {
  const wheel = new TimerWheel();
  let fired = false;
  const far = wheel.schedule(4200, () => {
    fired = true;
  });
  await new Promise<void>((resolve) => wheel.schedule(120, resolve));
  assert.equal(fired, false);
  wheel.cancel(far);
  wheel.cancel(far);
  assert.equal(wheel.size, 0);
});

test('a timer may schedule and cancel others while it fires', async () => {
  const wheel = new TimerWheel();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    const victim = { handle: wheel.schedule(60, () => order.push('victim')) };
    wheel.schedule(9, () => {
      order.push('first');
      wheel.cancel(victim.handle);
      wheel.schedule(5, () => {
        order.push('second');
        resolve();
      });
    });
  });
  assert.equal(order[0], 'first');
  assert.equal(order.at(-1), 'second');
});
