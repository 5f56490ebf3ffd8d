// How a run ended, as far as that decides its exit code.
import type { ExitCode, ExitError } from '../../exit/exit-error.ts';
import type { GeneratorHealth } from '../generator-health.ts';

/** Why a test ends before its time. */
export interface StopReason {
  readonly exitCode: ExitCode;
  readonly message: string;
}

/** Load that went missing, in a sentence. */
export interface LostLoad {
  readonly text: string;
  /** Whether somebody else has taken all of it over since. */
  readonly isMadeGood: boolean;
}

/**
 * Load that was missing for a while, and was taken over then.
 * @param share how much of the load
 * @param seconds of the test, from when until when
 * @param broken scenarios of which nobody could take over what was left
 */
export function tellGap(
  message: string,
  share: string,
  [from, to]: readonly [number, number],
  broken: readonly string[],
): LostLoad {
  const gap = `${message}; ${share} was missing from second ${from} to ${to} of the test, then it was taken over`;
  if (broken.length === 0) return { text: gap, isMadeGood: true };
  const rest = `but for what was left of "${broken.join('", "')}": a number of iterations cannot be`;
  return { text: `${gap}, ${rest}`, isMadeGood: false };
}

/** How a run went, as far as its exit code is concerned. */
export interface RunEnding {
  /** What cut it short, or null. */
  readonly stop: StopReason | null;
  /** The first thing that failed: setup, teardown, a worker. */
  readonly error: ExitError | null;
  /** Load that went missing while the rest went on: what was measured stands. */
  readonly losses: readonly LostLoad[];
  readonly markedFailed: boolean;
  /** Ms from the start of setup to the end of teardown: what rates in the results are per. */
  readonly durationMs: number;
  /** JSON text of what setup returned, without secrets. */
  readonly setupData: string | undefined;
  /** How each place of load was doing. */
  readonly health: readonly GeneratorHealth[];
}
