import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beforeTurnEnds, recoverTurnEnd, whenTurnEnds } from './turn-end.ts';
import { turnsEnd } from './turns-end.fixture.ts';

test('who has more to do goes on first, whatever was asked for first, and what comes of it leaves with the rest', async () => {
  const seen: string[] = [];
  whenTurnEnds(() => seen.push('leaves'));
  beforeTurnEnds(() => {
    seen.push('goes on');
    queueMicrotask(() => queueMicrotask(() => seen.push('its microtask')));
    whenTurnEnds(() => seen.push('leaves too'));
  });
  assert.deepEqual(seen, []);
  await turnsEnd();
  assert.deepEqual(seen, ['goes on', 'its microtask', 'leaves', 'leaves too']);
});

test('what that brings about in its microtasks goes on before anything leaves, in the same turn', async () => {
  const seen: string[] = [];
  whenTurnEnds(() => seen.push('leaves'));
  beforeTurnEnds(() => {
    seen.push('one');
    void Promise.resolve()
      .then(() => {})
      .then(() => beforeTurnEnds(() => seen.push('two')));
  });
  const next = new Promise<void>((resolve) => setImmediate(resolve));
  await next;
  // The immediate of the test comes behind that of the turn's end, whose microtasks and ticks are done by then.
  assert.deepEqual(seen, ['one', 'two', 'leaves']);
});

test('it comes when the turn has brought all it has', async () => {
  const seen: string[] = [];
  beforeTurnEnds(() => seen.push('end'));
  process.nextTick(() => seen.push('tick'));
  queueMicrotask(() => seen.push('microtask'));
  await turnsEnd();
  assert.deepEqual(seen.toSorted(), ['end', 'microtask', 'tick']);
  assert.equal(seen.at(-1), 'end');
});

test('one that throws keeps no other from its turn, neither now nor later', async () => {
  const seen: string[] = [];
  const thrown: string[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push((error as Error).message));
  const fail = () => {
    throw new Error('broken');
  };
  beforeTurnEnds(fail);
  beforeTurnEnds(() => seen.push('goes on'));
  whenTurnEnds(fail);
  whenTurnEnds(() => seen.push('leaves'));
  await turnsEnd();
  whenTurnEnds(() => seen.push('later'));
  await turnsEnd();
  process.setUncaughtExceptionCaptureCallback(null);
  assert.deepEqual(thrown, ['broken', 'broken']);
  assert.deepEqual(seen, ['goes on', 'leaves', 'later']);
});

test('after code was ended in the middle all that was asked for comes, once', async () => {
  const seen: string[] = [];
  beforeTurnEnds(() => seen.push('goes on'));
  whenTurnEnds(() => seen.push('leaves'));
  recoverTurnEnd();
  await turnsEnd();
  assert.deepEqual(seen, ['goes on', 'leaves']);
});
