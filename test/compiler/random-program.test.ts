import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import { type Case, findDifferences, isKnownDifference, isValid, MODES } from './differences.ts';
import { reprint } from './print-tree.ts';
import { PROFILES, randomProgram, seeded } from './random-program.ts';
import { shrink } from './shrink.ts';

/** How many random programs in a mode: more with SIXFOLD_FUZZ, from another number with SIXFOLD_FUZZ_SEED. */
const COUNT = Number(process.env['SIXFOLD_FUZZ'] ?? 100);
const SEED = Number(process.env['SIXFOLD_FUZZ_SEED'] ?? 1);
/** Programs in one test, which so ends in time on a slow machine. */
const PART = 50;
const LONGEST_SHRINK_MS = 8_000;

/** The program of a number: every fifth has the same kind of implicit calls, every second is minified. */
function drawn(seed: number): Case {
  const random = seeded(seed);
  const snippet = randomProgram(random, PROFILES[seed % PROFILES.length]!);
  if (!isValid(snippet)) return { name: `seed ${seed}`, snippet };
  const layout = seed % 2 === 0 ? ({ minified: true } as const) : ({ minified: false, random } as const);
  return { name: `seed ${seed}`, snippet: reprint(snippet, layout) };
}

describe('random programs do the same compiled and plain', () => {
  for (const mode of MODES) {
    for (let from = SEED; from < SEED + COUNT; from += PART) {
      const seeds = Array.from({ length: Math.min(PART, SEED + COUNT - from) }, (_, i) => from + i);
      it(`in mode ${mode}, seeds ${from} to ${seeds.at(-1)}`, async () => {
        let compared = 0;
        // What a program may block in arms its module: each kind is on its own.
        for (let profile = 0; profile < PROFILES.length; profile++) {
          const cases = seeds.filter((seed) => seed % PROFILES.length === profile).map(drawn);
          const flavour: Flavour = (['immediate', 'mixed', 'microtask'] as const)[(from + profile) % 3]!;
          const result = await findDifferences(cases, mode, flavour, seeded(from));
          compared += result.compared;
          const [failing] = result.differences.filter(({ name }) => !isKnownDifference('random program', name));
          if (failing === undefined) continue;
          const differs = async (snippet: string): Promise<boolean> =>
            (await findDifferences([{ name: '', snippet }], mode, flavour, seeded(1))).differences.length > 0;
          const small = await shrink(failing.snippet, differs, LONGEST_SHRINK_MS);
          assert.fail(
            `${failing.name}, host answers: ${flavour}; ${result.differences.length} of ${cases.length} differ.\n${small}\n` +
              `plain:    ${failing.expected.result} after ${failing.expected.trace.join(' · ')}\n` +
              `compiled: ${failing.got.result} after ${failing.got.trace.join(' · ')}`,
          );
        }
        assert.ok(compared > seeds.length * 0.9, `only ${compared} of ${seeds.length} programs are valid`);
      });
    }
  }
});
