import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureTruth } from './micro/truth.ts';

test('each phase of a request is as long as the server says, and the counts are those of the server', async () => {
  // Phases of 400 to 600 ms: a busy machine adds tens, and one that is missing or taken for another is off by hundreds.
  const { errors, requests, answered } = await measureTruth(4, 1, 20);
  assert.equal(requests, answered);
  assert.ok(requests >= 4);
  for (const [phase, { med }] of Object.entries(errors))
    assert.ok(med < 250, `${phase} is off by ${med} ms at the median`);
});
