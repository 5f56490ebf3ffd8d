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
