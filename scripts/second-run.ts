// What a check says of files that failed: beside the others first, and once more alone where that may decide (CONTRIBUTING.md, "Flaky tests").
import type { FileOutcome } from './test-files.ts';

/** So many files may pass on their second run; where more have to, something is wrong with the tests or with the machine. */
const MOST_FLAKY = 3;

/** Where more files failed, that is no chance: they are not run again. */
const MOST_AGAIN = 10;

/** So many failures are shown in full; the rest by name. */
const SHOWN_IN_FULL = 15;

/** A file that failed, and how it is run once more; what always comes out the same, such as types, is not. */
export interface FailedFile {
  readonly first: FileOutcome;
  readonly again?: () => Promise<FileOutcome>;
}

/** What came of the failed files in the end. */
export interface Verdict {
  /** Failed beside the others and alone, or were not run again. */
  readonly failed: readonly FileOutcome[];
  /** The first outcome of the files that passed alone. */
  readonly flaky: readonly FileOutcome[];
  /** The outcomes that count: the second where there is one. */
  readonly counted: readonly FileOutcome[];
  /** Whether there was a second run. */
  readonly secondRun: boolean;
  readonly ok: boolean;
}

/** Runs the failed files once more, one after the other, and says what counts. @param onOutcome called after each */
export async function runAgain(
  failures: readonly FailedFile[],
  onOutcome: (outcome: FileOutcome) => void,
): Promise<Verdict> {
  const secondRun = failures.length <= MOST_AGAIN && failures.some(({ again }) => again);
  const failed: FileOutcome[] = [];
  const flaky: FileOutcome[] = [];
  const counted: FileOutcome[] = [];
  for (const { first, again } of failures) {
    const second = secondRun ? await again?.() : undefined;
    if (second) onOutcome(second);
    counted.push(second ?? first);
    if (second?.failures.length === 0) flaky.push(first);
    else failed.push(second ?? first);
  }
  return { failed, flaky, counted, secondRun, ok: failed.length === 0 && flaky.length <= MOST_FLAKY };
}

/** The last lines of a check: which tests failed, where and why, and what passed on its second run. */
export function describeVerdict({ failed, flaky, secondRun }: Verdict): string[] {
  const lines: string[] = [];
  const count = (files: readonly FileOutcome[]): string => `${files.length} file${files.length === 1 ? '' : 's'}`;
  if (failed.length > 0) {
    lines.push('', `FAILED: ${count(failed)}`);
    const all = failed.flatMap(({ file, failures }) => failures.map((failure) => ({ file, ...failure })));
    for (const [i, { file, name, lines: what }] of all.entries())
      lines.push(`✖ ${file}: ${name}`, ...(i < SHOWN_IN_FULL ? what.map((line) => `    ${line}`) : []));
  }
  if (flaky.length > 0) {
    lines.push(
      '',
      `FLAKY: ${count(flaky)} did not pass beside the others, and passed alone. Mend them (CONTRIBUTING.md, "Flaky tests").`,
    );
    for (const { file, failures } of flaky)
      for (const { name, lines: what } of failures)
        lines.push(`FLAKY ${file}: ${name}`, ...what.map((line) => `    ${line}`));
    if (flaky.length > MOST_FLAKY) lines.push(`At most ${MOST_FLAKY} files may pass that way: this run does not.`);
  }
  if (secondRun) lines.push('', `failed under load, passed alone: ${flaky.length}`, `failed twice: ${failed.length}`);
  return lines;
}
