// Prints how many lines of test each layer of src/ has per line of its own: `npm run test-lines`.
//
// A line is a line, comments and blank ones among them, on both sides. Tests are `*.test.ts` and their fixtures `*.fixture.ts`, for the
// layer that they lie in; what lies in test/ counts for the layer that it tries first of all, by the table below; cases of
// test/conformance are scripts with the outcome that each must have. Recorded data (protos, vectors, outputs) counts nowhere.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdownTable } from './markdown-table.ts';
import { ROOT } from './root.ts';

/** Folders of test/ and the layer that they try; the first that fits. What fits none is for the whole alone. */
const LAYER_OF: readonly (readonly [folder: string, layer: string])[] = [
  ['test/compiler/', 'script'],
  ['test/random-programs/', 'script'],
  ['test/packages/', 'script'],
  ['test/fuzz/', 'wire'],
  ['test/protoc/', 'wire'],
  ['test/reference/', 'reference'],
  ['test/page/', 'report'],
  ['test/end-to-end/outputs/', 'outputs'],
  ['test/end-to-end/cluster/', 'cluster'],
  ['test/end-to-end/', 'cli'],
  ['test/conformance/cases/script/', 'script'],
  ['test/conformance/cases/core/', 'execution'],
  ['test/conformance/cases/cli/', 'cli'],
  ['test/conformance/cases/', 'modules'],
];

/** What proves no layer in particular. */
const WHOLE = '(the whole)';

interface Lines {
  source: number;
  test: number;
}

const layers = new Map<string, Lines>();

function linesOf(layer: string): Lines {
  let lines = layers.get(layer);
  if (lines === undefined) layers.set(layer, (lines = { source: 0, test: 0 }));
  return lines;
}

const filesOf = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] }).map((file) => file.split(path.sep).join('/'));
const countLines = (file: string): number => readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1;

for (const file of filesOf('src/*/**/*.ts')) {
  const lines = linesOf(file.split('/')[1] ?? '');
  lines[/\.(?:test|fixture)\.ts$/.test(file) ? 'test' : 'source'] += countLines(file);
}
for (const file of [...filesOf('test/**/*.ts'), ...filesOf('test/conformance/cases/**/*.js')]) {
  const layer = LAYER_OF.find(([folder]) => file.startsWith(folder))?.[1] ?? WHOLE;
  linesOf(layer).test += countLines(file);
}

const all: Lines = { source: 0, test: 0 };
for (const { source, test } of layers.values()) {
  all.source += source;
  all.test += test;
}
const rowOf = (layer: string, { source, test }: Lines): string[] => [
  layer,
  String(source),
  String(test),
  source === 0 ? '' : (test / source).toFixed(2),
];
const rows = [...layers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([layer, lines]) => rowOf(layer, lines));
process.stdout.write(renderMarkdownTable(['Layer', 'Source', 'Test', 'Ratio'], [...rows, rowOf('all', all)]));
