// How a run ends when it does not end well: the exit codes of k6, and the error that carries one.
import { maskWithin } from '../addresses/credentials.ts';

/** Exit codes, k6's own numbers except one (docs/reference/exit-codes.md). */
export const EXIT = {
  ok: 0,
  /** A run of the service that ended without a code of its own. */
  cloudFailed: 97,
  /** The service does not say how its run is getting on. */
  cloudUnreachable: 98,
  thresholdsFailed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  genericTimeout: 102,
  stoppedOverApi: 103,
  invalidConfig: 104,
  interrupted: 105,
  apiUnavailable: 106,
  scriptException: 107,
  scriptAborted: 108,
  internalError: 109,
  markedFailed: 110,
  /** Ours, outside k6's: `--strict`, and the test did not do what it was there for. */
  workNotDone: 120,
  /** Whatever has no code of its own: an unreadable command line, a missing file, an output that cannot start. */
  other: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end of the program with a text for the user and an exit code for whoever called it. */
export class ExitError extends Error {
  readonly exitCode: ExitCode;

  /** @param message says what is wrong and, where it can, what to do; printed without names and passwords of addresses in it */
  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(maskWithin(message), options);
    this.name = 'ExitError';
    this.exitCode = exitCode;
  }
}

/** @returns an error that ends the program with 104: options, environment or config file do not make sense */
export function invalidConfig(message: string): ExitError {
  return new ExitError(EXIT.invalidConfig, message);
}
