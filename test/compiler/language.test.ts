import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import { describeDifferences, findDifferences, isKnownDifference, isValid, MODES } from './differences.ts';

/** Files of bodies of functions, one a line under headings with `#`; ⏎ stands for a line break. */
const FOLDER = path.join(import.meta.dirname, 'language');
const FLAVOURS: readonly Flavour[] = ['immediate', 'microtask', 'immediate'];

for (const file of globSync('*.txt', { cwd: FOLDER }).sort()) {
  describe(`the language as specified: ${path.basename(file, '.txt').replaceAll('-', ' ')}`, () => {
    const cases = readFileSync(path.join(FOLDER, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '))
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
