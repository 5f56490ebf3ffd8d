import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Share } from '../../options/segment.ts';
import { VirtualClock } from '../clock.ts';
import { createSharedCounters } from '../shared-counter.ts';
import { labScenario, runLab, startLab } from './lab-host.fixture.ts';

test('constant-vus loops every virtual user until its time is over, and waits for the last iterations', async () => {
  const { host, doneMs } = await runLab({ executor: 'constant-vus', vus: 3, duration: 1000 }, { iterationMs: 300 });
  assert.equal(host.record.length, 12);
  assert.deepEqual(
    host.record.slice(0, 6).map((i) => i.startMs),
    [0, 0, 0, 300, 300, 300],
  );
  assert.equal(doneMs, 1200);
  assert.deepEqual(
    host.record.map((i) => i.inTest),
    Array.from({ length: 12 }, (_, i) => i),
  );
  assert.equal(host.lent, 0);
});

test('constant-vus interrupts what goes on longer than gracefulStop', async () => {
  const { host, doneMs } = await runLab(
    { executor: 'constant-vus', vus: 2, duration: 1000, gracefulStop: 500 },
    { iterationMs: 900 },
  );
  assert.equal(doneMs, 1500);
  assert.deepEqual(
    host.record.map((i) => [i.startMs, i.endMs, i.interrupted]),
    [
      [0, 900, false],
      [0, 900, false],
      [900, 1500, true],
      [900, 1500, true],
    ],
  );
});

test('gracefulStop of 0 cuts at the end of the duration', async () => {
  const { doneMs } = await runLab({ executor: 'constant-vus', duration: 1000, gracefulStop: 0 }, { iterationMs: 700 });
  assert.equal(doneMs, 1000);
});

test('startTime delays everything', async () => {
  const run = await runLab({ executor: 'constant-vus', duration: 1000, startTime: 5000 }, { iterationMs: 500 });
  assert.deepEqual(
    run.host.record.map((i) => i.startMs),
    [5000, 5500],
  );
  assert.equal(run.doneMs, 6000);
});

test('a stopped scenario interrupts at once and starts nothing more', async () => {
  for (const settings of [
    { executor: 'constant-vus', vus: 4, duration: 10_000 },
    { executor: 'shared-iterations', vus: 4, iterations: 100 },
    { executor: 'per-vu-iterations', vus: 4, iterations: 100 },
    { executor: 'ramping-vus', startVUs: 4, stages: [{ duration: 10_000, target: 4 }] },
    { executor: 'constant-arrival-rate', rate: 4, duration: 10_000, preAllocatedVUs: 8 },
  ] as const) {
    const run = startLab(settings, { iterationMs: 700 });
    await run.host.world.advanceTo(1000);
    run.executor.stop();
    await run.host.world.advanceTo(1000);
    assert.equal(run.doneMs, 1000, settings.executor);
    assert.equal(run.executor.progress(1000).phase, 'interrupted');
    const { length } = run.host.record;
    await run.host.world.runAll();
    assert.equal(run.host.record.length, length);
    assert.equal(run.host.lent, 0);
    assert.equal(run.host.dropped, 0);
  }
});

test('a scenario stopped before its start is over when it should have started', async () => {
  const run = startLab({ executor: 'constant-vus', duration: 1000, startTime: 500 }, { iterationMs: 10 });
  run.executor.stop();
  await run.host.world.runAll();
  assert.equal(run.doneMs, 0);
  assert.equal(run.host.record.length, 0);
});

test('shared-iterations gives out every number once, to whoever is free', async () => {
  const { host, doneMs } = await runLab(
    { executor: 'shared-iterations', vus: 3, iterations: 10 },
    { iterationMs: ({ vu }) => (vu === 1 ? 1000 : 100) },
  );
  assert.deepEqual(
    host.record.map((i) => i.inTest),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(host.record.filter((i) => i.vu === 1).length, 1);
  assert.equal(doneMs, 1000);
  assert.equal(host.dropped, 0);
});

test('shared-iterations and per-vu-iterations drop what maxDuration leaves no time for', async () => {
  const shared = await runLab(
    { executor: 'shared-iterations', vus: 2, iterations: 10, maxDuration: 1000 },
    { iterationMs: 400 },
  );
  assert.equal(shared.host.record.length, 6);
  assert.equal(shared.host.dropped, 4);
  const perVu = await runLab(
    { executor: 'per-vu-iterations', vus: 2, iterations: 10, maxDuration: 1000 },
    { iterationMs: 400 },
  );
  assert.equal(perVu.host.record.length, 6);
  assert.equal(perVu.host.dropped, 14);
  assert.equal(perVu.doneMs, 1200);
});

test('shared-iterations are shared exactly by several workers', async () => {
  const clock = new VirtualClock();
  const counters = createSharedCounters(1);
  const runs = [0, 1, 2].map((index) =>
    startLab(
      { executor: 'shared-iterations', vus: 7, iterations: 100, maxDuration: 3000 },
      { iterationMs: 300, clock, counters, share: Share.WHOLE.forWorker(index, 3) },
    ),
  );
  await clock.runAll();
  const all = runs.flatMap(({ host }) => host.record.map((i) => i.inTest)).sort((a, b) => a - b);
  const dropped = runs.reduce((sum, { host }) => sum + host.dropped, 0);
  assert.deepEqual(
    all,
    Array.from({ length: 70 }, (_, i) => i),
  );
  assert.equal(dropped, 30);
  assert.ok(runs.every(({ doneMs }) => doneMs === 3000));
});

test('per-vu-iterations gives every virtual user its iterations', async () => {
  const { host, executor } = await runLab(
    { executor: 'per-vu-iterations', vus: 3, iterations: 4 },
    { iterationMs: ({ vu }) => vu * 10 },
  );
  for (const vu of [1, 2, 3]) assert.equal(host.record.filter((i) => i.vu === vu).length, 4);
  assert.deepEqual(executor.progress(0).iterations, { done: 12, total: 12, shared: false });
});

test('iterations that take no time leave the event loop its turns', async () => {
  const run = startLab({ executor: 'per-vu-iterations', vus: 2, iterations: 1000 }, { iterationMs: 0 });
  await run.host.world.runAll();
  assert.equal(run.host.record.length, 2000);
});

test('ramping-vus changes the number evenly within a stage', async () => {
  const { host, doneMs } = await runLab(
    {
      executor: 'ramping-vus',
      startVUs: 0,
      gracefulRampDown: 0,
      stages: [
        { duration: 1000, target: 4 },
        { duration: 1000, target: 0 },
      ],
    },
    { iterationMs: 10_000 },
  );
  assert.deepEqual(
    host.record.map((i) => [i.startMs, i.endMs]),
    [
      [250, 2000],
      [500, 1750],
      [750, 1500],
      [1000, 1250],
    ],
  );
  assert.equal(doneMs, 2000);
});

test('ramping-vus jumps where a stage has no duration', async () => {
  const { host } = await runLab(
    {
      executor: 'ramping-vus',
      startVUs: 1,
      gracefulRampDown: 0,
      gracefulStop: 0,
      stages: [
        { duration: 1000, target: 1 },
        { duration: 0, target: 4 },
        { duration: 1000, target: 4 },
        { duration: 0, target: 0 },
      ],
    },
    { iterationMs: 10_000 },
  );
  assert.deepEqual(
    host.record.map((i) => [i.startMs, i.endMs]),
    [
      [0, 2000],
      [1000, 2000],
      [1000, 2000],
      [1000, 2000],
    ],
  );
});

test('a virtual user that is ramped down may end its iteration within gracefulRampDown', async () => {
  const { host } = await runLab(
    {
      executor: 'ramping-vus',
      startVUs: 2,
      gracefulRampDown: 300,
      stages: [
        { duration: 0, target: 1 },
        { duration: 2000, target: 1 },
      ],
    },
    { iterationMs: ({ vu }) => (vu === 2 ? 10_000 : 500) },
  );
  // The step at 0 has the second virtual user ramped down before it ever started.
  assert.ok(host.record.every((i) => i.vu === 1));
  const later = await runLab(
    {
      executor: 'ramping-vus',
      startVUs: 2,
      gracefulRampDown: 300,
      stages: [
        { duration: 1000, target: 2 },
        { duration: 0, target: 0 },
        { duration: 1000, target: 0 },
      ],
    },
    { iterationMs: ({ vu }) => (vu === 2 ? 10_000 : 550) },
  );
  assert.deepEqual(
    later.host.record.map((i) => [i.vu, i.startMs, i.endMs, i.interrupted]),
    [
      [1, 0, 550, false],
      [2, 0, 1300, true],
      [1, 550, 1100, false],
    ],
  );
});

test('a virtual user in its ramp-down goes on when the number rises again', async () => {
  const { host } = await runLab(
    {
      executor: 'ramping-vus',
      startVUs: 1,
      gracefulRampDown: 1000,
      stages: [
        { duration: 500, target: 1 },
        { duration: 0, target: 0 },
        { duration: 400, target: 0 },
        { duration: 0, target: 1 },
        { duration: 1100, target: 1 },
      ],
    },
    { iterationMs: 1000 },
  );
  assert.deepEqual(
    host.record.map((i) => [i.vu, i.startMs, i.endMs, i.interrupted]),
    [
      [1, 0, 1000, false],
      [1, 1000, 2000, false],
    ],
  );
});

test('ramping-vus over workers has the whole number at every moment', async () => {
  const clock = new VirtualClock();
  const runs = [0, 1, 2].map((index) =>
    startLab(
      { executor: 'ramping-vus', startVUs: 0, gracefulRampDown: 0, stages: [{ duration: 1000, target: 10 }] },
      { iterationMs: 5000, clock, share: Share.WHOLE.forWorker(index, 3) },
    ),
  );
  await clock.runAll();
  const starts = runs.flatMap(({ host }) => host.record.map((i) => i.startMs)).sort((a, b) => a - b);
  assert.deepEqual(starts.slice(0, 9), [100, 200, 300, 400, 500, 600, 700, 800, 900]);
});

test('progress tells the phase, the time and the virtual users', async () => {
  const run = startLab({ executor: 'constant-vus', vus: 2, duration: 1000, startTime: 1000 }, { iterationMs: 600 });
  assert.equal(run.executor.progress(0).phase, 'waiting');
  assert.equal(run.executor.progress(400).elapsedMs, -600);
  await run.host.world.advanceTo(1500);
  assert.deepEqual(run.executor.progress(1500), {
    phase: 'running',
    share: 0.5,
    activeVus: 2,
    maxVus: 2,
    elapsedMs: 500,
    durationMs: 1000,
    iterations: null,
    rate: null,
  });
  await run.host.world.advanceTo(2100);
  assert.equal(run.executor.progress(2100).phase, 'stopping');
  await run.host.world.runAll();
  assert.equal(run.executor.progress(9000).phase, 'done');
  assert.equal(labScenario({ executor: 'constant-vus', duration: 1000 }).gracefulStopMs, 30_000);
});

test('who takes a share over in the middle goes on as the plan has it from there, with numbers of its own', async () => {
  const begin = async (settings: Parameters<typeof startLab>[0]) => {
    const clock = new VirtualClock();
    await clock.advanceTo(4000);
    const run = startLab(settings, { iterationMs: 400, takeover: 2, clock });
    await clock.runAll();
    return run;
  };
  const looping = await begin({ executor: 'constant-vus', vus: 2, duration: 6000 });
  assert.deepEqual(
    looping.host.record.slice(0, 4).map(({ startMs, inTest }) => [startMs, inTest]),
    [
      [4000, 2_000_000_000],
      [4000, 2_000_000_001],
      [4400, 2_000_000_002],
      [4400, 2_000_000_003],
    ],
  );
  assert.equal(looping.doneMs, 6000);
  // The peak of the first stage is over: of four virtual users one is left.
  const stages = [
    { duration: 1000, target: 4 },
    { duration: 1000, target: 1 },
    { duration: 4000, target: 1 },
  ];
  const ramping = await begin({ executor: 'ramping-vus', startVUs: 0, stages });
  assert.deepEqual([...new Set(ramping.host.record.map(({ vu }) => vu))], [1]);
  assert.equal(ramping.host.record[0]!.startMs, 4000);
  const arriving = await begin({ executor: 'constant-arrival-rate', rate: 10, duration: 6000, preAllocatedVUs: 10 });
  assert.deepEqual(
    arriving.host.record.map(({ dueMs }) => dueMs),
    Array.from({ length: 19 }, (_, index) => 4100 + index * 100),
  );
  assert.equal(arriving.host.dropped, 0);
  assert.equal(arriving.host.record[0]!.inTest, 2_000_000_000);
});

test('a number of iterations that is under way cannot be taken over, nor what is over; what is still to come can', async () => {
  const clock = new VirtualClock();
  await clock.advanceTo(4000);
  const begin = async (settings: Parameters<typeof startLab>[0]) => {
    const run = startLab(settings, { iterationMs: 100, takeover: 1, clock });
    await clock.runAll();
    return run.host.record.length;
  };
  assert.equal(await begin({ executor: 'shared-iterations', vus: 2, iterations: 10 }), 0);
  assert.equal(await begin({ executor: 'per-vu-iterations', vus: 2, iterations: 10 }), 0);
  assert.equal(await begin({ executor: 'constant-vus', vus: 2, duration: 3000 }), 0);
  assert.equal(await begin({ executor: 'shared-iterations', vus: 2, iterations: 10, startTime: 5000 }), 10);
});
