import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadProgram } from './load-program.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-debug-')));
after(() => rmSync(folder, { recursive: true }));

interface Mapped {
  readonly lines: readonly string[];
  readonly map: SourceMap;
  readonly payload: SourceMapPayload;
}

/** The compiled code that a debugger is given, and the map in it. */
async function mapOf(
  files: Readonly<Record<string, string>>,
  main: string | null,
  breaksAtStart = false,
): Promise<Mapped> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const entry = main === null ? { path: null, source: files['-']!, cwd: folder } : { path: main, cwd: folder };
  const { code } = await loadProgram(entry, { debugger: { breaksAtStart } });
  const [, base64] = /\n\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,(\S+)$/.exec(code) ?? [];
  const payload = JSON.parse(Buffer.from(base64!, 'base64').toString()) as SourceMapPayload;
  return { lines: code.split('\n'), map: new SourceMap(payload), payload };
}

/** Where in the author's text a word of the compiled code, in its first occurrence, comes from: `name:line:column`. */
function sourceOf({ lines, map }: Mapped, word: string): string {
  const line = lines.findIndex((text) => text.includes(word));
  const entry = map.findEntry(line, lines[line]!.indexOf(word));
  if (!('originalSource' in entry)) return 'nowhere';
  return `${entry.originalSource.split('/').at(-1)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

/** The same of the text itself. */
function placeOf(name: string, text: string, word: string): string {
  const before = text.slice(0, text.indexOf(word)).split('\n');
  return `${name}:${before.length}:${before.at(-1)!.length + 1}`;
}

const MAIN = `import http from 'k6/http';
import { double } from './lib.ts';

export default function () {
  const answer_ž = double(21);
  http.get('http://127.0.0.1/' + answer_ž);
}
`;
const LIB = `type Num = number;

export function double(value: Num): Num {
  const twice: Num = value * 2; return twice;
}
`;

describe('the source map of compiled code', () => {
  test('leads from each word to where its author wrote it, also several to a line', async () => {
    const source =
      "import http from 'k6/http';\n\nexport default () => {\n  const alpha = 1, beta = [alpha];\n  http.get(beta[0], gamma());\n};\n";
    const mapped = await mapOf({ 'single.js': source }, 'single.js');
    for (const word of ['alpha', 'beta', 'gamma'])
      assert.equal(sourceOf(mapped, word), placeOf('single.js', source, word), word);
  });

  test('names the files that a script was joined from, with their texts', async () => {
    const mapped = await mapOf({ 'main.js': MAIN, 'lib.ts': LIB }, 'main.js');
    assert.equal(sourceOf(mapped, 'answer_ž'), placeOf('main.js', MAIN, 'answer_ž'));
    assert.equal(sourceOf(mapped, 'twice'), placeOf('lib.ts', LIB, 'twice'));
    const { sources, sourcesContent, version } = mapped.payload;
    assert.deepEqual(Object.fromEntries(sources.map((source, i) => [source, sourcesContent[i]])), {
      [pathToFileURL(path.join(folder, 'main.js')).href]: MAIN,
      [pathToFileURL(path.join(folder, 'lib.ts')).href]: LIB,
    });
    assert.equal(version, 3);
  });

  test('never leads behind the end of a file, and its entries come in their order', async () => {
    const { payload, map, lines } = await mapOf({ 'main.js': MAIN, 'lib.ts': LIB }, 'main.js');
    const texts = payload.sourcesContent.map((text) => text.split('\n'));
    for (const [number, line] of lines.slice(0, -1).entries()) {
      let last = -1;
      for (let column = 0; column < line.length; column++) {
        const entry = map.findEntry(number, column);
        if (!('originalSource' in entry) || entry.generatedLine !== number || entry.generatedColumn === last) continue;
        assert.ok(entry.generatedColumn > last);
        last = entry.generatedColumn;
        const text = texts[payload.sources.indexOf(entry.originalSource)]!;
        assert.ok(entry.originalColumn <= text[entry.originalLine]!.length, `${number}:${column}`);
      }
    }
  });

  test('knows a CommonJS script in its own lines, and the line to stop at as its first', async () => {
    const source =
      "const http = require('k6/http');\nexports.default = function () {\n  const omega = 1;\n  http.get(omega);\n};\n";
    for (const breaksAtStart of [false, true]) {
      const mapped = await mapOf({ 'common.js': source }, 'common.js', breaksAtStart);
      assert.equal(sourceOf(mapped, 'omega'), placeOf('common.js', source, 'omega'));
      if (breaksAtStart) assert.equal(sourceOf(mapped, 'debugger'), 'common.js:1:1');
    }
  });

  test('of standard input has its text, under a name that debuggers show', async () => {
    const source = "import { double } from './lib.ts';\nexport default () => double(1);\n";
    const { payload } = await mapOf({ 'lib.ts': LIB, '-': source }, null);
    const at = payload.sources.indexOf('stdin.js');
    assert.equal(payload.sourcesContent[at], source);
    assert.equal(payload.sources.length, 2);
  });

  test('holds one file of many lines and long distances', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `  const step${i} = ${i % 7};`).join('\n');
    const source = `export default () => {\n${many}\n${' '.repeat(70_000)}const farAway = 1;\n};\n`;
    const mapped = await mapOf({ 'long.js': source }, 'long.js');
    for (const word of ['step0', 'step1777', 'step2999', 'farAway'])
      assert.equal(sourceOf(mapped, word), placeOf('long.js', source, word), word);
  });
});
