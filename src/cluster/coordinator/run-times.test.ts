import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '../messages.ts';
import { readTimes } from './run-times.ts';

const start: Decision = {
  type: 'tell',
  agent: 0,
  message: { type: 'start', step: 4, setupData: undefined, atMs: 1700 },
};

test('a run that nobody has led has no times yet', () => {
  assert.deepEqual(readTimes([{ type: 'lead', term: 1 }], 5), {
    begunAtMs: null,
    startedAtMs: null,
    pauses: { stoodMs: 0, sinceMs: null },
  });
});

test('pauses that are over add up, one that is not is known by its beginning, all by the wanted clock', () => {
  const decisions: Decision[] = [
    { type: 'begun', atMs: 1000 },
    start,
    { type: 'pause', atMs: 2000 },
    { type: 'resume', atMs: 2300 },
    { type: 'pause', atMs: 3000 },
    { type: 'resume', atMs: 3050 },
  ];
  assert.deepEqual(readTimes(decisions, 10_000), {
    begunAtMs: 11_000,
    startedAtMs: 11_700,
    pauses: { stoodMs: 350, sinceMs: null },
  });
  const { pauses } = readTimes([...decisions, { type: 'pause', atMs: 4000 }], 10_000);
  assert.deepEqual(pauses, { stoodMs: 350, sinceMs: 14_000 });
});
