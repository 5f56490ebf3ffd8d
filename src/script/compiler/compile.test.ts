import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Flavour, runCompiled, runPlain } from './compare-with-plain.ts';
import { compileModule } from './compile.ts';
import type { Mode } from './marking.ts';
import { ScriptSyntaxError } from './parse.ts';
import { SNIPPETS } from './snippets.ts';

const MODES: readonly Mode[] = ['precise', 'conservative', 'all'];
const FLAVOURS: readonly Flavour[] = ['immediate', 'microtask', 'timer', 'mixed'];

for (const [name, snippet] of Object.entries(SNIPPETS)) {
  describe(`compiled code does what plain code does: ${name}`, () => {
    for (const mode of MODES) {
      it(`in mode ${mode}, whether the host suspends or not`, async () => {
        const expected = await runPlain(snippet);
        for (const flavour of FLAVOURS)
          assert.deepEqual(await runCompiled(snippet, mode, flavour), expected, `host answers: ${flavour}`);
      });
    }
  });
}

describe('compileModule', () => {
  it('compiles data with more elements than a call may have arguments', () => {
    const rows = `[${'1,'.repeat(300_000)}]`;
    const { code } = compileModule({ code: `export const rows = ${rows}; export const [, a] = rows;` });
    assert.ok(code.length > rows.length);
  });

  it('names the line and column of a syntax error', () => {
    assert.throws(
      () => compileModule({ code: 'let a = 1;\nlet b = (;' }),
      (error) => error instanceof ScriptSyntaxError && error.line === 2 && error.column === 10,
    );
  });

  it('leaves functions that cannot block as they are', () => {
    const { code } = compileModule({
      code: 'export const add = (a, b) => { const list = [a]; list.push(b); return Math.max(...list) + list.length; };',
    });
    assert.match(
      code,
      /\(a, b\) => \{ const list = \[a\]; list\.push\(b\); return Math\.max\(\.\.\.list\) \+ list\.length; \}/,
    );
  });

  it('maps what the user wrote to where it was written', () => {
    const source =
      "import http from 'k6/http';\nexport default function () {\n  const x = http.get('u');\n  throw new TypeError(x);\n}\n";
    const { code, segments } = compileModule({ code: source });
    for (let i = 0; i < segments.length; i += 3) {
      const [at, from, length] = [segments[i], segments[i + 1], segments[i + 2]] as [number, number, number];
      if (length > 1) assert.equal(code.slice(at, at + length), source.slice(from, from + length));
    }
    const thrown = code.indexOf('throw new TypeError');
    const segment = [...segments.keys()]
      .filter((i) => i % 3 === 0)
      .findLast((i) => (segments[i] as number) <= thrown) as number;
    assert.equal(
      (segments[segment + 1] as number) + thrown - (segments[segment] as number),
      source.indexOf('throw new TypeError'),
    );
  });

  it('lists host imports and exports', () => {
    const { hostImports, exportNames } = compileModule({
      code: "import http, { get } from 'k6/http'; import * as k6 from 'k6'; export { sleep as rest } from 'k6'; export let a = 1, [b] = [2]; export default class {}",
    });
    assert.deepEqual(hostImports, ['k6/http', 'k6']);
    assert.deepEqual([...exportNames].sort(), ['a', 'b', 'default', 'rest']);
  });
});
