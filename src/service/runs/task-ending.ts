// How a task ended that has nothing to show.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { ChildTask, FromChild } from './child-protocol.ts';

/** @param outcome an exit code, or what was thrown */
export function endingOf(outcome: unknown, task: ChildTask | null): Extract<FromChild, { type: 'end' }> {
  const [exitCode, reason] =
    typeof outcome === 'number'
      ? [outcome, null]
      : outcome instanceof ExitError
        ? [outcome.exitCode, outcome.message]
        : [EXIT.internalError, (outcome as Error)?.stack ?? String(outcome)];
  return {
    type: 'end',
    exitCode,
    // Where the files lie here is nobody's business.
    reason: reason === null || task === null ? reason : reason.replaceAll(task.script, task.name),
    record: null,
    headline: null,
    fingerprint: null,
    summary: null,
    summaryData: null,
    files: [],
  };
}
