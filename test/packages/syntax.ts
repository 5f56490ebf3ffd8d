import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import vm from 'node:vm';
import { parse } from 'acorn';
import { compileModule } from '../../src/script/compiler/compile.ts';
import { MODES } from '../compiler/differences.ts';
import { printTree } from '../compiler/print-tree.ts';

/** The corpus of the committee for parsers: programs that are valid, that are not, and that early errors refuse. */
const CORPUS = path.join(import.meta.dirname, 'node_modules/test262-parser-tests');

interface Program {
  readonly file: string;
  readonly text: string;
}

function programsIn(folder: string): Program[] {
  return readdirSync(path.join(CORPUS, folder)).map((file) => ({
    file: `${folder}/${file}`,
    text: readFileSync(path.join(CORPUS, folder, file), 'utf8'),
  }));
}

/** Whether V8 takes the text for a script; scripts of k6 are modules, and so strict. */
function isValidToV8(text: string): boolean {
  try {
    new vm.Script(`'use strict';${text}`);
    return true;
  } catch {
    return false;
  }
}

const isModule = ({ file }: Program): boolean => file.endsWith('.module.js');
const treeOf = (text: string): unknown => parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
const withoutPlaces = (key: string, value: unknown): unknown =>
  key === 'start' || key === 'end' || key === 'raw' ? undefined : typeof value === 'bigint' ? String(value) : value;

/** Compiles the text; throws what the compiler, or V8 of what it made, does. */
function compileToScript(text: string, mode: (typeof MODES)[number]): void {
  new vm.Script(compileModule({ code: text, mode }).code);
}

/** Tests that the compiler takes for JavaScript what V8 does, and nothing else. */
export function testSyntax(): void {
  const valid = programsIn('pass').filter((one) => isModule(one) || isValidToV8(one.text));
  for (const mode of MODES)
    it(`is compiled where it is valid, in mode ${mode}`, () => {
      assert.ok(valid.length > 1500);
      for (const { file, text } of valid)
        assert.doesNotThrow(() => compileToScript(text, mode), `${file}: ${JSON.stringify(text)}`);
    });
  it('is refused where V8 refuses it', () => {
    const invalid = [...programsIn('fail'), ...programsIn('early')].filter(
      (one) => !isModule(one) && !isValidToV8(one.text) && !isValidToV8(`async () => {${one.text}\n}`),
    );
    assert.ok(invalid.length > 1000, `${invalid.length}`);
    for (const { file, text } of invalid)
      assert.throws(
        () => compileToScript(text, 'precise'),
        () => true,
        `${file}: ${JSON.stringify(text)}`,
      );
  });
  it('is printed by the printer of these tests as the same tree', () => {
    for (const { file, text } of valid.filter((one) => !isModule(one))) {
      const tree = treeOf(text);
      for (const layout of [{ minified: true }, { minified: false, random: () => 0.5 }] as const) {
        const printed = printTree(tree as Parameters<typeof printTree>[0], layout);
        assert.equal(
          JSON.stringify(treeOf(printed), withoutPlaces),
          JSON.stringify(tree, withoutPlaces),
          `${file}: ${JSON.stringify(text)} became ${JSON.stringify(printed)}`,
        );
      }
    }
  });
}
