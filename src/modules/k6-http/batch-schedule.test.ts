// In which order requests of http.batch() start (k6 options batch and batchPerHost).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchItem, runBatch } from './batch-schedule.ts';

/** A batch whose requests end when they are told to. */
function startBatch(hosts: string, limits: { total: number; perHost: number }) {
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  let isDone = false;
  const items: BatchItem[] = [...hosts].map((host, index) => ({
    host,
    start(done) {
      started.push(index);
      ends.set(index, done);
    },
  }));
  runBatch(items, limits, () => {
    isDone = true;
  });
  return {
    /** Those that have started since it was last asked. */
    started: () => started.splice(0).join(' '),
    end: (index: number) => ends.get(index)!(),
    isDone: () => isDone,
  };
}

test('requests start in their order, as many at once as the limit says', () => {
  const batch = startBatch('abcdef', { total: 2, perHost: 0 });
  assert.equal(batch.started(), '0 1');
  batch.end(1);
  assert.equal(batch.started(), '2');
  batch.end(0);
  batch.end(2);
  assert.equal(batch.started(), '3 4');
});

test('those of a host at its limit wait, and let the others pass', () => {
  const batch = startBatch('aaabab', { total: 4, perHost: 2 });
  assert.equal(batch.started(), '0 1 3 5');
  batch.end(3);
  assert.equal(batch.started(), '');
  batch.end(0);
  assert.equal(batch.started(), '2');
  batch.end(2);
  assert.equal(batch.started(), '4');
});

test('a limit that is none lets all of them start', () => {
  for (const none of [0, -1]) {
    assert.equal(startBatch('aaaa', { total: none, perHost: none }).started(), '0 1 2 3');
    assert.equal(startBatch('aaab', { total: none, perHost: 1 }).started(), '0 3');
    assert.equal(startBatch('aaab', { total: 2, perHost: none }).started(), '0 1');
  }
});

test('it is done when the last one has ended, and not before', () => {
  const batch = startBatch('ab', { total: 1, perHost: 1 });
  batch.end(0);
  assert.equal(batch.isDone(), false);
  batch.end(1);
  assert.equal(batch.isDone(), true);
});

test('a batch of nothing is done at once', () => {
  assert.equal(startBatch('', { total: 1, perHost: 1 }).isDone(), true);
});

test('requests that end while they start, as cached failures do, neither start twice nor end early', () => {
  const started: number[] = [];
  let ends = 0;
  const items: BatchItem[] = Array.from({ length: 20_000 }, (_, index) => ({
    host: index % 2 === 0 ? 'a' : 'b',
    start(done) {
      started.push(index);
      done();
    },
  }));
  runBatch(items, { total: 3, perHost: 1 }, () => {
    ends++;
    assert.equal(started.length, 20_000);
  });
  assert.equal(ends, 1);
  assert.deepEqual(
    started.toSorted((a, b) => a - b),
    Array.from({ length: 20_000 }, (_, i) => i),
  );
});
