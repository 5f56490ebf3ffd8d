// Runs test files, each in a process of its own, and says what came of each: by Node's test runner, one `run()` a file, so that a file that
// does not end can be ended without the others, and so that a file can be run again.
import path from 'node:path';
import { run } from 'node:test';
import { inspect, stripVTControlCharacters } from 'node:util';
import { ROOT } from './root.ts';

/** A test that failed, or a file that did not come to its end. */
export interface Failure {
  /** What it is called, with the suites around it: `suite › test`. */
  readonly name: string;
  /** What is wrong, first of all lines, and where: the first lines of the stack. */
  readonly lines: readonly string[];
}

/** What came of a file. */
export interface FileOutcome {
  /** Its path below the project's folder. */
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

export interface FileLimits {
  /** How long a test may take, in milliseconds. */
  readonly testMs: number;
  /** How long a file may take until it is ended, in milliseconds: longer than its tests need on a busy machine. */
  readonly fileMs: number;
}

/** Lines shown of a message, of a stack and of what a file printed on standard error before it ended. */
const SHOWN = { message: 14, stack: 4, stderr: 14 };

type TestData = {
  name: string;
  nesting: number;
  message?: string;
  skip?: unknown;
  todo?: unknown;
  details?: { type?: string; error?: TestError };
};
type TestError = Error & { failureType?: string; exitCode?: number | null; signal?: string | null };

/** Runs a file to its end, or until its time is over. */
export async function runTestFile(
  file: string,
  limits: FileLimits,
  onResult?: (ok: boolean) => void,
): Promise<FileOutcome> {
  const absolute = path.resolve(ROOT, file);
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), limits.fileMs);
  const counts = { passed: 0, skipped: 0 };
  const failures: Failure[] = [];
  const around: string[] = [];
  const running: string[] = [];
  const printed: string[] = [];
  let broken: TestError | null = null;
  const note = (text: string): void => {
    printed.push(...stripVTControlCharacters(text).split('\n').filter(Boolean));
    printed.splice(0, printed.length - SHOWN.stderr);
  };
  try {
    const events = run({
      files: [absolute],
      timeout: limits.testMs,
      signal: overdue.signal,
      isolation: 'process',
      concurrency: 1,
    });
    for await (const { type, data } of events as AsyncIterable<{ type: string; data: TestData }>) {
      if (type === 'test:stderr') note(data.message ?? '');
      // What happened after a test's end, such as an error that nobody caught. The counts are told so too, but belong to no file.
      if (type === 'test:diagnostic' && Object.hasOwn(data, 'file')) note(data.message ?? '');
      if (data.name === absolute) {
        if (type === 'test:fail') broken = data.details?.error ?? null;
        continue;
      }
      if (type === 'test:start') around.splice(data.nesting, around.length, data.name);
      if (type === 'test:dequeue') running.splice(data.nesting, running.length, data.name);
      if (type === 'test:complete') running.splice(data.nesting);
      if (type !== 'test:pass' && type !== 'test:fail') continue;
      const error = data.details?.error;
      if (data.skip !== undefined && data.skip !== false) counts.skipped++;
      else if (data.todo !== undefined && data.todo !== false) continue;
      else if (type === 'test:pass') {
        if (data.details?.type !== 'suite') counts.passed++;
      } else if (error?.failureType === 'subtestsFailed') continue;
      else failures.push({ name: [...around.slice(0, data.nesting), data.name].join(' › '), lines: linesOf(error) });
      if (data.details?.type !== 'suite') onResult?.(type === 'test:pass');
    }
  } catch (error) {
    // The stream of events broke.
    broken = error as TestError;
  } finally {
    clearTimeout(timer);
  }
  if (overdue.signal.aborted || (broken && broken.failureType !== 'subtestsFailed')) {
    const end = overdue.signal.aborted
      ? `did not end within ${limits.fileMs / 1000} s and was ended`
      : broken?.signal
        ? `was ended by ${broken.signal}`
        : typeof broken?.exitCode === 'number'
          ? `ended with exit code ${broken.exitCode}`
          : `ended with an error: ${broken?.message}`;
    const during =
      running.length > 0 && (overdue.signal.aborted || broken?.signal) ? `, during: ${running.join(' › ')}` : '';
    failures.push({ name: '(the file)', lines: [`the file's process ${end}${during}`, ...printed] });
    onResult?.(false);
  }
  return { file, ...counts, failures };
}

/** Runs files, so many at a time; the outcomes come in the order of the files. @param onOutcome hears of each file as it ends */
export async function runTestFiles(
  files: readonly string[],
  limits: FileLimits,
  concurrency: number,
  onResult?: (ok: boolean) => void,
  onOutcome?: (outcome: FileOutcome) => void,
): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  const next = files.entries();
  const work = async (): Promise<void> => {
    for (const [i, file] of next) {
      const outcome = await runTestFile(file, limits, onResult);
      onOutcome?.(outcome);
      outcomes[i] = outcome;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return outcomes;
}

/** The message and the beginning of the stack; Node's own frames say nothing of a test. */
function linesOf(error: TestError | undefined): string[] {
  const cause: unknown = error?.cause ?? error;
  const text =
    cause instanceof Error ? (cause.stack ?? String(cause)) : typeof cause === 'string' ? cause : inspect(cause);
  const lines = stripVTControlCharacters(text).split('\n');
  const isFrame = (line: string): boolean => /^ {4}at /.test(line);
  const stackAt = lines.findIndex(isFrame);
  const message = (stackAt < 0 ? lines : lines.slice(0, stackAt)).filter((line) => line.trim() !== '');
  const frames = lines.filter((line) => isFrame(line) && !/\(node:|at node:/.test(line));
  return [
    ...message.slice(0, SHOWN.message),
    ...(message.length > SHOWN.message ? [`… ${message.length - SHOWN.message} more lines`] : []),
    ...frames.slice(0, SHOWN.stack).map((line) => line.replaceAll(`file://${ROOT}/`, '')),
  ].map((line) => (line.length > 300 ? `${line.slice(0, 300)} …` : line));
}
