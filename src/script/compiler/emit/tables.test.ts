import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCompiled, runPlain } from '../compare-with-plain.ts';
import type { Mode } from '../marking.ts';
import { IMPLICIT, TABLES } from './tables.ts';

const MODES: readonly Mode[] = ['precise', 'conservative', 'all'];

for (const [kind, snippets] of Object.entries(TABLES)) {
  describe(`the compiler keeps what a program means: ${kind}`, () => {
    for (const [what, definition] of Object.entries(IMPLICIT)) {
      it(`in a program with ${what === 'none' ? 'no implicit calls' : what} that may block`, async () => {
        for (const snippet of snippets) {
          const source = definition + snippet;
          const expected = await runPlain(source);
          assert.doesNotMatch(expected.result, /^threw/, source);
          for (const mode of MODES)
            for (const flavour of ['immediate', 'timer'] as const)
              assert.deepEqual(await runCompiled(source, mode, flavour), expected, `${mode}, ${flavour}: ${source}`);
        }
      });
    }
  });
}
