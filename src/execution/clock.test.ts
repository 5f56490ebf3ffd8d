import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealClock, VirtualClock } from './clock.ts';

test('the real clock never fires a timer too early, and fires past ones in a later turn', async () => {
  const clock = new RealClock();
  assert.ok(Math.abs(clock.now() - Date.now()) < 1000);
  for (const ms of [0.3, 1, 2.7, 5.5]) {
    const at = clock.now() + ms;
    assert.ok((await new Promise<number>((resolve) => clock.setTimer(at, () => resolve(clock.now())))) >= at);
  }
  let fired = false;
  const past = new Promise<void>((resolve) => clock.setTimer(clock.now() - 1000, () => resolve(void (fired = true))));
  assert.equal(fired, false);
  await past;
});

test('a cleared timer does not fire', async () => {
  for (const clock of [new RealClock(), new VirtualClock()]) {
    let fired = false;
    const timer = clock.setTimer(clock.now(), () => (fired = true));
    timer.clear();
    await new Promise<void>((resolve) => {
      clock.setTimer(clock.now() + 3, resolve);
      if (clock instanceof VirtualClock) void clock.runAll();
    });
    assert.equal(fired, false);
  }
});

test('virtual timers fire in order of time, then of creation, at their exact times', async () => {
  const clock = new VirtualClock(100);
  const fired: [string, number][] = [];
  const note = (name: string) => () => fired.push([name, clock.now()]);
  clock.setTimer(300, note('c'));
  clock.setTimer(200, note('a'));
  clock.setTimer(200, note('b'));
  clock.setTimer(50, note('past'));
  clock.setTimer(150, () => clock.setTimer(160, note('nested')));
  await clock.advanceTo(250);
  assert.deepEqual(fired, [
    ['past', 100],
    ['nested', 160],
    ['a', 200],
    ['b', 200],
  ]);
  assert.equal(clock.now(), 250);
  clock.block(1000);
  await clock.runAll();
  assert.deepEqual(fired.at(-1), ['c', 1250]);
});
