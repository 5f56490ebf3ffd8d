import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { listSources } from './import-graph.ts';

const LONGEST_FILE = 600;
/** Names that say nothing: what is needed in two places has a name of its own. */
const EMPTY_NAMES = /(?:^|[/.-])(?:utils?|helpers?|common|misc|stuff|shared-code)(?:[/.-]|$)/;

const sources = [
  ...listSources('src'),
  ...listSources('bench'),
  ...listSources('scripts'),
  ...listSources('test'),
].filter((file) => !file.startsWith('test/conformance/') && !file.includes('/node_modules/'));
const countLines = (file: string) => readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1;

test('a file is named for its concept, in kebab case', () => {
  assert.deepEqual(
    sources.filter((file) => EMPTY_NAMES.test(file)),
    [],
  );
  assert.deepEqual(
    sources.filter((file) => !/^[a-z0-9-]+(?:\.[a-z0-9]+)*\.ts$/.test(path.posix.basename(file))),
    [],
  );
});

test('a file has one concept, so it is not long', () => {
  const written = sources.filter((file) => !file.endsWith('.test.ts'));
  assert.deepEqual(
    written.filter((file) => countLines(file) > LONGEST_FILE).map((file) => `${file}: ${countLines(file)} lines`),
    [],
  );
});

test('the median file of src stays small', () => {
  const lines = sources
    .filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'))
    .map(countLines)
    .sort((a, b) => a - b);
  const median = lines[Math.floor(lines.length / 2)] ?? 0;
  assert.ok(median <= 170, `the median is ${median} lines`);
});

test('what is exported is used by another file', () => {
  const words = new Map<string, Set<string>>();
  const texts = sources.map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
  for (const { file, text } of texts)
    for (const word of new Set(text.match(/[\w$]+/g))) words.set(word, (words.get(word) ?? new Set()).add(file));
  const unused = texts.flatMap(({ file, text }) =>
    [...text.matchAll(/^export (?:async |abstract )?(?:const|function\*?|class) ([\w$]+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => file.startsWith('src/') && words.get(name)?.size === 1)
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(unused, []);
});

test('a comment cites what a reader has', () => {
  const outside = /^\s*(?:\/\/|\/?\*).*(?:k6-surface|shared\/(?:design|reference|findings))/m;
  assert.deepEqual(
    sources.filter((file) => outside.test(readFileSync(path.join(ROOT, file), 'utf8'))),
    [],
  );
});

test('nothing is left to do', () => {
  const marks = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X\\b'].join(''));
  assert.deepEqual(
    sources.filter((file) => marks.test(readFileSync(path.join(ROOT, file), 'utf8'))),
    [],
  );
});
