// What went wrong in a run, and which code that makes: what cut it short goes before what failed in it.
import type { RunEnding } from '../execution/control-plane/run-ending.ts';
import { EXIT, type ExitCode } from '../exit/exit-error.ts';
import type { Concern } from '../report/concern.ts';

interface Judgement {
  /** Keys of metrics whose thresholds are crossed. */
  readonly crossed: readonly string[];
  readonly concerns: readonly Concern[];
  /** Why an observer makes the run fail; null: none does. */
  readonly objection: string | null;
  /** Whether a test that did not do its work has a code of its own. */
  readonly strict: boolean;
}

export interface Conclusion {
  readonly exitCode: ExitCode;
  /** A sentence; null where the code is 0. */
  readonly reason: string | null;
}

/** @returns the exit code, and a sentence where it is not 0 */
export function concludeRun(
  { stop, error, losses, markedFailed }: RunEnding,
  { crossed, concerns, objection, strict }: Judgement,
): Conclusion {
  if (stop) return { exitCode: stop.exitCode, reason: stop.message };
  if (error) return { exitCode: error.exitCode, reason: error.message };
  if (markedFailed) return { exitCode: EXIT.markedFailed, reason: 'test run was marked as failed' };
  if (crossed.length > 0) {
    return {
      exitCode: EXIT.thresholdsFailed,
      reason: `thresholds on metrics '${crossed.join(', ')}' have been crossed`,
    };
  }
  const loss = losses.find(({ isMadeGood }) => !isMadeGood);
  if (loss !== undefined) return { exitCode: EXIT.internalError, reason: loss.text };
  if (objection !== null) return { exitCode: EXIT.thresholdsFailed, reason: objection };
  const [first] = concerns.filter(({ isGrave }) => isGrave);
  return strict && first !== undefined ? workNotDone(first.text) : { exitCode: EXIT.ok, reason: null };
}

/**
 * @param unwritten what was to be left behind of the run and could not be written
 * @returns the conclusion once that is known
 */
export function concludeWriting(conclusion: Conclusion, unwritten: readonly string[], strict: boolean): Conclusion {
  const [first] = unwritten;
  return strict && first !== undefined && conclusion.exitCode === EXIT.ok ? workNotDone(first) : conclusion;
}

function workNotDone(text: string): Conclusion {
  const [sentence] = text.split('\n');
  return { exitCode: EXIT.workNotDone, reason: `--strict: the test did not do its work: ${sentence}` };
}
