import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { findCircles, type Import, importsOf, listSources, packagesOf } from './import-graph.ts';

/** The layers of docs/architecture.md: a folder may import from its own row's folder and from the rows below. */
const LAYERS: readonly (readonly string[])[] = [
  ['cli', 'library'],
  ['service'],
  ['cluster'],
  ['control'],
  ['outputs'],
  ['run'],
  ['report'],
  ['execution'],
  ['modules'],
  ['vu'],
  ['options'],
  // These know nothing of each other, so that each can be read, tested and replaced alone.
  ['script', 'metrics', 'wire', 'demo', 'reference'],
  ['codes', 'exit', 'extension', 'node'],
  ['addresses'],
];

/** Within the wire: what each folder may import. */
const WIRE: Readonly<Record<string, readonly string[]>> = {
  net: [],
  http: [],
  protobuf: [],
  http1: ['net'],
  http2: ['net'],
  websocket: ['net', 'http1', 'http2'],
  mqtt: ['net', 'websocket'],
  sse: ['net', 'http1'],
  pool: ['net', 'http1', 'http2'],
  grpc: ['net', 'http2', 'protobuf'],
};

const sources = listSources('src');
const isTest = (file: string) => /\.(?:test|fixture)\.ts$/.test(file);
const layerOf = (file: string) => file.split('/')[1] ?? '';
const show = ({ from, to }: Import) => `${from} imports ${to}`;
/** Imports of files of ours; tests may use what they like to set the scene. */
const imports = sources.filter((file) => !isTest(file)).flatMap(importsOf);
const ours = imports.filter(({ to }) => to.startsWith('src/'));

test('the imports are found, over several lines and of types too', () => {
  const of = importsOf('src/codes/catalogue.ts').map(({ to }) => to);
  assert.deepEqual(
    of.filter((to) => /code-entry|http-codes/.test(to)),
    ['src/codes/code-entry.ts', 'src/codes/http-codes.ts'],
  );
  assert.ok(importsOf('src/demo/spawn-target.ts').some(({ to }) => to === 'src/demo/target-process.ts'));
  assert.ok(ours.length > sources.length / 2, `only ${ours.length} imports in ${sources.length} files`);
});

test('every folder of src is a layer', () => {
  const known = new Set(LAYERS.flat());
  assert.deepEqual(
    [...new Set(sources.filter((file) => file.split('/').length > 2).map(layerOf))].filter(
      (layer) => !known.has(layer),
    ),
    [],
  );
});

test('imports point only downwards', () => {
  const rank = (layer: string) => LAYERS.findIndex((row) => row.includes(layer));
  const allowed = (from: string, to: string) => from === to || rank(from) < rank(to);
  assert.deepEqual(ours.filter(({ from, to }) => !allowed(layerOf(from), layerOf(to))).map(show), []);
});

test('no files import each other in a circle, types included', () => {
  assert.deepEqual(
    findCircles(ours).map((circle) => circle.join(' → ')),
    [],
  );
});

test('nor do the folders of modules', () => {
  const folderOf = (file: string) => file.split('/').slice(0, 3).join('/');
  const between = ours
    .filter(({ from, to }) => layerOf(from) === 'modules' && layerOf(to) === 'modules')
    .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
    .filter(({ from, to }) => from !== to);
  assert.deepEqual(
    findCircles(between).map((circle) => circle.join(' → ')),
    [],
  );
});

test('a circle is found and shown from end to end', () => {
  const graph = (...pairs: string[]) => pairs.map((pair) => ({ from: pair[0]!, to: pair[1]! }));
  assert.deepEqual(findCircles(graph('ab', 'bc', 'ac', 'cd')), []);
  assert.deepEqual(findCircles(graph('ab', 'bc', 'ca')), [['a', 'b', 'c', 'a']]);
  assert.deepEqual(findCircles(graph('ab', 'ba', 'xy', 'yx')), [
    ['a', 'b', 'a'],
    ['x', 'y', 'x'],
  ]);
});

test('only the command line knows the demo target', () => {
  assert.deepEqual(
    ours.filter(({ from, to }) => layerOf(to) === 'demo' && !['demo', 'cli'].includes(layerOf(from))).map(show),
    [],
  );
});

test('src imports nothing from outside src', () => {
  assert.deepEqual(
    imports.filter(({ to }) => to.includes('/') && /^(?:test|bench|scripts|examples|docs)\//.test(to)).map(show),
    [],
  );
});

test('the protocols of the wire stand on each other as drawn', () => {
  const folderOf = (file: string) => file.split('/')[2] ?? '';
  const inside = ours.filter(({ from, to }) => layerOf(from) === 'wire' && layerOf(to) === 'wire');
  const allowed = (from: string, to: string) => from === to || (WIRE[from]?.includes(to) ?? false);
  assert.deepEqual(inside.filter(({ from, to }) => !allowed(folderOf(from), folderOf(to))).map(show), []);
});

test('the catalogue of codes imports nothing, so that any program can use it', () => {
  assert.deepEqual(
    imports.filter(({ from, to }) => layerOf(from) === 'codes' && layerOf(to) !== 'codes').map(show),
    [],
  );
});

test('packages are imported only if package.json has them', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const runtime = { ...manifest['dependencies'], ...manifest['optionalDependencies'], ...manifest['peerDependencies'] };
  const written = sources.filter((file) => !isTest(file));
  const missing = written.flatMap((file) =>
    packagesOf(file)
      .filter((name) => !(name in runtime))
      .map((to) => ({ from: file, to })),
  );
  assert.deepEqual(missing.map(show), []);
  assert.ok(written.some((file) => packagesOf(file).includes('acorn')));
});
