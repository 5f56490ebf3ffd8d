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

/** @returns the exit code, and a sentence where it is not 0 */
export function concludeRun(
  { stop, error, losses, markedFailed }: RunEnding,
  { crossed, concerns, objection, strict }: Judgement,
): { exitCode: ExitCode; reason: string | null } {
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
  if (strict && first !== undefined) {
    const [sentence] = first.text.split('\n');
    return { exitCode: EXIT.workNotDone, reason: `--strict: the test did not do its work: ${sentence}` };
  }
  return { exitCode: EXIT.ok, reason: null };
}
