// Compares random programs, compiled and plain: `node compare-programs.ts FROM COUNT`. A process of its own, since the test runner
// follows every promise, of which a program makes thousands. Writes what differs, or how many were compared.
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import {
  type Case,
  type Difference,
  findDifferences,
  isKnownDifference,
  MODES,
  type Terms,
} from '../compiler/differences.ts';
import { reprint } from '../compiler/print-tree.ts';
import { PROFILES, preludeOf, randomProgram, seeded } from './random-program.ts';
import { shrink } from './shrink.ts';

/** Programs that are drawn, compared and, if they differ, told of at a time. */
const PART = 100;
const LONGEST_SHRINK_MS = 15_000;
const FLAVOURS: readonly Flavour[] = ['immediate', 'mixed', 'microtask'];

/** The program of a number: every fifth has the same kind of implicit calls, every second is minified. Null: it is not valid. */
function drawn(seed: number): Case | null {
  const random = seeded(seed);
  const snippet = randomProgram(random);
  const layout = seed % 2 === 0 ? ({ minified: true } as const) : ({ minified: false, random } as const);
  try {
    return { name: `seed ${seed}`, snippet: reprint(snippet, layout) };
  } catch {
    return null;
  }
}

type CommonTerms = Pick<Terms, 'flavour' | 'inTurn' | 'prelude'>;

/** @returns how many were compared; null after a difference, which has been written */
async function comparePart(seeds: readonly number[]): Promise<number | null> {
  const [from] = seeds as [number];
  let compared = 0;
  const failing: { readonly difference: Difference; readonly terms: CommonTerms }[] = [];
  // What a program may block in arms its module: each kind is on its own.
  for (const [turn, profile] of PROFILES.entries()) {
    const cases = seeds.filter((seed) => seed % PROFILES.length === turn).flatMap((seed) => drawn(seed) ?? []);
    const flavour = FLAVOURS[(from + turn) % FLAVOURS.length]!;
    const terms: CommonTerms = { flavour, inTurn: true, prelude: preludeOf(profile) };
    const result = await compareBounded(cases, { ...terms, modes: MODES, random: seeded(from) });
    compared += result.compared;
    for (const difference of result.differences)
      if (!isKnownDifference('random program', difference.name)) failing.push({ difference, terms });
  }
  const [first] = failing;
  if (first !== undefined) {
    const { name, mode, snippet, expected, got } = await shrinkDifference(first.difference, first.terms);
    const all = failing.map(({ difference }) => `${difference.name} in mode ${difference.mode}`);
    console.log(
      `${all.join(', ')}. ${name} in mode ${mode}, whose host answers ${first.terms.flavour}:\n${first.terms.prelude}\n${snippet}\n` +
        `plain:    ${expected.result} after ${expected.trace.join(' · ')}\n` +
        `compiled: ${got.result} after ${got.trace.join(' · ')}`,
    );
    return null;
  }
  return compared;
}

/**
 * Recursion without bound ends where the engine's stack does, which may be in the comparison: such a program is left out, and the
 * others are compared one by one.
 */
async function compareBounded(cases: readonly Case[], terms: Terms): ReturnType<typeof findDifferences> {
  try {
    return await findDifferences(cases, terms);
  } catch (error) {
    if (!/call stack/.test(String(error))) throw error;
    if (cases.length === 1) return { compared: 1, differences: [] };
    const results = [];
    for (const one of cases) results.push(await compareBounded([one], terms));
    return {
      compared: results.reduce((sum, result) => sum + result.compared, 0),
      differences: results.flatMap(({ differences }) => differences),
    };
  }
}

/** The smallest program found that differs in the same way: in its result, or in what it asks of the host only. */
async function shrinkDifference(difference: Difference, terms: CommonTerms): Promise<Difference> {
  const { name, mode } = difference;
  const differsInResult = ({ expected, got }: Difference): boolean => expected.result !== got.result;
  let smallest = difference;
  const differs = async (snippet: string): Promise<boolean> => {
    const { differences } = await findDifferences([{ name, snippet }], { ...terms, modes: [mode], random: seeded(1) });
    const [found] = differences;
    if (found === undefined || differsInResult(found) !== differsInResult(difference)) return false;
    smallest = found;
    return true;
  };
  await shrink(difference.snippet, differs, LONGEST_SHRINK_MS);
  return smallest;
}

const [from, count] = process.argv.slice(2).map(Number) as [number, number];
let compared = 0;
for (let at = from; at < from + count; at += PART) {
  const seeds = Array.from({ length: Math.min(PART, from + count - at) }, (_, i) => at + i);
  const valid = await comparePart(seeds);
  if (valid === null) process.exitCode = 1;
  else compared += valid;
}
console.log(`compared ${compared}`);
