import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnsEnd } from '../../node/turns-end.fixture.ts';
import type { JobEnd } from './protocol-host.ts';
import { recoverResumptions, resumeInTurn } from './resume-in-turn.ts';

function waiter(seen: unknown[], onDone: () => void = () => {}): JobEnd {
  return {
    done(value) {
      seen.push(value);
      onDone();
    },
    fail(error) {
      throw error;
    },
  };
}

test('all whose wait ends in one turn go on at its end, in their order', async () => {
  const seen: unknown[] = [];
  resumeInTurn(waiter(seen), 1);
  await Promise.resolve();
  resumeInTurn(waiter(seen), 2);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  resumeInTurn(waiter(seen), 3);
  assert.deepEqual(seen, []);
  await turnsEnd();
  assert.deepEqual(seen, [1, 2, 3]);
});

test('of many the first do not wait for the end of the turn', async () => {
  const seen: unknown[] = [];
  for (let value = 0; value < 31; value++) resumeInTurn(waiter(seen), value);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.equal(seen.length, 0);
  resumeInTurn(waiter(seen), 31);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.equal(seen.length, 32);
  resumeInTurn(waiter(seen), 32);
  await turnsEnd();
  assert.deepEqual(
    seen,
    Array.from({ length: 33 }, (_, value) => value),
  );
});

test('who comes while the others are told has a turn behind them', async () => {
  const seen: unknown[] = [];
  resumeInTurn(
    waiter(seen, () => resumeInTurn(waiter(seen), 'two')),
    'one',
  );
  await turnsEnd();
  assert.deepEqual(seen, ['one', 'two']);
});

test('when telling one was ended in the middle, the others hear of theirs all the same', async () => {
  const seen: unknown[] = [];
  const ended = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
  resumeInTurn(
    waiter(seen, () => {
      resumeInTurn(waiter(seen), 'during');
      throw new Error('ended');
    }),
    'first',
  );
  resumeInTurn(waiter(seen), 'behind');
  await ended;
  process.setUncaughtExceptionCaptureCallback(null);
  recoverResumptions();
  await turnsEnd();
  assert.deepEqual(seen, ['first', 'behind', 'during']);
  resumeInTurn(waiter(seen), 'later');
  await turnsEnd();
  assert.equal(seen.at(-1), 'later');
});
