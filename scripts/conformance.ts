// Runs the conformance cases against this checkout: `npm run conformance -- --filter http/ --verbose`.
// What is on the list of known failures may fail; what passes although it is on it must come off.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { launcherPath } from './program-under-test.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';
import type { Failure, FileOutcome } from './test-files.ts';

const FOLDER = path.join(ROOT, 'test/conformance');
const KNOWN = path.join(FOLDER, 'known-failures.txt');

/**
 * @param args further arguments of the runner (test/conformance/run.mjs)
 * @returns what came of the cases, those that passed as one; known failures count neither way
 */
export async function runConformance(args: readonly string[]): Promise<FileOutcome[]> {
  if (!existsSync(path.join(FOLDER, 'node_modules'))) {
    const { exit } = await runProgram('npm', ['ci', '--no-fund', '--no-audit'], { cwd: FOLDER });
    if (exit !== 0) return [toOutcome(0, [{ name: 'npm ci', lines: [`exit code ${exit}`] }])];
  }
  const known = existsSync(KNOWN) ? ['--known', KNOWN] : [];
  const command = `${process.execPath} ${launcherPath()}`;
  const words = [path.join(FOLDER, 'run.mjs'), '--bin', command, ...known, ...args];
  const run = () => runProgram(process.execPath, words, { cwd: FOLDER, output: 'both' });
  const countsOf = (text: string) => /^(\d+) passed, (\d+) failed$/m.exec(text);
  let { exit, output } = await run();
  if (!countsOf(output)) {
    // The lab's servers live in the runner's process: when one of them falls over, that says nothing about the cases.
    console.log('The runner ended before its time: once more.');
    ({ exit, output } = await run());
  }
  // A case that fails stands on a line of its own, with what is wrong on indented lines below.
  const failures = [...output.matchAll(/^FAIL (.*)\n((?: {7}.*\n)*)/gm)].map(([, name = '', lines = '']) => ({
    name,
    lines: lines
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  }));
  if (exit !== 0 && failures.length === 0)
    failures.push({ name: 'the runner', lines: [`exit code ${exit}`, ...output.trimEnd().split('\n').slice(-10)] });
  return [toOutcome(Number(countsOf(output)?.[1] ?? 0), failures)];
}

function toOutcome(passed: number, failures: readonly Failure[]): FileOutcome {
  return { file: 'test/conformance', passed, skipped: 0, failures };
}

if (process.argv[1] === import.meta.filename) {
  // The cases are not among the runs of whoever starts them.
  process.env['SIXFOLD_HISTORY'] ??= 'off';
  const outcomes = await runConformance(process.argv.slice(2));
  process.exitCode = outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
}
