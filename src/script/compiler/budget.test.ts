import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

interface Costs {
  /** What a call level takes where the engine's own asynchronous functions make it: the machine's measure. */
  readonly ownNs: number;
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
  const least = (cost: (round: Costs) => number): number => Math.min(...rounds.map(cost));
  const all = JSON.stringify(rounds);

  it('a call level that does not suspend takes under twice what one of native asynchronous functions takes', () =>
    assert.ok(least(({ callNs, ownNs }) => callNs / ownNs) < 2, all));
  it('a call level that suspends takes under ten times what one of native asynchronous functions takes', () =>
    assert.ok(least(({ suspendNs, ownNs }) => suspendNs / ownNs) < 10, all));
  it('an instance of a script with 40 functions takes under 20 kB of heap', () =>
    assert.ok(least(({ vuBytes }) => vuBytes) < 20_000, all));
});
