// Runs the conformance cases against this checkout: `npm run conformance -- --filter http/ --verbose`.
// What is on the list of known failures may fail; what passes although it is on it must come off.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

const FOLDER = path.join(ROOT, 'test/conformance');
const KNOWN = path.join(FOLDER, 'known-failures.txt');

/**
 * @param args further arguments of the runner (test/conformance/run.mjs)
 * @returns how many cases passed and failed; known failures count neither way
 */
export async function runConformance(args: readonly string[]): Promise<{ passed: number; failed: number }> {
  if (!existsSync(path.join(FOLDER, 'node_modules'))) {
    const { exit } = await runProgram('npm', ['ci', '--no-fund', '--no-audit'], { cwd: FOLDER });
    if (exit !== 0) return { passed: 0, failed: 1 };
  }
  const known = existsSync(KNOWN) ? ['--known', KNOWN] : [];
  const command = `${process.execPath} ${path.join(ROOT, 'bin/sixfold.js')}`;
  const words = [path.join(FOLDER, 'run.mjs'), '--bin', command, ...known, ...args];
  const run = () => runProgram(process.execPath, words, { cwd: FOLDER, output: 'both' });
  const countsOf = (text: string) => /^(\d+) passed, (\d+) failed$/m.exec(text);
  let { exit, output } = await run();
  if (!countsOf(output)) {
    // The lab's servers live in the runner's process: when one of them falls over, that says nothing about the cases.
    console.log('The runner ended before its time: once more.');
    ({ exit, output } = await run());
  }
  const counts = countsOf(output);
  const failed = Number(counts?.[2] ?? 0);
  return { passed: Number(counts?.[1] ?? 0), failed: exit !== 0 && failed === 0 ? 1 : failed };
}

if (process.argv[1] === import.meta.filename) {
  // The cases are not among the runs of whoever starts them.
  process.env['SIXFOLD_HISTORY'] ??= 'off';
  const { failed } = await runConformance(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
