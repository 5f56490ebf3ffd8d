// Builds what the npm package holds: the program as a few bundled modules, which load faster than two hundred files, and the
// library `sixfold/codes` file by file with its types, and the page of results as one file.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { type GetModuleInfo, type Plugin, rollup } from 'rollup';
import { buildPage } from '../dashboard/build-page.ts';
import { bundleSearch } from '../src/reference/bundle-search.ts';
import { bundledPackages } from './bundled-packages.ts';
import { keptChunks } from './kept-chunk.ts';
import { refuseStandstill } from './refuse-standstill.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

const TARGET = path.join(ROOT, 'dist');
/**
 * Every thread and process starts with a file of its own; what is loaded as a require has one too. All lie in one folder, so that they
 * find each other as neighbours. A group is bundled by itself: its files may share modules with each other, and with no other group's,
 * which a different thread or process loads.
 */
interface Group {
  readonly entries: Readonly<Record<string, string>>;
  /**
   * What is always loaded together, with all it imports and none before it has: one file, since each that a thread opens at its start
   * costs it a millisecond.
   */
  readonly together?: readonly Together[];
  /** Packages that become part of it; the others stay outside: npm installs them. */
  readonly bundled?: readonly string[];
}

interface Together {
  readonly name: string;
  readonly roots: readonly string[];
}

/** Keeps the engine's code of the rest, and so comes before it, with what says where. */
const KEEPER = ['src/node/kept-code.ts', 'src/options/system-folders.ts'] as const;

const GROUPS: readonly Group[] = [
  {
    entries: { main: 'src/cli/main.ts' },
    bundled: ['acorn', 'commander'],
    together: [
      // What starts the thread comes first: it does not wait for the rest.
      { name: 'ahead', roots: [...KEEPER, 'src/execution/control-plane/load-thread.ts'] },
      {
        name: 'run',
        roots: ['src/cli/program.ts', 'src/cli/run.ts', 'src/cli/lifeline.ts', 'src/cli/stream-errors.ts'],
      },
    ],
  },
  {
    entries: {
      'load-worker': 'src/execution/load-plane/load-worker.ts',
      'late-compiler': 'src/script/late-compiler.ts',
      'ntlm-auth': 'src/modules/k6-http/ntlm-auth.ts',
      'page-reader': 'src/modules/k6-http/page-reader.ts',
      'stream-classes': 'src/modules/k6-experimental-streams/stream-classes.ts',
      'web-globals': 'src/modules/web/web-globals.ts',
      'fetch-globals': 'src/modules/web/fetch-globals.ts',
    },
    together: [
      { name: 'ahead', roots: KEEPER },
      {
        name: 'load',
        roots: [
          'src/execution/load-plane/worker-session.ts',
          'src/execution/load-plane/deny-code-from-strings.ts',
          'src/execution/load-plane/errands.ts',
          'src/execution/script-breaker.ts',
        ],
      },
      // What most scripts load.
      { name: 'http2', roots: ['src/wire/http2/connection.ts'] },
      { name: 'http', roots: ['src/modules/k6-http/index.ts'] },
    ],
  },
  { entries: { library: 'src/library/index.ts' } },
  { entries: { 'run-child': 'src/service/runs/run-child.ts' } },
  { entries: { 'outputs-worker': 'src/outputs/thread/outputs-worker.ts' } },
  { entries: { 'load-child': 'src/cluster/agent/load-child.ts' } },
  { entries: { 'target-process': 'src/demo/target-process.ts' } },
  { entries: { 'full-queue-thread': 'src/demo/full-queue-thread.ts' } },
];

/** Strips the types. `new URL('../folder/x.ts', import.meta.url)` names a file that the bundle holds beside it as x.js. */
const typescript: Plugin = {
  name: 'typescript',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const neighbours = code.replaceAll(/new URL\('\.[./\w-]*\/([\w-]+)\.ts'/g, "new URL('./$1.js'");
    const options = {
      loader: 'ts',
      target: 'node26',
      format: 'esm',
      sourcefile: id,
      tsconfigRaw: '{}',
      // Comments and indentation are read, decoded and hashed at each start, and one letter outside of ASCII makes all the text twice as long.
      minifyWhitespace: true,
      charset: 'ascii',
    } as const;
    return { code: (await transform(neighbours, options)).code, map: null };
  },
};

/** What is loaded at each start, before a load worker takes `process` out of reach of scripts. */
const AT_START: readonly string[] = ['ahead', 'run', 'load'];

/** What is so long, and loaded so often, that it is worth keeping what the engine makes of it. */
const KEPT: readonly string[] = ['run', 'load', 'http2', 'http'];

/**
 * An import of a module of Node's makes the namespace of it, which reads all its properties, and with them loads what it has only on
 * demand: for `node:fs` and `node:util` 3 ms and 30 modules a thread. What is loaded at each start takes the few that it names, and does
 * without those that it takes nothing from.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  renderChunk(code, { name }) {
    if (!AT_START.includes(name)) return null;
    const changed = code
      .replaceAll(/^import 'node:[\w/]+';$/gm, '')
      .replaceAll(
        /^import (?:(\w+)(?:, )?)?(?:\{ ([^}]+) \})? from '(node:[\w/]+)';$/gm,
        (_, whole: string | undefined, names: string | undefined, specifier: string) => {
          const builtin = `process.getBuiltinModule('${specifier}')`;
          const parts = names?.replaceAll(/(\w+) as (\w+)/g, '$1: $2');
          return [whole, parts && `{ ${parts} }`]
            .filter((target) => target !== undefined)
            .map((target) => `const ${target} = ${builtin};`)
            .join(' ');
        },
      );
    return { code: changed, map: null };
  },
};

rmSync(TARGET, { recursive: true, force: true });
for (const group of GROUPS) await bundleGroup(group);
// The reference of codes: what its pages need beside themselves, where the bundle looks for it.
const REFERENCE = path.join(ROOT, 'src/reference');
for (const folder of ['assets', 'guides'])
  cpSync(path.join(REFERENCE, folder), path.join(TARGET, 'program', folder), { recursive: true });
writeFileSync(
  path.join(TARGET, 'program/assets/search.js'),
  await bundleSearch(path.join(REFERENCE, 'browser/search.ts')),
);
mkdirSync(path.join(TARGET, 'dashboard'), { recursive: true });
for (const name of ['report', 'runs', 'service'] as const)
  writeFileSync(path.join(TARGET, `dashboard/${name}.html`), await buildPage(name));
const { exit } = await runProgram(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'scripts/tsconfig.build.json'], {
  cwd: ROOT,
});
process.exitCode = exit;

async function bundleGroup({ entries, together = [], bundled = [] }: Group): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(ROOT, file)])),
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id) && !bundled.includes(id),
    plugins: [
      ...(bundled.length > 0 ? [bundledPackages(bundled)] : []),
      typescript,
      plainBuiltins,
      refuseStandstill,
      ...(together.length > 0 ? [keptChunks(KEPT, path.join(ROOT, KEEPER[0]), 'ahead')] : []),
    ],
    logLevel: 'warn',
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  let chunks: ReadonlyMap<string, string> | null = null;
  await bundle.write({
    dir: path.join(TARGET, 'program'),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    generatedCode: { constBindings: true },
    // Else a file imports what its imports import, to have it sooner, and with that all of Node's modules (see plainBuiltins).
    hoistTransitiveImports: false,
    // Rollup, unlike esbuild, makes no file of its own of what whoever imports it has loaded already, and joins small ones.
    experimentalMinChunkSize: 200_000,
    manualChunks: (id, { getModuleInfo }) => {
      chunks ??= chunkNames(together, getModuleInfo);
      return chunks.get(id);
    },
  });
  await bundle.close();
}

/** @returns the file's name of each module that has its place: what the roots import, but not what they load later on */
function chunkNames(together: readonly Together[], getModuleInfo: GetModuleInfo): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, roots } of together) {
    const open = roots.map((root) => path.join(ROOT, root));
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const info = getModuleInfo(id);
      if (names.has(id) || info === null || info.isExternal) continue;
      names.set(id, name);
      open.push(...info.importedIds);
    }
  }
  return names;
}
