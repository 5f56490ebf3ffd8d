import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vm from 'node:vm';
import { runCompiled, runPlain } from '../compare-with-plain.ts';
import { compileModule } from '../compile.ts';
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

describe('what a module may contain and a script not', () => {
  const expected =
    'let a = 1, b = 2, n = 3; const r = [a < !(--b), a << !(--b)]; while (n-- > 0) r.push(host(n)); return r';
  const written = 'let a = 1, b = 2, n = 3; const r = [a<!--b, a<<!--b]; while (n--> 0) r.push(host(n)); return r';

  it('are operators that a script takes for comments', async () => {
    for (const definition of Object.values(IMPLICIT))
      for (const mode of MODES)
        assert.deepEqual(await runCompiled(definition + written, mode, 'timer'), await runPlain(definition + expected));
  });

  it('is the name of an interpreter', () => {
    assert.doesNotThrow(() => new vm.Script(compileModule({ code: '#!/usr/bin/env sixfold' }).code));
    assert.doesNotThrow(() => new vm.Script(compileModule({ code: '#!/usr/bin/env sixfold\nexport let a = 1' }).code));
  });

  it('is an assignment to an import, which throws when it happens', () => {
    const { code } = compileModule({ code: "import { sleep } from 'k6'; export const f = () => { sleep = 1 };" });
    assert.match(code, /const sleep=/);
  });
});
