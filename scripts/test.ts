// The test command: every part, or those named as arguments, and the sum of passed and failed at the end.
//
//   npm test                        all parts
//   npm test -- unit conformance    some
//   npm test -- unit src/wire       the tests of a folder, or a file
import { existsSync, globSync, rmSync } from 'node:fs';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { unpackPackage } from '../test/packaging/install-package.ts';
import { runConformance } from './conformance.ts';
import { runExamples } from './examples.ts';
import { PACKAGE_VARIABLE } from './program-under-test.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';
import { describeVerdict, type FailedFile, runAgain } from './second-run.ts';
import { type Failure, type FileOutcome, runTestFile, runTestFiles } from './test-files.ts';

/** What came of a part. */
interface PartOutcome {
  readonly passed: number;
  readonly failed: readonly FailedFile[];
}

// What tests run is not among the runs of whoever starts them.
process.env['SIXFOLD_HISTORY'] ??= 'off';
// Each test file and each command that it runs is a process of its own: what one of them has compiled, the others read, from their first
// module on. It is the folder that the program takes by itself, later.
process.env['NODE_COMPILE_CACHE'] ??= path.join(os.tmpdir(), 'node-compile-cache');

const PARTS = {
  types: () => runCheck('types', 'node_modules/.bin/tsc', ['--noEmit']),
  page: () => runCheck('page', 'node_modules/.bin/tsc', ['--noEmit', '-p', 'dashboard']),
  lint: () => runCheck('lint', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  package: makePackage,
  unit: (paths) =>
    runFiles(
      paths.length > 0
        ? paths
        : [
            // Those that take longest first, so that none of them is left over for one core.
            ...[
              'architecture',
              'compiler',
              'docs',
              'end-to-end',
              'fuzz',
              'packages',
              'page',
              'protoc',
              'reference',
            ].map((part) => `test/${part}`),
            'src',
            'bench',
            'dashboard',
            'scripts',
          ],
    ),
  // CI compares so many that they take minutes: on two cores, a half on each.
  programs: () => runFiles(['test/random-programs'], 20 * 60_000),
  // Runs what fails again by itself.
  conformance: async () => toPart(await runConformance(['--retries', '2', '--jobs', String(AT_A_TIME)])),
  examples: async () => toPart(await runExamples(), (file) => async () => (await runExamples([file]))[0]!),
  packaging: () => runFiles(['test/packaging']),
} as const satisfies Record<string, (paths: readonly string[]) => Promise<PartOutcome>>;

type Part = keyof typeof PARTS;

/** Parts that run at once: what compiles; what waits half of its time. All that stands after the package starts it. */
const PHASES: readonly (readonly Part[])[] = [
  ['types', 'page', 'lint', 'package'],
  ['unit'],
  ['programs'],
  ['conformance'],
  ['examples', 'packaging'],
];

/** Test files, and cases of the conformance suite, that run at a time: most wait for servers and processes for a part of theirs. */
const AT_A_TIME = availableParallelism() + 1;

/** How many failed tests of a file a line of the first run names. */
const NAMED = 3;

/** A program that either succeeds or not: one test. */
async function runCheck(name: string, command: string, args: readonly string[]): Promise<PartOutcome> {
  const { exit, output } = await runProgram(path.join(ROOT, command), args, { cwd: ROOT, output: 'keep' });
  if (exit !== 0) process.stdout.write(output);
  const lines = output.trimEnd().split('\n').slice(-20);
  const failures = exit === 0 ? [] : [{ name: `exit code ${exit}`, lines }];
  return toPart([{ file: name, passed: exit === 0 ? 1 : 0, skipped: 0, failures }]);
}

/** Makes the package that all tests after it start: beside what it needs, as npm puts it. */
async function makePackage(): Promise<PartOutcome> {
  const folder = path.join(ROOT, 'node_modules/sixfold');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const failures: Failure[] = [];
  try {
    await unpackPackage(folder);
    process.env[PACKAGE_VARIABLE] = folder;
  } catch (error) {
    failures.push({ name: 'npm pack', lines: String(error).split('\n') });
  }
  return toPart([{ file: 'package', passed: 1 - failures.length, skipped: 0, failures }]);
}

/** Runs the *.test.ts of folders and files; a skipped test counts neither way. @param testMs how long a test may take */
async function runFiles(paths: readonly string[], testMs = 120_000): Promise<PartOutcome> {
  const files = paths.flatMap((one) =>
    one.endsWith('.ts')
      ? [one]
      : globSync(`${one.replace(/\/$/, '')}/**/*.test.ts`, { cwd: ROOT, exclude: ['**/node_modules/**'] }).sort(),
  );
  if (files.length === 0) {
    console.log(`no tests in ${paths.join(', ')}`);
    const missing = paths.find((one) => !existsSync(path.resolve(ROOT, one)));
    return toPart(
      missing ? [{ file: missing, passed: 0, skipped: 0, failures: [{ name: 'is not there', lines: [] }] }] : [],
    );
  }
  const limits = { testMs, fileMs: testMs * 2.5 };
  const dots = new Dots();
  const outcomes = await runTestFiles(
    files,
    limits,
    AT_A_TIME,
    (ok) => dots.add(ok),
    (outcome) => {
      if (outcome.failures.length > 0) dots.say(describeBriefly(outcome));
    },
  );
  dots.end();
  const skipped = outcomes.reduce((sum, one) => sum + one.skipped, 0);
  if (skipped > 0) console.log(`${skipped} skipped`);
  return toPart(outcomes, (file) => () => runTestFile(file, limits));
}

/** A character a test, a hundred a line. */
class Dots {
  #column = 0;

  add(ok: boolean): void {
    process.stdout.write(`${ok ? '.' : 'X'}${++this.#column % 100 === 0 ? '\n' : ''}`);
  }

  /** Puts a line in between. */
  say(line: string): void {
    this.end();
    console.log(line);
  }

  end(): void {
    if (this.#column % 100 !== 0) process.stdout.write('\n');
    this.#column = 0;
  }
}

/** Said as soon as a file has ended: who ends the whole before its time shall know. */
function describeBriefly({ file, failures }: FileOutcome): string {
  const names = failures.slice(0, NAMED).map(({ name, lines }) => `${name}: ${lines[0] ?? ''}`);
  return `did not pass: ${file}: ${names.join('; ')}${failures.length > NAMED ? '; …' : ''}`;
}

/** What files come to as a part. @param again how one of them is run once more */
function toPart(outcomes: readonly FileOutcome[], again?: (file: string) => () => Promise<FileOutcome>): PartOutcome {
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  return {
    passed: outcomes.reduce((sum, one) => sum + one.passed, 0),
    failed: failed.map((first) => ({ first, ...(again && { again: again(first.file) }) })),
  };
}

async function main(words: readonly string[]): Promise<void> {
  const isPart = (word: string): word is Part => Object.hasOwn(PARTS, word);
  const named = words.filter(isPart);
  const paths = words.filter((word) => !isPart(word));
  const unknown = paths.filter((word) => !existsSync(path.resolve(ROOT, word)));
  if (unknown.length > 0 || (paths.length > 0 && named.length > 0 && named.join() !== 'unit')) {
    console.error(
      `${unknown.join(', ') || paths.join(', ')}: not a part of the tests. The parts: ${Object.keys(PARTS).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  const parts: readonly Part[] = named.length > 0 ? named : paths.length > 0 ? ['unit'] : PHASES.flat();
  const failed: FailedFile[] = [];
  const lines: string[] = [];
  let passed = 0;
  const run = async (part: Part): Promise<void> => {
    const started = performance.now();
    const outcome = await PARTS[part](paths);
    passed += outcome.passed;
    failed.push(...outcome.failed);
    const count = outcome.failed.reduce((sum, { first }) => sum + first.failures.length, 0);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    lines.push(`${part.padEnd(12)} ${outcome.passed} passed, ${count} did not in ${seconds} s`);
  };
  for (const phase of PHASES.map((all) => all.filter((part) => parts.includes(part)))) {
    if (phase.length === 0) continue;
    console.log(`\n== ${phase.join(', ')}`);
    await Promise.all(phase.map(run));
  }
  // Whoever works on a test wants to see it fail; a check of the whole is not to be lost by a moment of one machine.
  const again = process.env['CI'] === 'true';
  if (again && failed.length > 0) console.log('\n== again, each file alone');
  const verdict = await runAgain(again ? failed : failed.map(({ first }) => ({ first })), ({ file, failures }) =>
    console.log(`${failures.length === 0 ? 'passes' : 'does not pass'}: ${file}`),
  );
  for (const [i, { first }] of failed.entries()) passed += verdict.counted[i]!.passed - first.passed;
  const left = verdict.counted.reduce((sum, { failures }) => sum + failures.length, 0);
  console.log(`\n${lines.join('\n')}\n${describeVerdict(verdict).join('\n')}\n\n${passed} passed, ${left} failed`);
  process.exitCode = verdict.ok ? 0 : 1;
}

await main(process.argv.slice(2));
