// Runs of the segments of one test, by hand on machines that know nothing of each other, put together again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { RunRecord } from '../../src/report/run-record.ts';
import { findRun, readRecord } from '../../src/report/unpack-run.ts';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());

const SEQUENCE = '0,1/3,2/3,1';
const SEGMENTS = ['0:1/3', '1/3:2/3', '2/3:1'];
const SCRIPT = `
  import exec from 'k6/execution';
  import { check, sleep } from 'k6';
  import { Counter, Trend } from 'k6/metrics';
  const numbers = new Trend('numbers');
  const made = new Counter('made');
  export const options = {
    scenarios: { all: { executor: 'shared-iterations', vus: 9, iterations: 1500 } },
    thresholds: { numbers: ['p(95)<1400'], 'numbers{parity:odd}': ['max>=1499'], made: ['count==1500'] },
  };
  export default function () {
    const number = exec.scenario.iterationInTest;
    numbers.add(number, { parity: number % 2 === 1 ? 'odd' : 'even' });
    made.add(1);
    check(number, { 'is even': (one) => one % 2 === 0 });
    sleep(0.01);
  }`;

const file = (name: string): string => path.join(scratch.folder, name);
const recordOf = (name: string): RunRecord => readRecord(findRun(readFileSync(file(name))));
const run = (words: readonly string[]) => runCommand(words, { cwd: scratch.folder });

before(async () => {
  scratch.write('script.js', SCRIPT);
  const parts = SEGMENTS.map((segment, index) => [
    ...['--execution-segment', segment, '--execution-segment-sequence', SEQUENCE],
    ...['--report', `part-${index}.html`],
  ]);
  await Promise.all(
    [...parts, ['--report', 'whole.html']].map((flags) => run(['run', '-q', '--no-thresholds', ...flags, 'script.js'])),
  );
});

/** Runs parts with their thresholds, each of which crosses some by itself. */
async function runJudged(): Promise<void> {
  await Promise.all(
    SEGMENTS.map((segment, index) =>
      run([
        'run',
        '-q',
        '--execution-segment',
        segment,
        '--execution-segment-sequence',
        SEQUENCE,
        '--report',
        `judged-${index}.html`,
        'script.js',
      ]),
    ),
  );
}

test('three runs of a third each are, merged, to the bit what one run of the whole is', async () => {
  const merged = await run([
    'runs',
    'merge',
    ...SEGMENTS.map((_, index) => `part-${index}.html`),
    '--out',
    'merged.sixfold-run',
  ]);
  assert.equal(merged.exit, 0, merged.stderr);
  assert.match(merged.stdout, /numbers.*p\(95\)/);
  const [over, whole] = [recordOf('merged.sixfold-run'), recordOf('whole.html')];
  const valuesOf = (record: RunRecord, key: string) => record.metrics.find((metric) => metric.key === key)?.values;
  assert.deepEqual(valuesOf(over, 'numbers'), valuesOf(whole, 'numbers'));
  assert.equal(valuesOf(over, 'made')!['count'], 1500);
  assert.deepEqual(over.checks, whole.checks);
  assert.deepEqual(over.iterations, whole.iterations);
  // Three of each run, and of those together that went on at the same time: a busy machine starts them one after the other.
  assert.ok([3, 6, 9].includes(valuesOf(over, 'vus_max')!['max']!));
  assert.deepEqual(
    over.metrics.map(({ key }) => key),
    whole.metrics.map(({ key }) => key),
  );
});

test('thresholds are judged over all of it, whatever each part has said', async () => {
  await runJudged();
  const parts = SEGMENTS.map((_, index) => recordOf(`judged-${index}.html`));
  assert.ok(parts.every(({ exitCode }) => exitCode === 99));
  const merged = await run([
    'runs',
    'merge',
    ...SEGMENTS.map((_, index) => `judged-${index}.html`),
    '--out',
    'judged.sixfold-run',
  ]);
  const { thresholds, exitCode } = recordOf('judged.sixfold-run');
  assert.deepEqual(thresholds.map(({ key, ok }) => [key, ok]).sort(), [
    ['made', true],
    ['numbers', false],
    ['numbers{parity:odd}', true],
  ]);
  assert.equal(exitCode, 99);
  assert.equal(merged.exit, 99);
  assert.match(merged.stderr, /thresholds on metrics 'numbers' have been crossed/);
});

test('what makes no whole is refused, and what is wrong named', async () => {
  const cases: [readonly string[], RegExp][] = [
    [['part-0.html', 'part-1.html'], /the part of the test from 0\.666667 to 1 is missing/],
    [['part-0.html', 'part-0.html', 'part-2.html'], /the segment 0:1\/3 of the run .* is in another one too/],
    [['part-0.html'], /two runs at least/],
    [['part-0.html', 'whole.html'], /is a whole test/],
    [['part-0.html', 'script.js'], /cannot merge "script\.js": it is neither a report nor a file/],
    [['part-0.html', 'judged-1.html', 'part-2.html'], /are not of the same test/],
    [['absent.html', 'part-0.html'], /there is no file "absent\.html"/],
  ];
  for (const [files, message] of cases) {
    const outcome = await run(['runs', 'merge', ...files]);
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
});
