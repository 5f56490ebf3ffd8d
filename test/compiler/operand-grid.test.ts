import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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

const families: readonly (readonly [string, () => Case[]])[] = [
  ...Object.keys(ARMED).map((armed) => [`with ${armed} armed`, () => gridCases(armed)] as const),
  ['with operands whose implicit calls block', liveGridCases],
];

for (const [family, makeCases] of families) {
  describe(`each operand in each position means the same compiled, ${family}`, () => {
    for (const [turn, mode] of MODES.entries()) {
      it(`in mode ${mode}`, async () => {
        const cases = makeCases().filter(({ snippet }) => isValid(snippet));
        const parts = [
          { flavour: 'immediate', cases: cases.filter((_, i) => WHOLE || i % SHARE === turn) },
          { flavour: 'microtask', cases: cases.filter((_, i) => WHOLE || i % SHARE === turn + 3).map(minify) },
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
