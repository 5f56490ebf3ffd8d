import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recorded } from '../messages.ts';
import { DecisionReader } from './decision-reader.ts';

const RECORD: readonly Recorded[] = Array.from({ length: 8 }, (_, index) => ({
  v: 1,
  place: index + 1,
  decision: { type: 'lead', term: index + 1 },
}));

/** @param most that are answered at once; 0: nobody answers */
function reader(most = 100) {
  const taken: number[] = [];
  const asked: number[] = [];
  const decisions = new DecisionReader(
    ({ place }) => void taken.push(place),
    async (after) => {
      asked.push(after);
      if (most === 0) throw new Error('no answer');
      return RECORD.filter(({ place }) => place > after).slice(0, most);
    },
    ({ signature }) => signature !== 'forged',
  );
  return { taken, asked, decisions };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('decisions are followed in order, each once, and nothing is asked for where none is missing', () => {
  const { taken, asked, decisions } = reader();
  for (const recorded of [...RECORD, ...RECORD, RECORD[2]!]) decisions.hear(recorded);
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(asked, []);
});

test('what was missed is asked for, some at a time, and then followed in its order', async () => {
  const { taken, asked, decisions } = reader(3);
  decisions.hear(RECORD[0]!);
  decisions.hear(RECORD[7]!);
  await settled();
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(asked, [1, 4, 7].slice(0, asked.length));
});

test('a sign of life of who leads says that something was missed', async () => {
  const { taken, asked, decisions } = reader();
  await decisions.catchUp(0);
  assert.deepEqual(asked, []);
  await decisions.catchUp(8);
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7, 8]);
  await decisions.catchUp(8);
  assert.deepEqual(asked, [0]);
});

test('a forged decision takes no place, and a genuine one counts at its own alone', async () => {
  const { taken, asked, decisions } = reader(0);
  decisions.hear({ ...RECORD[0]!, signature: 'forged' });
  decisions.hear(RECORD[0]!);
  decisions.hear(RECORD[1]!);
  // Said again, and one that is ahead of its place: it waits for those between, which nobody knows.
  decisions.hear(RECORD[0]!);
  decisions.hear(RECORD[3]!);
  await settled();
  assert.deepEqual(taken, [1, 2]);
  assert.deepEqual(asked, [2]);
  const lying = new DecisionReader(
    ({ place }) => void taken.push(place),
    async () => [{ ...RECORD[3]!, signature: 'forged' }, RECORD[7]!],
    ({ signature }) => signature !== 'forged',
  );
  await lying.catchUp(8);
  assert.deepEqual(taken, [1, 2]);
});

test('while nobody answers nothing is lost: it is asked for again at the next sign of life', async () => {
  const silent = reader(0);
  silent.decisions.hear(RECORD[3]!);
  await settled();
  assert.deepEqual(silent.taken, []);
  await silent.decisions.catchUp(4);
  assert.deepEqual(silent.asked, [0, 0]);
});

test('of two that ask at once one asks', async () => {
  const { asked, decisions } = reader();
  await Promise.all([decisions.catchUp(8), decisions.catchUp(8), decisions.catchUp(4)]);
  assert.deepEqual(asked, [0]);
});
