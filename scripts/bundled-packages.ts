// Packages that each start loads. As files of their own they would have to be found, read and compiled each time; in the program's text
// (kept-chunk.ts) the engine's code of them is kept. What their licences ask for stands beside the program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'rollup';
import { ROOT } from './root.ts';

/** @param names of packages; whatever imports them has them in its own file */
export function bundledPackages(names: readonly string[]): Plugin {
  const folderOf = (name: string): string => path.join(ROOT, 'node_modules', name);
  return {
    name: 'bundled-packages',
    resolveId: (id) =>
      names.includes(id) ? { id: path.join(folderOf(id), 'bundled.js'), moduleSideEffects: false } : null,
    async load(id) {
      const name = names.find((one) => id === path.join(folderOf(one), 'bundled.js'));
      if (name === undefined) return null;
      const { outputFiles } = await build({
        stdin: { contents: `export * from '${name}';`, resolveDir: ROOT },
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node26',
        minifyWhitespace: true,
        charset: 'ascii',
        write: false,
      });
      // CommonJS asks for what Node has by a function that modules lack.
      return outputFiles[0]!.text.replaceAll(
        /\b__require\("(node:[\w/]+)"\)/g,
        'globalThis.process.getBuiltinModule("$1")',
      );
    },
    generateBundle() {
      const texts = names.map(
        (name) => `${name}\n\n${readFileSync(path.join(folderOf(name), 'LICENSE'), 'utf8').trim()}\n`,
      );
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}
