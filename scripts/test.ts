// The test command: every part, or those named as arguments, and the sum of passed and failed at the end.
//
//   npm test                        all parts
//   npm test -- unit conformance    some
//   npm test -- unit src/wire       the tests of a folder, or a file
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runConformance } from './conformance.ts';
import { runExamples } from './examples.ts';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

// What tests run is not among the runs of whoever starts them.
process.env['SIXFOLD_HISTORY'] ??= 'off';

const PARTS = {
  types: () => runCheck('node_modules/.bin/tsc', ['--noEmit']),
  page: () => runCheck('node_modules/.bin/tsc', ['--noEmit', '-p', 'dashboard']),
  lint: () => runCheck('node_modules/.bin/biome', ['check', '--error-on-warnings', '.']),
  unit: (paths) =>
    runTestFiles(
      paths.length > 0
        ? paths
        : [
            'src',
            'bench',
            'dashboard',
            'scripts',
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
          ],
    ),
  // CI compares so many that they take minutes: on two cores, a half on each.
  programs: () => runTestFiles(['test/random-programs'], 20 * 60_000),
  conformance: () => runConformance(['--retries', '2', '--jobs', '2']),
  examples: () => runExamples(),
  packaging: () => runTestFiles(['test/packaging']),
} as const satisfies Record<string, (paths: readonly string[]) => Promise<Counts>>;

type Part = keyof typeof PARTS;

/** A program that either succeeds or not: one test. */
async function runCheck(command: string, args: readonly string[]): Promise<Counts> {
  const { exit, output } = await runProgram(path.join(ROOT, command), args, { cwd: ROOT, output: 'keep' });
  if (exit !== 0) process.stdout.write(output);
  return { passed: exit === 0 ? 1 : 0, failed: exit === 0 ? 0 : 1 };
}

/** Runs `node --test` over the *.test.ts of folders and files; a skipped test counts neither way. */
async function runTestFiles(paths: readonly string[], timeoutMs = 120_000): Promise<Counts> {
  const files = paths.flatMap((one) =>
    one.endsWith('.ts')
      ? [one]
      : globSync(`${one.replace(/\/$/, '')}/**/*.test.ts`, { cwd: ROOT, exclude: ['**/node_modules/**'] }),
  );
  if (files.length === 0) {
    console.log(`no tests in ${paths.join(', ')}`);
    return { passed: 0, failed: paths.every((one) => existsSync(path.join(ROOT, one))) ? 0 : 1 };
  }
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'sixfold-tests-'));
  const tap = path.join(scratch, 'results.tap');
  const reporters = ['dot', 'stdout', 'tap', tap].map(
    (word, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${word}`,
  );
  const { exit } = await runProgram(
    process.execPath,
    ['--test', '--test-concurrency=2', `--test-timeout=${timeoutMs}`, ...reporters, ...files.sort()],
    { cwd: ROOT },
  );
  const results = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
  rmSync(scratch, { recursive: true, force: true });
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(results)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  if (count('skipped') > 0) console.log(`${count('skipped')} skipped`);
  return { passed: count('pass'), failed: exit !== 0 && failed === 0 ? 1 : failed };
}

async function main(words: readonly string[]): Promise<void> {
  const isPart = (word: string): word is Part => Object.hasOwn(PARTS, word);
  const named = words.filter(isPart);
  const paths = words.filter((word) => !isPart(word));
  const unknown = paths.filter((word) => !existsSync(path.join(ROOT, word)));
  if (unknown.length > 0 || (paths.length > 0 && named.length > 0 && named.join() !== 'unit')) {
    console.error(
      `${unknown.join(', ') || paths.join(', ')}: not a part of the tests. The parts: ${Object.keys(PARTS).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  const parts = named.length > 0 ? named : paths.length > 0 ? (['unit'] as const) : (Object.keys(PARTS) as Part[]);
  const sum = { passed: 0, failed: 0 };
  const lines: string[] = [];
  for (const part of parts) {
    console.log(`\n== ${part}`);
    const started = performance.now();
    const { passed, failed } = await PARTS[part](paths);
    sum.passed += passed;
    sum.failed += failed;
    lines.push(
      `${part.padEnd(12)} ${passed} passed, ${failed} failed in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  }
  console.log(`\n${lines.join('\n')}\n\n${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
