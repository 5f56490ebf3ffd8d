import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureTruth } from './micro/truth.ts';

test('each phase of a request is as long as the server says, and the counts are those of the server', async () => {
  // Phases of 400 to 600 ms: one that is missing or taken for another is off by hundreds in each request; what a busy machine adds differs
  // from one to the next.
  const { errors, requests, answered } = await measureTruth(4, 1, 20);
  assert.equal(requests, answered);
  assert.ok(requests >= 4);
  for (const [phase, { min }] of Object.entries(errors)) assert.ok(min < 250, `${phase} is off by ${min} ms at least`);
});
