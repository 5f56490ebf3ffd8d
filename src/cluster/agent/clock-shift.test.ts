import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClockShift } from './clock-shift.ts';

/** Two clocks and a way between them. @param trips how long each question takes, there and back, in ms */
function clocks(shiftMs: number, trips: readonly (readonly [there: number, back: number])[]) {
  let [now, asked] = [1000, 0];
  return {
    now: () => now,
    ask: async () => {
      const [there, back] = trips[asked++ % trips.length]!;
      now += there;
      const theirs = now + shiftMs;
      now += back;
      return theirs;
    },
    get asked() {
      return asked;
    },
  };
}

test('a clock that is wrong by seconds is read right, by the fastest of ten questions', async () => {
  for (const shiftMs of [2500, -2500, 0]) {
    const { ask, now } = clocks(shiftMs, [
      [40, 400],
      [3, 3],
      [300, 10],
    ]);
    assert.deepEqual(await readClockShift(ask, now), { shiftMs, roundTripMs: 6 });
  }
});

test('a way that takes longer in one direction is off by no more than half the difference', async () => {
  const { ask, now } = clocks(100, [[2, 8]]);
  const { shiftMs } = await readClockShift(ask, now);
  assert.ok(Math.abs(shiftMs - 100) <= 3);
});

test('questions that nobody answers are left out, as long as one is answered', async () => {
  const { ask, now } = clocks(50, [[1, 1]]);
  let asked = 0;
  const sometimes = async (): Promise<number> => {
    if (asked++ % 2 === 0) throw new Error('timeout');
    return ask();
  };
  assert.deepEqual(await readClockShift(sometimes, now), { shiftMs: 50, roundTripMs: 2 });
  assert.equal(asked, 10);
  await assert.rejects(
    readClockShift(() => Promise.reject(new Error('nobody is there')), now),
    /nobody is there/,
  );
});
