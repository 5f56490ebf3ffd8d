import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calibration } from '../run/calibrate.ts';
import type { SystemLimits } from '../run/system-limits.ts';
import { makePlan } from './plan.ts';

const MEASURED: Calibration = {
  ...{ vus: 50, seconds: 6, iterations: 3000, failed: 0, iterationMs: 100, cpuMs: 0.2 },
  ...{ baseMb: 100, vuKb: 20, socketsPerVu: 1, closedPerIteration: 0, concerns: [] },
};
const MACHINE: SystemLimits = { cores: 4, memoryMb: 8192, files: 20_000, ports: 28_000, tracked: null };

const plan = (
  size: Parameters<typeof makePlan>[1],
  measured: Partial<Calibration> = {},
  machine: Partial<SystemLimits> = {},
) =>
  makePlan({ ...MEASURED, ...measured }, size, { ...MACHINE, ...machine }) as Record<string, Record<string, number>> & {
    agents: number;
    advice: string;
    'limit hit first': string;
  };

test('virtual users become a rate by the time of an iteration, and a rate virtual users', () => {
  const byVus = plan({ kind: 'vus', count: 1000 });
  assert.deepEqual(byVus['needs'], {
    ...{ 'virtual users': 1000, 'iterations a second': 10_000, cores: 2, 'memory in MB': 120 },
    ...{ 'file descriptors': 1000, 'ports to one address': 1000 },
  });
  assert.equal(byVus.agents, 1);
  assert.equal(byVus['limit hit first'], 'cores: 50 % of one machine as this one');
  const byRate = plan({ kind: 'rate', count: 10_000 });
  assert.deepEqual(byRate['needs'], byVus['needs']);
});

test('the resource that is used up first decides how many agents there are, each used to four fifths', () => {
  // 20 cores over machines of 3.2 that may be used.
  assert.equal(plan({ kind: 'vus', count: 10_000 }).agents, 7);
  const idle = { cpuMs: 0.001 };
  const byFiles = plan({ kind: 'vus', count: 40_000 }, idle);
  assert.match(byFiles['limit hit first'], /^file descriptors: 200 %/);
  assert.equal(byFiles.agents, 3);
  assert.match(byFiles.advice, /ulimit -n/);
  const byMemory = plan({ kind: 'vus', count: 40_000 }, { ...idle, vuKb: 1000 }, { files: null });
  assert.match(byMemory['limit hit first'], /^memory:/);
  assert.equal(byMemory.agents, Math.ceil((40_000 * 1000) / 1024 / (8192 * 0.8 - 100)));
  const byTracked = plan({ kind: 'vus', count: 40_000 }, idle, { files: null, ports: null, tracked: 10_000 });
  assert.match(byTracked['limit hit first'], /^tracked connections/);
});

test('connections that are closed keep their ports for a minute', () => {
  const closing = plan({ kind: 'rate', count: 1000 }, { closedPerIteration: 1, socketsPerVu: 0 });
  assert.equal(closing['needs']!['ports to one address'], 60_000);
  assert.match(closing['limit hit first'], /^ports:/);
  assert.equal(closing.agents, 3);
  assert.match(closing.advice, /keep connections open/);
});

test('what went wrong in the calibration is said', () => {
  const failing = plan({ kind: 'vus', count: 10 }, { failed: 3, concerns: ['3 of 10 iterations failed'] });
  assert.equal(failing['calibration']!['failed iterations'], 3);
  assert.deepEqual(failing['calibration']!['concerns'], ['3 of 10 iterations failed']);
});
