import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunCounters } from './run-counters.ts';

test('counters over the same memory count together', () => {
  const main = new RunCounters();
  const worker = new RunCounters(main.buffer);
  worker.completeIteration();
  main.completeIteration();
  worker.interruptIteration();
  worker.initialiseVu();
  worker.changeActive(3);
  main.changeActive(-1);
  assert.deepEqual(
    [main.iterationsCompleted, main.iterationsInterrupted, main.vusInitialised, main.vusActive],
    [2, 1, 1, 2],
  );
});

test('the duration counts from the start of the scenarios, and is 0 before', () => {
  const counters = new RunCounters();
  assert.equal(counters.testRunDurationMs, 0);
  counters.start(performance.timeOrigin + performance.now() - 5000);
  assert.ok(counters.testRunDurationMs >= 5000 && counters.testRunDurationMs < 60_000);
});

test('turns are given out one after the other, whichever thread asks', () => {
  const main = new RunCounters();
  const worker = new RunCounters(main.buffer);
  const waits = [main, worker, main].map((counters) => counters.reserveTurn(60_000));
  assert.ok(
    waits.every((wait, index) => wait <= index * 60_000 && wait > index * 60_000 - 10_000),
    String(waits),
  );
});
