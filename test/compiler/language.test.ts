import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import { describeDifferences, findDifferences, isKnownDifference, isValid, MODES } from './differences.ts';

/** Files of bodies of functions, one a line; ⏎ stands for a line break. */
const SECTIONS = {
  'expressions (section 13)': 'expressions.txt',
  'statements (section 14)': 'statements.txt',
  'functions and classes (section 15)': 'functions-and-classes.txt',
  'iteration, generators and promises (section 27)': 'iteration-and-promises.txt',
} as const;
const FLAVOURS: readonly Flavour[] = ['immediate', 'microtask', 'immediate'];

for (const [section, file] of Object.entries(SECTIONS)) {
  describe(`the language as specified: ${section}`, () => {
    const cases = readFileSync(path.join(import.meta.dirname, 'language', file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ name: line, snippet: line.replaceAll('⏎', '\n') }));
    for (const [turn, mode] of MODES.entries())
      it(`in mode ${mode}`, async () => {
        for (const { snippet } of cases) assert.ok(isValid(snippet), snippet);
        const { differences } = await findDifferences(cases, { modes: [mode], flavour: FLAVOURS[turn]! });
        const unknown = differences.filter(({ name }) => !isKnownDifference('language', name));
        assert.equal(unknown.length, 0, describeDifferences(unknown));
      });
  });
}
