import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimerWheel } from './timer-wheel.ts';
import { onStrayFailure } from './unexpected.ts';

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

test('who read the clock before the wheel last turned is due next, not a turn later', async () => {
  const wheel = new TimerWheel();
  const before = performance.now();
  const order: string[] = [];
  const late = wheel.schedule(3000, () => order.push('three seconds'));
  await new Promise<void>((resolve) => wheel.schedule(30, resolve));
  // All at once due, by what its caller knows of the time.
  await new Promise<void>((resolve) => {
    const tell = (): void => {
      order.push('at once');
      resolve();
    };
    wheel.schedule(0, tell, before);
  });
  wheel.cancel(late);
  assert.deepEqual(order, ['at once']);
});

test('thousands of timers, a third of them cancelled, fire each once in the order in which they are due', async () => {
  const wheel = new TimerWheel();
  let seed = 5;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const now = performance.now();
  const fired: number[] = [];
  const expected: number[] = [];
  for (let index = 0; index < 3000; index++) {
    const ms = random(120);
    const handle = wheel.schedule(ms, () => fired.push(ms), now);
    if (index % 3 === 0) wheel.cancel(handle);
    else expected.push(ms);
  }
  assert.equal(wheel.size, 2000);
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (wheel.size === 0) resolve();
      else setImmediate(look);
    };
    look();
  });
  assert.deepEqual(
    fired,
    expected.toSorted((a, b) => a - b),
  );
});

test('a target that throws keeps none behind it from firing, and is told of', async () => {
  const wheel = new TimerWheel();
  const strays: string[] = [];
  onStrayFailure(({ message }) => strays.push(message));
  const now = performance.now();
  const fail = (): void => {
    throw new Error('of one timer');
  };
  wheel.schedule(5, fail, now);
  await new Promise<void>((resolve) => wheel.schedule(5, resolve, now));
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(strays, ['internal error: Error: of one timer']);
  assert.equal(wheel.size, 0);
});
