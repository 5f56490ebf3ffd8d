import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { type Case, describeDifferences, findDifferences, isKnownDifference, isValid, MODES } from './differences.ts';
import { ARMED, gridCases, liveGridCases } from './operand-grid.ts';
import { reprint } from './print-tree.ts';

/** SIXFOLD_PROOFS=whole: each case in each mode, with both hosts and in both forms. */
const WHOLE = process.env['SIXFOLD_PROOFS'] === 'whole';
/** Otherwise one of so many in each mode and form. */
const SHARE = 12;

/** As a minifier would write it, without the parentheses of the grid. */
function minify({ name, snippet }: Case): Case {
  return { name: `${name} (minified)`, snippet: reprint(snippet, { minified: true }) };
}

const FAMILIES: readonly (readonly [string, () => Case[]])[] = [
  ...Object.keys(ARMED).map((armed) => [`with ${armed} armed`, () => gridCases(armed)] as const),
  ['with operands whose implicit calls block', liveGridCases],
];

/** Tests one of `shares` shares of all families: each share is a file, since all take minutes on a slow machine, and may run beside the others. */
export function proveGrid(share: number, shares: number): void {
  for (const [i, [family, makeCases]] of FAMILIES.entries()) if (i % shares === share) proveFamily(family, makeCases);
}

/** Compares the cases of a family, compiled in each mode, with plain ones. */
function proveFamily(family: string, makeCases: () => Case[]): void {
  describe(`each operand in each position means the same compiled, ${family}`, () => {
    for (const [turn, mode] of MODES.entries()) {
      it(`in mode ${mode}`, async () => {
        const all = makeCases();
        /** One share of them, whatever its rows and columns; whether a case is valid is dear to tell, and told of these alone. */
        const shareOf = (number: number): Case[] =>
          all.filter(({ name, snippet }) => (WHOLE || crc32(name) % SHARE === number) && isValid(snippet));
        const cases = shareOf(turn);
        const others = WHOLE ? cases : shareOf(turn + MODES.length);
        const parts = [
          { flavour: 'immediate', cases },
          { flavour: 'microtask', cases: others.map(minify) },
          { flavour: 'immediate', cases: WHOLE ? cases.map(minify) : [] },
          { flavour: 'microtask', cases: WHOLE ? cases : [] },
        ] as const;
        const differences = [];
        for (const part of parts)
          differences.push(
            ...(await findDifferences(part.cases, { modes: [mode], flavour: part.flavour })).differences,
          );
        const unknown = differences.filter(({ name }) => !isKnownDifference('operand grid', name));
        assert.equal(unknown.length, 0, describeDifferences(unknown));
      });
    }
  });
}
