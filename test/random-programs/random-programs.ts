import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';

/** How many random programs, each in every mode: others with SIXFOLD_FUZZ, from another number with SIXFOLD_FUZZ_SEED. */
const COUNT = Number(process.env['SIXFOLD_FUZZ'] ?? (process.env['CI'] === 'true' ? 20_000 : 400));
const SEED = Number(process.env['SIXFOLD_FUZZ_SEED'] ?? 1);
/** Programs in one test, which is a process of its own. */
const PART = 2500;

const FLAGS = [
  // What a program makes it soon drops.
  '--max-semi-space-size=64',
  '--min-semi-space-size=64',
  // All that is compiled runs, once: each function would otherwise be parsed once for itself and once for each around it.
  '--no-lazy',
  // V8 takes what it knows of a text from one realm to another, where the same text then does something else.
  '--no-compilation-cache',
];

/** Tests one of `shares` shares of all parts: each share is a file, and so may run beside the other. */
export function testRandomPrograms(share: number, shares: number): void {
  describe('random programs do the same compiled and plain', () => {
    const size = Math.min(PART, Math.ceil(COUNT / shares));
    for (let from = SEED, part = 0; from < SEED + COUNT; from += size, part++) {
      if (part % shares !== share) continue;
      const count = Math.min(size, SEED + COUNT - from);
      it(`seeds ${from} to ${from + count - 1}`, () => comparePrograms(from, count));
    }
  });
}

async function comparePrograms(from: number, count: number): Promise<void> {
  const program = path.join(import.meta.dirname, 'compare-programs.ts');
  const { exit, output } = await runProgram(process.execPath, [...FLAGS, program, String(from), String(count)], {
    cwd: ROOT,
    output: 'keep',
  });
  const compared = Number(/^compared (\d+)$/m.exec(output)?.[1]);
  assert.equal(exit, 0, output);
  assert.ok(compared > count * 0.9, `only ${compared} of ${count} programs are valid`);
}
