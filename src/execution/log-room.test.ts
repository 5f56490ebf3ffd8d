import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunCounters } from './run-counters.ts';

const LINE = 1024 * 1024;

test('a log that is not read at all costs lines, after some patience once, and is used again when it gets on', () => {
  const main = new RunCounters();
  const worker = new RunCounters(main.buffer);
  let admitted = 0;
  while (worker.admitLog(LINE)) admitted++;
  assert.ok(admitted >= 32 && admitted < 40, String(admitted));
  const began = performance.now();
  // Each would wait for a second.
  for (let i = 0; i < 100; i++) assert.equal(worker.admitLog(LINE), false);
  assert.ok(performance.now() - began < 50_000, 'it waited for each line');
  assert.equal(main.lostLogLines, 101);
  main.releaseLog(admitted * LINE);
  assert.equal(worker.admitLog(LINE), true);
});
