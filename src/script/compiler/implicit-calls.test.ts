import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Flavour, runCompiled, runPlain } from './compare-with-plain.ts';
import { IMPLICIT_SNIPPETS } from './implicit-snippets.ts';
import type { Mode } from './marking.ts';

const MODES: readonly Mode[] = ['precise', 'conservative', 'all'];
const FLAVOURS: readonly Flavour[] = ['immediate', 'microtask', 'timer', 'mixed'];

for (const [kind, snippets] of Object.entries(IMPLICIT_SNIPPETS)) {
  describe(`what the language calls by itself may block: ${kind}`, () => {
    for (const [name, snippet] of Object.entries(snippets)) {
      it(name, async () => {
        const expected = await runPlain(snippet);
        for (const mode of MODES)
          for (const flavour of FLAVOURS)
            assert.deepEqual(await runCompiled(snippet, mode, flavour), expected, `mode ${mode}, answers: ${flavour}`);
      });
    }
  });
}
