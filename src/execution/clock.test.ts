import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PausableClock, RealClock, VirtualClock } from './clock.ts';

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

test('a clock that goes by another one has stood still for as long as that, in a pause as well', async () => {
  const below = new VirtualClock(10_000);
  const clock = new PausableClock(below);
  clock.adopt(4000);
  assert.equal(clock.now(), 6000);
  await below.advanceTo(11_000);
  assert.equal(clock.now(), 7000);
  // It was told of the pause before it was told how long that has lasted.
  const late = new PausableClock(below);
  late.pause();
  await below.advanceTo(12_000);
  late.adopt(5000);
  assert.equal(late.now(), 7000);
  await below.advanceTo(13_000);
  assert.deepEqual([late.now(), late.stoodMs], [7000, 6000]);
  late.resume();
  await below.advanceTo(13_500);
  assert.equal(late.now(), 7500);
});

test('a clock that was led by somebody else goes on where it stood', async () => {
  const below = new VirtualClock(10_000);
  const clock = new PausableClock(below, { stoodMs: 1000, sinceMs: 9000 });
  assert.deepEqual([clock.isPaused, clock.now(), clock.stoodMs], [true, 8000, 2000]);
  clock.resume();
  await below.advanceTo(10_500);
  assert.deepEqual([clock.now(), clock.stoodMs], [8500, 2000]);
});
