// Builds what the npm package holds: the program as a few bundled modules, which load faster than two hundred files, and the
// library `sixfold/codes` file by file with its types, and the page of results as one file. Dependencies stay outside: npm installs them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { type Plugin, rollup } from 'rollup';
import { buildPage } from '../dashboard/build-page.ts';
import { bundleSearch } from '../src/reference/bundle-search.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

const TARGET = path.join(ROOT, 'dist');
/** Every thread and process starts with a file of its own, and so does what is loaded as a require; all lie in one folder, so that they find each other as neighbours. */
const PROGRAMS = {
  main: 'src/cli/main.ts',
  'load-worker': 'src/execution/load-plane/load-worker.ts',
  'outputs-worker': 'src/outputs/thread/outputs-worker.ts',
  library: 'src/library/index.ts',
  'late-compiler': 'src/script/late-compiler.ts',
  'page-reader': 'src/modules/k6-http/page-reader.ts',
  'stream-classes': 'src/modules/k6-experimental-streams/stream-classes.ts',
  'web-globals': 'src/modules/web/web-globals.ts',
  'fetch-globals': 'src/modules/web/fetch-globals.ts',
  'target-process': 'src/demo/target-process.ts',
};

/** Strips the types. `new URL('../folder/x.ts', import.meta.url)` names a file that the bundle holds beside it as x.js. */
const typescript: Plugin = {
  name: 'typescript',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const neighbours = code.replaceAll(/new URL\('\.[./\w-]*\/([\w-]+)\.ts'/g, "new URL('./$1.js'");
    const options = { loader: 'ts', target: 'node26', format: 'esm', sourcefile: id, tsconfigRaw: '{}' } as const;
    return { code: (await transform(neighbours, options)).code, map: null };
  },
};

rmSync(TARGET, { recursive: true, force: true });
// Each file that a thread opens at its start costs it half a millisecond: Rollup, unlike esbuild, makes no file of its own of what
// whoever imports it has loaded already, and joins small ones. That is half as many.
const bundle = await rollup({
  input: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, path.join(ROOT, file)])),
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  plugins: [typescript],
  logLevel: 'warn',
  onwarn: ({ message }) => {
    throw new Error(message);
  },
});
await bundle.write({
  dir: path.join(TARGET, 'program'),
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  experimentalMinChunkSize: 200_000,
});
await bundle.close();
// The reference of codes: what its pages need beside themselves, where the bundle looks for it.
const REFERENCE = path.join(ROOT, 'src/reference');
for (const folder of ['assets', 'guides'])
  cpSync(path.join(REFERENCE, folder), path.join(TARGET, 'program', folder), { recursive: true });
writeFileSync(
  path.join(TARGET, 'program/assets/search.js'),
  await bundleSearch(path.join(REFERENCE, 'browser/search.ts')),
);
mkdirSync(path.join(TARGET, 'dashboard'), { recursive: true });
writeFileSync(path.join(TARGET, 'dashboard/index.html'), await buildPage());
const { exit } = await runProgram(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'scripts/tsconfig.build.json'], {
  cwd: ROOT,
});
process.exitCode = exit;
