import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { describeVerdict, type FailedFile, runAgain } from './second-run.ts';
import type { FileOutcome } from './test-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A test file whose `body` is run between two tests that pass; `first()` says whether this is its first run. */
function write(name: string, body: string): string {
  const file = path.join(folder, `${name}.test.ts`);
  writeFileSync(
    file,
    `import assert from 'node:assert/strict';
     import { spawn } from 'node:child_process';
     import { existsSync, writeFileSync } from 'node:fs';
     import { suite, test } from 'node:test';
     const marker = ${JSON.stringify(`${file}.ran`)};
     const first = () => { if (existsSync(marker)) return false; writeFileSync(marker, ''); return true; };
     const forever = () => new Promise(() => setInterval(() => {}, 1000));
     test('before', () => {});
     ${body}
     test('after', () => {});`,
  );
  return file;
}

// A file below the test runner must not look like one of its own.
const { NODE_TEST_CONTEXT: _, ...environment } = process.env;

/** `npm test -- unit FILES`, as CI has it. */
function check(files: readonly string[], CI = 'true'): { status: number | null; output: string } {
  const words = [path.join(import.meta.dirname, 'test.ts'), 'unit', ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...environment, CI },
  });
  return { status, output: stdout + stderr };
}

/** One file with a limit shorter than the check's. */
function runWithin(file: string, fileMs: number): FileOutcome {
  const driver = path.join(folder, 'driver.ts');
  writeFileSync(
    driver,
    `import { runTestFile } from ${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, 'test-files.ts')))};
     const [file, fileMs] = process.argv.slice(2);
     console.log(JSON.stringify(await runTestFile(file!, { testMs: 60_000, fileMs: Number(fileMs) })));
     process.exit();`,
  );
  const words = [driver, file, String(fileMs)];
  return JSON.parse(spawnSync(process.execPath, words, { encoding: 'utf8', env: environment }).stdout);
}

suite('a check in CI', () => {
  test('passes with a test that fails once, and says so at its end', () => {
    const flaky = write('flaky', `suite('kafka', () => { test('sums', () => assert.equal(first() ? 1 : 2, 2)); });`);
    const { status, output } = check([flaky, write('fine', '')]);
    assert.equal(status, 0, output);
    const end = output.slice(output.indexOf('\nFLAKY: 1 file '));
    assert.match(
      end,
      /^FLAKY .*flaky\.test\.ts: kafka › sums\n {4}AssertionError .*\n(?: {4}.*\n)* {8}at .*flaky\.test\.ts:9:/m,
    );
    assert.match(end, /failed under load, passed alone: 1\nfailed twice: 0\n\n5 passed, 0 failed\n$/);
    // Whoever looks for failed tests finds none.
    assert.doesNotMatch(output, /✖|not ok|failing tests|FAILED/);
  });

  test('fails with a test that fails twice: its last lines tell name, file, message and place', () => {
    const broken = write(
      'broken',
      `suite('outer', () => { suite('inner', () => { test('never', () => assert.deepEqual({ a: 1 }, { a: 2 }, 'not what it was')); }); });
       test.skip('skipped', () => {});
       test('to do', { todo: true }, () => assert.fail());`,
    );
    const { status, output } = check([broken]);
    assert.equal(status, 1, output);
    const end = output.slice(output.indexOf('\nFAILED: 1 file'));
    assert.match(
      end,
      /^✖ .*broken\.test\.ts: outer › inner › never\n {4}AssertionError .*not what it was\n(?: {4}.*\n)* {8}at .*broken\.test\.ts:9:/m,
    );
    assert.equal(end.match(/✖/g)?.length, 1);
    assert.match(end, /failed under load, passed alone: 0\nfailed twice: 1\n\n2 passed, 1 failed\n$/);
    assert.doesNotMatch(output, /FLAKY/);
  });

  test('tells a file that was killed, with what it printed last; it may pass on its second run', () => {
    const killed = write(
      'killed',
      `test('long', async () => { if (first()) { console.error('last words'); process.kill(process.pid, 'SIGKILL'); await forever(); } });`,
    );
    const { status, output } = check([killed]);
    assert.equal(status, 0, output);
    assert.match(
      output,
      /^FLAKY .*killed\.test\.ts: \(the file\)\n {4}the file's process was ended by SIGKILL.*\n {4}last words$/m,
    );
    assert.match(output, /\n3 passed, 0 failed\n$/);
  });

  test('tells a file that crashes as it is loaded, and one in which an error comes after its test', () => {
    const crash = write('crash', `throw new Error('at load');`);
    const late = write(
      'late',
      `test('early', () => { setTimeout(() => { throw new Error('too late'); }, 1); });
      test('next', () => new Promise((resolve) => setTimeout(resolve, 500)));`,
    );
    const { status, output } = check([crash, late]);
    assert.equal(status, 1, output);
    assert.match(
      output,
      /^✖ .*crash\.test\.ts: \(the file\)\n {4}the file's process ended with exit code \d+\n(?: {4}.*\n)*? {4}Error: at load\n/m,
    );
    assert.match(
      output,
      /^✖ .*late\.test\.ts: \(the file\)\n {4}the file's process ended with exit code 1\n {4}.*too late/m,
    );
    assert.match(output, /failed twice: 2\n/);
  });

  test('runs nothing twice on a developer’s machine', () => {
    const { status, output } = check([write('own', `test('once', () => assert.ok(!first()));`)], '');
    assert.equal(status, 1, output);
    assert.match(output, /^✖ .*own\.test\.ts: once$/m);
    assert.doesNotMatch(output, /twice|FLAKY/);
    assert.match(output, /\n2 passed, 1 failed\n$/);
  });
});

suite('a file that does not end', () => {
  test('is ended when its time is over, and its test named', () => {
    const { failures, passed } = runWithin(write('endless', `test('forever', forever);`), 10_000);
    assert.equal(passed, 1);
    assert.deepEqual(failures.at(-1), {
      name: '(the file)',
      lines: ["the file's process did not end within 10 s and was ended, during: forever"],
    });
  });

  test('is ended also where all tests passed, and where a process that it left holds its output', () => {
    const left = write(
      'left',
      `test('leaves', () => { spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: 'inherit' }).unref(); });`,
    );
    for (const file of [write('handle', 'setInterval(() => {}, 1000);'), left]) {
      const { failures } = runWithin(file, 4000);
      assert.equal(failures.at(-1)?.lines[0], "the file's process did not end within 4 s and was ended", file);
    }
  });
});

suite('the second run', () => {
  const failing: FileOutcome = { file: 'a.test.ts', passed: 2, skipped: 0, failures: [{ name: 'b', lines: ['c'] }] };
  const passing: FileOutcome = { file: 'a.test.ts', passed: 3, skipped: 0, failures: [] };
  const flaky: FailedFile = { first: failing, again: () => Promise.resolve(passing) };
  const broken: FailedFile = { first: failing, again: () => Promise.resolve(failing) };
  const times = (count: number, one: FailedFile) => Array.from({ length: count }, () => one);

  test('lets three files pass and not four', async () => {
    assert.equal((await runAgain(times(3, flaky), () => {})).ok, true);
    const four = await runAgain(times(4, flaky), () => {});
    assert.equal(four.ok, false);
    assert.match(describeVerdict(four).join('\n'), /At most 3 files may pass that way: this run does not\./);
  });

  test('counts what came the second time, and fails with one file that failed twice', async () => {
    const told: FileOutcome[] = [];
    const verdict = await runAgain([flaky, broken], (outcome) => told.push(outcome));
    assert.deepEqual(told, [passing, failing]);
    assert.deepEqual(verdict.counted, [passing, failing]);
    assert.equal(verdict.ok, false);
    assert.deepEqual(describeVerdict(verdict).slice(-2), ['failed under load, passed alone: 1', 'failed twice: 1']);
  });

  test('is none where many files failed, nor for what always comes out the same', async () => {
    const never = (): never => assert.fail('was run again');
    const many = await runAgain(times(11, { first: failing, again: never }), never);
    assert.deepEqual([many.ok, many.secondRun, many.failed.length], [false, false, 11]);
    const types = await runAgain([{ first: failing }], never);
    assert.deepEqual([types.ok, types.secondRun, types.failed.length], [false, false, 1]);
  });

  test('is none where nothing failed', async () => {
    const verdict = await runAgain([], () => {});
    assert.deepEqual([verdict.ok, describeVerdict(verdict)], [true, []]);
  });
});
