import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

interface Costs {
  readonly callNs: number;
  readonly suspendNs: number;
  readonly vuBytes: number;
}

describe('what compiled code costs (generous limits: they are to catch a factor, not a percentage)', () => {
  const script = new URL('./measure-costs.ts', import.meta.url).pathname;
  // The best of three: whoever else has the machine for a moment is no cost of the code.
  const rounds = Array.from(
    { length: 3 },
    () => JSON.parse(execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' })) as Costs,
  );
  const least = (cost: keyof Costs) => Math.min(...rounds.map((round) => round[cost]));
  const costs: Costs = { callNs: least('callNs'), suspendNs: least('suspendNs'), vuBytes: least('vuBytes') };

  it('a call level that does not suspend takes under 0.3 µs', () =>
    assert.ok(costs.callNs < 300, `${costs.callNs} ns`));
  it('a call level that suspends takes under 4 µs', () => assert.ok(costs.suspendNs < 4_000, `${costs.suspendNs} ns`));
  it('an instance of a script with 40 functions takes under 20 kB of heap', () =>
    assert.ok(costs.vuBytes < 20_000, `${costs.vuBytes} bytes`));
});
