import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transform } from 'esbuild';
import { type CodeOrigin, findSource, traceOrigin } from './code-origin.ts';

const PLAIN: CodeOrigin = { file: '/scripts/main.js', folder: '/scripts', lineOffset: 0, map: null };

/** The origin of a text that comes from another one by a tool, and that text. */
async function mapped(source: string, name: string, change: Partial<CodeOrigin> = {}): Promise<[string, CodeOrigin]> {
  const { code, map } = await transform(source, { loader: 'ts', sourcemap: 'external', sourcefile: name });
  return [code, { ...PLAIN, map, ...change }];
}
/** 1-based place of a text in another. */
function placeOf(text: string, part: string): [line: number, column: number] {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return [before.length, before.at(-1)!.length + 1];
}

const SOURCE =
  'interface Shape {\n  side: number;\n}\n\nexport const area = (shape: Shape): number => shape.side ** 2;\n';

describe('the place of a text that is compiled', () => {
  test('is that of the file itself where nothing was joined', () => {
    assert.deepEqual(traceOrigin(PLAIN, 3, 7), { file: '/scripts/main.js', line: 3, column: 7 });
  });

  test('does not count lines that were put before the text, nor any behind it', () => {
    const wrapped = { ...PLAIN, lineOffset: 2, lineCount: 3 };
    assert.deepEqual(
      [1, 2, 3, 5, 6].map((line) => traceOrigin(wrapped, line, 1)?.line ?? null),
      [null, null, 1, 3, null],
    );
  });

  test('is that of the author’s text where a map leads there', async () => {
    const [code, origin] = await mapped(SOURCE, 'lib/shape.ts');
    const traced = traceOrigin(origin, ...placeOf(code, 'shape.side'));
    const [line, column] = placeOf(SOURCE, 'shape.side');
    assert.deepEqual(traced, { file: '/scripts/lib/shape.ts', line, column });
    const shifted = { ...origin, lineOffset: 1 };
    const [compiled, at] = placeOf(code, 'shape.side');
    assert.deepEqual(traceOrigin(shifted, compiled + 1, at), traced);
  });

  test('is nowhere in lines that only the bundler has written', async () => {
    const [code, origin] = await mapped(SOURCE, 'shape.ts');
    const behind = code.split('\n').length + 5;
    assert.equal(traceOrigin(origin, behind, 1), null);
    assert.equal(traceOrigin({ ...origin, lineOffset: 4 }, 2, 1), null);
  });

  test('names modules of the web by their address, standard input by a dash', async () => {
    const names: readonly (readonly [string, string])[] = [
      ['https:https://a.test/lib/m.ts', 'https://a.test/lib/m.ts'],
      ['https://a.test/m.ts', 'https://a.test/m.ts'],
      ['-', '-'],
      ['<stdin>', '-'],
      ['file:///elsewhere/m.ts', '/elsewhere/m.ts'],
      ['../up.ts', '/up.ts'],
      ['deep/žluť ký.ts', '/scripts/deep/žluť ký.ts'],
    ];
    for (const [source, shown] of names) {
      const [code, origin] = await mapped(SOURCE, source);
      // What a tool writes into its map is up to it.
      const map = JSON.stringify({ ...(JSON.parse(origin.map!) as object), sources: [source] });
      assert.equal(traceOrigin({ ...origin, map }, ...placeOf(code, 'shape.side'))?.file, shown, source);
    }
  });

  test('is that of the text itself where the map cannot be read', () => {
    for (const map of ['', 'no JSON', 'null', '[]', '{}', '{"version":3}', '{"version":3,"sources":[],"mappings":"!"}'])
      assert.doesNotThrow(() => traceOrigin({ ...PLAIN, map }, 1, 1), map);
    assert.deepEqual(traceOrigin({ ...PLAIN, map: 'no JSON' }, 2, 3), { file: '/scripts/main.js', line: 2, column: 3 });
  });
});

describe('the file that a place of a joined text comes from', () => {
  test('is there with all of its text', async () => {
    const [code, origin] = await mapped(SOURCE, 'shape.ts');
    const [line, column] = placeOf(code, 'shape.side');
    const found = findSource(origin, line, column);
    const [wanted, at] = placeOf(SOURCE, 'shape.side');
    assert.deepEqual(found, {
      name: 'shape.ts',
      text: SOURCE,
      line: wanted - 1,
      column: at - 1,
      generatedColumn: column - 1,
    });
  });

  test('is the nearest one before it in the line, with the column that this stands at', async () => {
    const [code, origin] = await mapped(SOURCE, 'shape.ts');
    const [line, column] = placeOf(code, 'shape.side');
    const found = findSource(origin, line, column + 2);
    assert.equal(found?.generatedColumn, column - 1);
  });

  test('is none where the text was not joined, where its map has no texts, and behind the end', async () => {
    assert.equal(findSource(PLAIN, 1, 1), null);
    const [code, origin] = await mapped(SOURCE, 'shape.ts');
    const [line, column] = placeOf(code, 'shape.side');
    const { sourcesContent: _, ...bare } = JSON.parse(origin.map!) as { sourcesContent: string[] };
    for (const map of [bare, { ...bare, sourcesContent: [null] }])
      assert.equal(findSource({ ...origin, map: JSON.stringify(map) }, line, column), null);
    assert.equal(findSource(origin, line + 20, 1), null);
  });
});
