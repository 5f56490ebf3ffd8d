import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findShare } from '../../options/segment.ts';
import { startLab } from './lab-host.fixture.ts';

test('virtual users follow what is wanted: up at once, down by cutting them off', async () => {
  const run = startLab({ executor: 'externally-controlled', vus: 2, maxVUs: 4, duration: 1000 }, { iterationMs: 100 });
  const { host, executor } = run;
  await host.world.advanceTo(250);
  executor.scale!(4, 4);
  assert.equal(host.lent, 4);
  await host.world.advanceTo(420);
  executor.scale!(1, 4);
  await host.world.advanceTo(420);
  assert.equal(host.lent, 1);
  assert.equal(host.record.filter(({ interrupted, endMs }) => interrupted && endMs === 420).length, 3);
  executor.scale!(3, 4);
  await host.world.runAll();
  assert.equal(run.doneMs, 1000);
  assert.deepEqual([host.lent, host.created], [0, 0]);
});

test('more than were planned are made on the way', async () => {
  const run = startLab(
    { executor: 'externally-controlled', vus: 1, maxVUs: 2, duration: 1000 },
    { iterationMs: 100, createMs: 50 },
  );
  const { host, executor } = run;
  await host.world.advanceTo(100);
  executor.scale!(5, 6);
  await host.world.advanceTo(200);
  assert.deepEqual([host.lent, host.created, executor.progress(200).maxVus], [5, 3, 6]);
  await host.world.runAll();
  assert.equal(host.lent, 0);
});

test('without a duration it goes on until it is stopped', async () => {
  const run = startLab({ executor: 'externally-controlled', vus: 1, maxVUs: 1 }, { iterationMs: 3_600_000 });
  await run.host.world.advanceTo(24 * 3_600_000);
  assert.ok(Number.isNaN(run.doneMs));
  assert.equal(run.executor.progress(24 * 3_600_000).share, 0);
  run.executor.stop();
  await run.host.world.advanceTo(24 * 3_600_000);
  assert.equal(run.doneMs, 24 * 3_600_000);
});

test('over several workers the sum is what was asked for', async () => {
  const runs = [0, 1, 2].map((index) =>
    startLab(
      { executor: 'externally-controlled', vus: 1, maxVUs: 10, duration: 1000 },
      { iterationMs: 100, share: findShare('', '').forWorker(index, 3) },
    ),
  );
  for (const wanted of [1, 7, 10, 0, 5]) {
    for (const { executor, host } of runs) {
      await host.world.advanceTo(10);
      executor.scale!(wanted, 10);
      await host.world.advanceTo(10);
    }
    assert.equal(
      runs.reduce((sum, { host }) => sum + host.lent, 0),
      wanted,
    );
  }
});
