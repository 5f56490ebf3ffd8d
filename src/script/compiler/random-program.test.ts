import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCompiled, runPlain } from './compare-with-plain.ts';
import type { Mode } from './marking.ts';
import { randomProgram, seeded } from './random-program.ts';

/** How many random programs: more with SIXFOLD_FUZZ, from another number with SIXFOLD_FUZZ_SEED. */
const COUNT = Number(process.env['SIXFOLD_FUZZ'] ?? 60);
const SEED = Number(process.env['SIXFOLD_FUZZ_SEED'] ?? 1);

describe('random programs do the same compiled and plain', () => {
  for (const mode of ['precise', 'conservative', 'all'] satisfies Mode[]) {
    it(`in mode ${mode}`, async () => {
      for (let seed = SEED; seed < SEED + COUNT; seed++) {
        const program = randomProgram(seeded(seed));
        // A few draws are not valid JavaScript (await in parameters): plain V8 says so.
        const expected = await runPlain(program).catch((error: unknown) => {
          if ((error as Error).name === 'SyntaxError') return null;
          throw error;
        });
        if (expected === null) continue;
        const random = seeded(seed + 7);
        for (const flavour of ['immediate', 'mixed'] as const) {
          const got = await runCompiled(program, mode, flavour, random);
          assert.deepEqual(got, expected, `seed ${seed}, ${flavour}:\n${program}`);
        }
      }
    });
  }
});
