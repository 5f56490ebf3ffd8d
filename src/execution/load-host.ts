// Where load runs, as the control plane sees it: a thread of this process, or something farther away that behaves the same.
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { InstanceCounts } from '../vu/environment.ts';
import type { Pauses } from './clock.ts';
import type { Command, LoadEvent, Reply, ReplyTo, Step } from './worker-protocol.ts';

/** How long a host may take to react to a stop or to end when its time is over, in ms, before it is ended. */
export const DEFAULT_PATIENCE_MS = 10_000;

/** What is said of a worker that hears nothing any more: only a script's own code can keep it from that. */
export function stuckError(): ExitError {
  return new ExitError(
    EXIT.internalError,
    'a load worker was ended, its last samples are lost: the script does not give back control, ' +
      'some of its code runs without end and makes no blocking call',
  );
}

/** A step that takes too long. */
export interface StepLimit {
  /** Time of the run, without its pauses, in ms. */
  readonly timeoutMs: number;
  late(): ExitError;
  /** Whether a host that is late is ended, rather than stopped: it had its time to react. */
  readonly endsHost?: boolean;
}

/** One place where load runs. Its steps are asked for one at a time, but for those that may come beside the scenarios. */
export interface LoadHost {
  /** False once it has ended, by itself or not: nothing can be asked of it any more. */
  readonly alive: boolean;
  /**
   * Has it do a step.
   * @returns its reply, which may be a failure; null when a stop cut the step short
   * @throws what `limit.late` makes when it takes too long; ExitError when the host dies
   */
  ask<S extends Step>(step: S, limit?: StepLimit): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null>;
  /**
   * Tells it something that takes effect at once, whatever step is in progress. A pause and its end are told to the counts of the run, too,
   * which is where hosts hear of them that have a record of the run in common. After `stop` init code and setup end without a reply,
   * scenarios with their usual one; a host that does not react is ended.
   */
  tell(command: Command): void;
  /** Ends it, once what it said is heard. */
  exit(): Promise<void>;
}

/** Hears what a host says beside its replies. */
export type LoadListener = (event: LoadEvent) => void;

/** Counts over all hosts of a run. */
export interface RunCounts extends InstanceCounts {
  /** Those that an exception ended; they are completed too. */
  readonly iterationsFailed: number;
  /** Lines of the log that were left out, since nobody read them fast enough. */
  readonly lostLogLines: number;
  /** Marks the moment at which the run begins, with setup. @param epochMs ms since the epoch */
  start(epochMs: number): void;
  /** Stops the time of the run, or lets it go on. */
  pause(): void;
  resume(): void;
  /** Gives back the room of lines of the log that have been written. @param octets by `sizeOfLogLine` */
  releaseLog(octets: number): void;
}

/** What is done when one of several instances is lost: the others go on, the test ends, or a spare one takes its share over. */
export type LossPolicy = 'continue' | 'stop' | 'replace';

/** What there is to do for who takes over the share of a host that is lost. */
export interface Remainder {
  /** How many scenarios somebody else can go on with. */
  readonly left: number;
  /** Names of those that nobody can. */
  readonly broken: readonly string[];
}

/** Who takes a share over. */
export interface Replacement {
  readonly host: LoadHost;
  /** Names of scenarios that it cannot go on with. */
  readonly broken: readonly string[];
}

/** The places where the load of one run is made, as they come into being. */
export interface LoadHosts {
  readonly counts: RunCounts;
  /** Whether each is an instance with a segment of its own, rather than a part of this one. */
  readonly areInstances?: boolean;
  /** What the order to start needs on its way, in ms: so that all begin at the same moment. */
  readonly startLeadMs?: number;
  /** How long one may take to end when its time is over, in ms; missing: as long as a thread. */
  readonly patienceMs?: number;
  /** When the run began, in ms since the epoch, where somebody else has led it before; null: it has not. */
  readonly begunAtMs?: number | null;
  /** When its scenarios began, in ms since the epoch and without the pauses since, where somebody else has led it to there; null: they have not. */
  readonly startedAtMs?: number | null;
  /** How it has stood still, where somebody else has led it; missing: it has not. */
  readonly pauses?: Pauses;
  /** Starts one more. @param index its position; the first one, 0, also runs setup */
  start(index: number, listener: LoadListener): LoadHost;
  /** How much of the load falls to a host, as people are to read it: `1/4`; missing: to each as much. */
  shareOf?(host: LoadHost): string;
  /**
   * Starts one that is to take over the share of one that is gone, where something is left to do, or somebody who led the run before had it
   * done: what was left then counts.
   * @returns null, or missing: there is none that could
   */
  replace?(lost: LoadHost, listener: LoadListener, remainder: Remainder): Replacement | null;
  /** What makes the summary, where that is none of the places of load; null, or missing: one of them does. */
  readonly reader?: LoadHost | null;
}
