import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findShare, Share } from '../../options/segment.ts';
import { VirtualClock } from '../clock.ts';
import { createSharedCounters } from '../shared-counter.ts';
import { type LabRun, runLab, startLab } from './lab-host.fixture.ts';
import { RateRamp } from './rate-ramp.ts';

const flow = { executor: 'constant-arrival-rate', rate: 10, duration: 1000, preAllocatedVUs: 20 } as const;

test('starts iteration i at i periods, however long iterations take', async () => {
  const { host, doneMs } = await runLab(flow, { iterationMs: 1500 });
  assert.deepEqual(
    host.record.map((i) => i.startMs),
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
  );
  assert.deepEqual(
    host.record.map((i) => i.dueMs),
    host.record.map((i) => i.startMs),
  );
  assert.deepEqual(
    host.record.map((i) => i.vu),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.equal(doneMs, 2400);
});

test('being late starts what is due at once and shifts nothing that follows', async () => {
  const run = startLab(flow, { iterationMs: 10 });
  await run.host.world.advanceTo(250);
  run.host.world.block(300);
  await run.host.world.runAll();
  assert.deepEqual(
    run.host.record.map((i) => i.startMs),
    [0, 100, 200, 550, 550, 550, 600, 700, 800, 900],
  );
  assert.deepEqual(
    run.host.record.map((i) => i.dueMs),
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
  );
});

test('what was due before the end starts even when the end comes first', async () => {
  const run = startLab(flow, { iterationMs: 10 });
  await run.host.world.advanceTo(650);
  run.host.world.block(2000);
  await run.host.world.runAll();
  assert.equal(run.host.record.length, 10);
});

test('drops without a free virtual user, makes others one at a time, and warns once', async () => {
  const { host } = await runLab(
    { executor: 'constant-arrival-rate', rate: 100, duration: 1000, preAllocatedVUs: 1, maxVUs: 3, gracefulStop: 0 },
    { iterationMs: 100_000, createMs: 95 },
  );
  assert.equal(host.created, 2);
  assert.deepEqual(
    host.record.map((i) => i.startMs),
    [0, 110, 220],
  );
  assert.equal(host.dropped, 97);
  assert.deepEqual(host.warnings, ['Insufficient VUs, reached 3 active VUs and cannot initialize more']);
  assert.equal(host.lent, 0);
});

test('several workers warn once, of all virtual users of the scenario', async () => {
  const clock = new VirtualClock();
  const counters = createSharedCounters(1);
  const runs = [0, 1].map((worker) =>
    startLab(
      { executor: 'constant-arrival-rate', rate: 100, duration: 1000, preAllocatedVUs: 5, gracefulStop: 0 },
      { iterationMs: 100_000, clock, counters, share: findShare('', '').forWorker(worker, 2) },
    ),
  );
  await clock.runAll();
  assert.deepEqual(
    runs.flatMap(({ host }) => host.warnings),
    ['Insufficient VUs, reached 5 active VUs and cannot initialize more'],
  );
});

test('what is over tells the rate that it had come to', async () => {
  const stages = [
    { duration: 1000, target: 30 },
    { duration: 1000, target: 20 },
  ];
  const ramp = {
    executor: 'ramping-arrival-rate',
    startRate: 10,
    preAllocatedVUs: 90,
    startTime: 100,
    stages,
  } as const;
  const rateOf = ({ host, executor }: LabRun): number | null => executor.progress(host.clock.now()).rate;
  const constant = startLab({ ...flow, startTime: 100 }, { iterationMs: 500 });
  const ramping = startLab(ramp, { iterationMs: 500 });
  assert.equal(rateOf(constant), 0);
  for (const ms of [1050, 1300, 9000]) {
    await constant.host.world.advanceTo(ms);
    assert.equal(rateOf(constant), 10, `at ${ms} ms`);
  }
  for (const [ms, rate] of [
    [600, 20],
    [2200, 20],
    [9000, 20],
  ] as const) {
    await ramping.host.world.advanceTo(ms);
    assert.equal(Math.round(rateOf(ramping) ?? Number.NaN), rate, `at ${ms} ms`);
  }
});

test('virtual users take turns', async () => {
  const { host } = await runLab({ ...flow, preAllocatedVUs: 3 }, { iterationMs: 10 });
  assert.deepEqual(
    host.record.slice(0, 6).map((i) => i.vu),
    [1, 2, 3, 1, 2, 3],
  );
});

test('segments and workers start every iteration of the whole exactly once and on time', async () => {
  const clock = new VirtualClock();
  const runs = ['0:1/3', '1/3:2/3', '2/3:1'].flatMap((segment) =>
    [0, 1].map((index) =>
      startLab(
        { ...flow, rate: 1000, preAllocatedVUs: 60 },
        { iterationMs: 5, clock, share: findShare(segment, '0,1/3,2/3,1').forWorker(index, 2) },
      ),
    ),
  );
  await clock.runAll();
  const starts = runs.flatMap(({ host }) => host.record.map((i) => i.startMs)).sort((a, b) => a - b);
  assert.deepEqual(
    starts,
    Array.from({ length: 1000 }, (_, i) => i),
  );
  const numbers = runs.flatMap(({ host }) => host.record.map((i) => i.inTest)).sort((a, b) => a - b);
  assert.equal(new Set(numbers).size, 1000);
});

test('a worker without a virtual user leaves all arrivals to the others', async () => {
  const clock = new VirtualClock();
  const runs = [0, 1].map((index) =>
    startLab({ ...flow, preAllocatedVUs: 1 }, { iterationMs: 5, clock, share: Share.WHOLE.forWorker(index, 2) }),
  );
  await clock.runAll();
  assert.deepEqual(
    runs.map(({ host }) => [host.record.length, host.dropped]),
    [
      [10, 0],
      [0, 0],
    ],
  );
});

test('a ramp starts its iterations where the area below the rate reaches whole numbers', () => {
  const ramp = new RateRamp(
    0,
    [
      { durationMs: 1000, target: 20 },
      { durationMs: 500, target: 20 },
      { durationMs: 0, target: 4 },
      { durationMs: 500, target: 4 },
    ],
    1000,
  );
  assert.equal(ramp.total, 22);
  const due = Array.from({ length: 23 }, (_, i) => ramp.dueMs(i));
  for (let n = 1; n <= 10; n++) assert.ok(Math.abs(due[n - 1] - Math.sqrt(n / 10) * 1000) < 1e-6);
  for (let n = 11; n <= 20; n++) assert.ok(Math.abs(due[n - 1] - (1000 + (n - 10) * 50)) < 1e-6);
  assert.ok(Math.abs(due[20] - 1750) < 1e-6);
  assert.ok(Math.abs(due[21] - 2000) < 1e-6);
  assert.equal(due[22], Number.POSITIVE_INFINITY);
  assert.equal(ramp.rateAt(500), 0.01);
  assert.equal(ramp.rateAt(1999), 0.004);
});

test('fractions carry over from stage to stage, down-ramps and standstills included', () => {
  const stages = [
    { durationMs: 333, target: 7 },
    { durationMs: 1234, target: 0 },
    { durationMs: 500, target: 0 },
    { durationMs: 777, target: 31 },
  ];
  const ramp = new RateRamp(3, stages, 1000);
  const area = (ms: number): number => {
    let sum = 0;
    let rate = 3;
    let start = 0;
    for (const { durationMs, target } of stages) {
      const t = Math.min(Math.max(ms - start, 0), durationMs);
      sum += rate * t + ((target - rate) * t * t) / (2 * durationMs);
      rate = target;
      start += durationMs;
    }
    return sum / 1000;
  };
  let before = -1;
  for (let i = 0; i < ramp.total; i++) {
    const due = ramp.dueMs(i);
    assert.ok(due >= before);
    assert.ok(Math.abs(area(due) - (i + 1)) < 1e-6, `iteration ${i}`);
    before = due;
  }
  assert.equal(ramp.dueMs(0), new RateRamp(3, stages, 1000).dueMs(0));
});

test('ramping-arrival-rate runs the ramp', async () => {
  const { host } = await runLab(
    { executor: 'ramping-arrival-rate', startRate: 10, preAllocatedVUs: 5, stages: [{ duration: 1000, target: 10 }] },
    { iterationMs: 10 },
  );
  assert.deepEqual(
    host.record.map((i) => i.startMs),
    [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
  );
});

test('a rate that no machine reaches costs nothing but its number', async () => {
  for (const rate of [1e9, 1e12]) {
    const run = startLab(
      { executor: 'constant-arrival-rate', rate, duration: 1000, preAllocatedVUs: 2, gracefulStop: 0 },
      { iterationMs: 100_000 },
    );
    run.host.world.block(2000);
    await run.host.world.runAll();
    assert.equal(run.host.record.length, 2);
    assert.equal(run.host.dropped, rate - 2);
  }
});
