import { globSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../scripts/root.ts';
import { runProgram } from '../scripts/run-program.ts';
import { withBaseTree } from './base-tree.ts';

const ROUNDS = 3;

/**
 * Runs the micro-benchmarks (bench/micro/*.ts, programs that print their own lines), by default all. With a base, each runs in
 * turn here and in a checkout of that commit, so that the lines can be read side by side.
 * @returns the exit code
 */
export async function runMicroBenchmarks(names: readonly string[], base: string | undefined): Promise<number> {
  const files = globSync('bench/micro/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts'))
    .filter((file) => names.length === 0 || names.includes(path.basename(file, '.ts')))
    .sort();
  if (files.length === 0) {
    console.error(`There is no micro-benchmark ${names.join(', ')} in bench/micro.`);
    return 2;
  }
  if (base === undefined) return runAll(files, [['here', ROOT]]);
  return withBaseTree(base, (tree) =>
    runAll(files, [
      ['here', ROOT],
      [base, tree],
    ]),
  );
}

async function runAll(files: readonly string[], trees: readonly (readonly [string, string])[]): Promise<number> {
  let worst = 0;
  const rounds = trees.length > 1 ? ROUNDS : 1;
  for (const file of files)
    for (let round = 0; round < rounds; round++)
      for (const [name, tree] of trees) {
        console.log(`\n== ${path.basename(file, '.ts')} (${name})`);
        const { exit } = await runProgram(process.execPath, [file], { cwd: tree });
        worst = Math.max(worst, exit);
      }
  return worst;
}
