// Prints how many lines of test each layer of src/ has per line of its own: `npm run test-lines`.
//
// A line is a line, comments and blank ones among them, on both sides. Tests are `*.test.ts` and their fixtures `*.fixture.ts`, for the
// layer that they lie in; what lies in test/ counts once, for the layer that it tries first of all, by the table below; cases of
// test/conformance are scripts with the outcome that each must have. What is data counts on neither side: recorded outcomes, protos and
// vectors of tests; tables of codes and of texts in the sources, which single tests look through as a whole; what is generated.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdownTable } from './markdown-table.ts';
import { ROOT } from './root.ts';

/** Beginnings of paths in test/ and the layer that they try; the first that fits. What fits none is for the whole alone. */
const LAYER_OF: readonly (readonly [beginning: string, layer: string])[] = [
  ['test/compiler/', 'script'],
  ['test/random-programs/', 'script'],
  ['test/packages/', 'script'],
  ['test/fuzz/', 'wire'],
  ['test/protoc/', 'wire'],
  ['test/reference/', 'reference'],
  ['test/page/service-pages', 'service'],
  ['test/page/', 'report'],
  ['test/end-to-end/outputs/', 'outputs'],
  ['test/end-to-end/cluster/', 'cluster'],
  ['test/end-to-end/archives', 'cli'],
  ['test/end-to-end/bad-input', 'cli'],
  ['test/end-to-end/cloud', 'cli'],
  ['test/end-to-end/command.ts', 'cli'],
  ['test/end-to-end/completion', 'cli'],
  ['test/end-to-end/debugger', 'cli'],
  ['test/end-to-end/inspector-client', 'cli'],
  ['test/end-to-end/script-debugger', 'cli'],
  ['test/end-to-end/mistake-table', 'cli'],
  ['test/end-to-end/mistakes', 'cli'],
  ['test/end-to-end/signals', 'cli'],
  ['test/end-to-end/sources', 'cli'],
  ['test/end-to-end/streams', 'cli'],
  ['test/end-to-end/terminal', 'cli'],
  ['test/end-to-end/tmux', 'cli'],
  ['test/end-to-end/tooling-commands', 'cli'],
  ['test/end-to-end/watch', 'cli'],
  ['test/end-to-end/did-its-work', 'run'],
  ['test/end-to-end/endings', 'run'],
  ['test/end-to-end/history', 'control'],
  ['test/end-to-end/merged-segments', 'cluster'],
  ['test/end-to-end/endless-loop', 'execution'],
  ['test/end-to-end/secrets', 'execution'],
  ['test/end-to-end/capacity', 'execution'],
  ['test/end-to-end/hostile-scripts', 'script'],
  ['test/end-to-end/late-rejections', 'script'],
  ['test/end-to-end/modules', 'script'],
  ['test/end-to-end/module-server', 'script'],
  ['test/end-to-end/remote-modules', 'script'],
  ['test/end-to-end/own-libraries', 'script'],
  ['test/end-to-end/browser', 'modules'],
  ['test/end-to-end/icmp', 'modules'],
  ['test/end-to-end/k6-surface', 'modules'],
  ['test/end-to-end/surface', 'modules'],
  ['test/end-to-end/types', 'modules'],
  ['test/end-to-end/quickpizza', 'modules'],
  ['test/end-to-end/redis', 'modules'],
  ['test/end-to-end/websocket-endings', 'modules'],
  ['test/end-to-end/hostile-server', 'wire'],
  ['test/end-to-end/hostile-servers', 'wire'],
  ['test/end-to-end/proxies', 'wire'],
  ['test/end-to-end/extensions', 'extension'],
  ['test/end-to-end/unread-outputs', 'outputs'],
  ['test/conformance/cases/script/', 'script'],
  ['test/conformance/cases/core/', 'execution'],
  ['test/conformance/cases/cli/', 'cli'],
  ['test/conformance/cases/', 'modules'],
];

/** Data among the sources. */
const DATA: readonly RegExp[] = [
  // Tables of codes, of what they mean and of where they come from.
  /^src\/codes\/(?:[\w-]+-(?:codes|uses|constants|status|details|close)|http2-error|litmus|error-phrases)\.ts$/,
  // The same in the languages of readers, and the scripts that pages show.
  /^src\/reference\/(?:texts|messages|data)\//,
  /^src\/script\/load\/module-traits\.ts$/,
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
  if (DATA.some((data) => data.test(file))) continue;
  const lines = linesOf(file.split('/')[1] ?? '');
  lines[/\.(?:test|fixture)\.ts$/.test(file) ? 'test' : 'source'] += countLines(file);
}
for (const file of [...filesOf('test/**/*.ts'), ...filesOf('test/conformance/cases/**/*.js')]) {
  const layer = LAYER_OF.find(([beginning]) => file.startsWith(beginning))?.[1] ?? WHOLE;
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
