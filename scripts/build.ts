// Builds what the npm package holds: the program as a few bundled modules, which load faster than two hundred files, and the
// library `sixfold/codes` file by file with its types, and the page of results as one file. Dependencies stay outside: npm installs them.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
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

/** `new URL('../folder/x.ts', import.meta.url)` names a file that the bundle holds beside it as x.js. */
const neighbours: Plugin = {
  name: 'neighbours',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(/new URL\('\.[./\w-]*\/([\w-]+)\.ts'/g, "new URL('./$1.js'"),
      loader: 'ts',
    }));
  },
};

rmSync(TARGET, { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, path.join(ROOT, file)])),
  outdir: path.join(TARGET, 'program'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  packages: 'external',
  legalComments: 'none',
  plugins: [neighbours],
  logLevel: 'warning',
});
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
