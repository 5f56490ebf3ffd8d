import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PushOutcome, PushQueue, type PushQueueOptions } from './push-queue.ts';

const TAKEN: PushOutcome = { kind: 'taken' };
const LATER: PushOutcome = { kind: 'later', reason: 'the server answered 503' };

interface Fixture {
  readonly queue: PushQueue;
  /** Bodies in the order in which they were sent, as text. */
  readonly sent: string[];
  readonly troubles: (string | null)[];
}

/** @param outcomes of the sends in their order; the last one holds for all that follow */
function createQueue(outcomes: readonly PushOutcome[], options: Partial<PushQueueOptions> = {}): Fixture {
  const sent: string[] = [];
  const troubles: (string | null)[] = [];
  const queue = new PushQueue({
    send: async (body) => {
      sent.push(Buffer.from(body).toString());
      return outcomes[Math.min(sent.length, outcomes.length) - 1]!;
    },
    concurrency: 1,
    onTrouble: (reason) => troubles.push(reason),
    ...options,
  });
  return { queue, sent, troubles };
}

const push = (text: string, samples = 10) => ({ body: Buffer.from(text), samples });

test('what may work later is sent again, in its place, and trouble is told when it begins and ends', async () => {
  const { queue, sent, troubles } = createQueue([LATER, LATER, TAKEN]);
  queue.offer(push('a'));
  queue.offer(push('b'));
  assert.equal(await queue.close(), null);
  assert.deepEqual(sent, ['a', 'a', 'a', 'b']);
  assert.deepEqual(troubles, ['the server answered 503', null]);
});

test('what a server refuses is dropped at once, counted and named; of a part that it took only the rest', async () => {
  const { queue, sent } = createQueue([
    { kind: 'refused', reason: 'the server answered 400' },
    { kind: 'refused', reason: 'the server answered 401', lost: 3 },
    TAKEN,
  ]);
  for (const text of ['a', 'b', 'c']) queue.offer(push(text));
  assert.equal(
    await queue.close(),
    '13 samples did not get there: 10 (the server answered 400), 3 (the server answered 401)',
  );
  assert.deepEqual(sent, ['a', 'b', 'c']);
});

test('more than may wait is dropped as a whole push', async () => {
  const { queue, sent } = createQueue([LATER, TAKEN], { maxBytes: 5 });
  queue.offer(push('aaaa'));
  queue.offer(push('bb', 7));
  assert.match((await queue.close()) ?? '', /^7 samples did not get there: 7 \(too much waited/);
  assert.deepEqual(sent, ['aaaa', 'aaaa']);
});

test('the last flush ends, also while a send or a pause lasts, and the rest is counted', async () => {
  const hanging = createQueue([], {
    lastFlushMs: 20,
    send: (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'later', reason: 'no answer' }))),
  });
  hanging.queue.offer(push('a', 4));
  hanging.queue.offer(push('b', 5));
  assert.equal(await hanging.queue.close(), '9 samples did not get there: 9 (no answer)');

  const patient = createQueue([{ ...LATER, afterMs: 3_600_000 }], { lastFlushMs: 20 });
  patient.queue.offer(push('a', 4));
  assert.equal(await patient.queue.close(), '4 samples did not get there: 4 (the server answered 503)');
});

test('a pause for as long as the server asks for does not outlast the wish to end', async () => {
  const { queue, sent } = createQueue([{ ...LATER, afterMs: 3_600_000 }, TAKEN]);
  queue.offer(push('a'));
  await new Promise(setImmediate);
  assert.equal(await queue.close(), null);
  assert.deepEqual(sent, ['a', 'a']);
});

test('a pause longer than any timer lasts is a long one, and not none', async () => {
  for (const afterMs of [2 ** 31, 1e13, Number.POSITIVE_INFINITY]) {
    const { queue, sent } = createQueue([{ ...LATER, afterMs }, TAKEN]);
    queue.offer(push('a'));
    // A timer that was set for no time at all would have fired before this one.
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(sent, ['a'], String(afterMs));
    assert.equal(await queue.close(), null);
  }
});

test('of totals only the last push matters', async () => {
  const refused: PushOutcome = { kind: 'refused', reason: 'the server answered 400' };
  const good = createQueue([refused, TAKEN]);
  good.queue.offer(push('a', 0));
  good.queue.offer(push('b', 0));
  assert.equal(await good.queue.close(), null);
  const bad = createQueue([TAKEN, refused]);
  bad.queue.offer(push('a', 0));
  bad.queue.offer(push('b', 0));
  assert.equal(await bad.queue.close(), 'the last totals did not get there: the server answered 400');
});

test('several sends may be under way at once, and never more than allowed', async () => {
  let running = 0;
  let most = 0;
  const { queue } = createQueue([], {
    concurrency: 3,
    send: async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return TAKEN;
    },
  });
  for (let count = 0; count < 10; count++) queue.offer(push('x'));
  assert.equal(await queue.close(), null);
  assert.equal(most, 3);
});
