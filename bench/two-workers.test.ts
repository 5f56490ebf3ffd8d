import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWithWorkers } from './micro/two-workers.ts';

test('two workers do the same as one: every iteration once, every request in the log of the server', async (t) => {
  const iterations = 24;
  const one = await runWithWorkers(1, iterations);
  const two = await runWithWorkers(2, iterations);
  for (const run of [one, two])
    assert.deepEqual([run.iterations, run.requests, run.logged], [iterations, iterations, iterations]);
  // How much faster depends on what else the machine does: docs/performance.md has what two idle cores gave.
  t.diagnostic(`two workers were ${(one.seconds / two.seconds).toFixed(2)} times as fast as one`);
  if (one.idleSeconds !== null && two.idleSeconds !== null)
    t.diagnostic(`by CPU time it would be ${(one.idleSeconds / two.idleSeconds).toFixed(2)} on idle cores`);
});
