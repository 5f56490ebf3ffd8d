import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GeneratorHealth, HealthMonitor, judgeGenerator } from './generator-health.ts';

const well: GeneratorHealth = {
  durationMs: 10_000,
  delayP99Ms: 2,
  delayMaxMs: 9,
  busyShare: 0.4,
  saturatedShare: 0,
  cpuShare: 0.4,
  gcShare: 0.02,
};

test('says nothing about a generator that had time to spare', () => {
  assert.deepEqual(judgeGenerator([well, well], 4), { bottleneck: false, text: '' });
  assert.deepEqual(judgeGenerator([], 4), { bottleneck: false, text: '' });
});

test('names a busy thread, and what may help', () => {
  const busy = { ...well, busyShare: 0.97, cpuShare: 0.95 };
  assert.match(
    judgeGenerator([well, busy], 4).text,
    /bottleneck: its busiest thread was busy for 97 % of the time\..*2 of 4 cores/,
  );
  assert.match(judgeGenerator([well, busy], 2).text, /more machines/);
  assert.match(judgeGenerator([{ ...busy, cpuShare: 0.5 }], 4).text, /Other programs/);
  assert.match(judgeGenerator([{ ...busy, gcShare: 0.3 }], 4).text, /Garbage collection took 30 %/);
});

test('names work that waited', () => {
  const verdict = judgeGenerator([{ ...well, delayP99Ms: 80, delayMaxMs: 230 }], 1);
  assert.equal(verdict.bottleneck, true);
  assert.match(verdict.text, /what was due waited up to 230 ms \(p99 80 ms\)/);
});

test('sees that its own thread is blocked', async () => {
  const monitor = new HealthMonitor();
  monitor.start();
  const before = performance.eventLoopUtilization();
  const turns = (n: number): Promise<void> =>
    new Promise((resolve) => setTimeout(() => (n > 0 ? resolve(turns(n - 1)) : resolve()), 6));
  await turns(3);
  const until = performance.now() + 120;
  while (performance.now() < until);
  await turns(3);
  const health = monitor.read();
  const { utilization } = performance.eventLoopUtilization(before);
  monitor.stop();
  assert.ok(health.delayMaxMs >= 60, `${health.delayMaxMs}`);
  // How much of the time that is depends on how soon the machine wakes the thread.
  assert.ok(Math.abs(health.busyShare - utilization) < 0.1, `${health.busyShare}, not ${utilization}`);
  assert.ok(health.cpuShare > 0);
  assert.ok(health.durationMs >= 120);
});
