// A run that can be steered: what terminals, servers and other machines may ask of it.
import type { GroupNode } from '../metrics/check-tally.ts';
import type { ObservedMetric } from '../metrics/metrics-engine.ts';
import type { AgentRecord } from '../report/agent-record.ts';

/** The numbers of k6's states (k6 page "REST API"). */
export const STATUS = {
  created: 0,
  initialisingVus: 1,
  initialisingExecutors: 2,
  initialised: 3,
  pausedBeforeRun: 4,
  started: 5,
  setup: 6,
  running: 7,
  teardown: 8,
  ended: 9,
  interrupted: 10,
  markedFailed: 11,
} as const;

export interface RunStatus {
  /** One of {@link STATUS}. */
  readonly status: number;
  readonly isPaused: boolean;
  /** Virtual users that have an iteration in progress or wait for their next one. */
  readonly vus: number;
  readonly vusMax: number;
  /** Whether somebody or something has cut the run short. */
  readonly isStopped: boolean;
  readonly isRunning: boolean;
  /** Whether a threshold is crossed at the moment. */
  readonly isTainted: boolean;
}

/** A command that cannot be carried out now, and why. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  /** `invalid`: never with these values; `impossible`: not in this run, or not in its present state. */
  readonly kind: 'invalid' | 'impossible';

  constructor(kind: ControlError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface RunControl {
  status(): RunStatus;
  /** Machines that make the load; empty where this one does. */
  agents(): readonly AgentRecord[];
  /** Metrics with samples or thresholds, submetrics among them; empty before the options are known. */
  metrics(): readonly ObservedMetric[];
  /** Ms that rates are per. */
  readonly elapsedMs: number;
  /** Statistics that trends are shown with. */
  readonly trendStats: readonly string[];
  /** The root of all groups, with their checks; null before the options are known. */
  groups(): GroupNode | null;
  /** JSON text, without secrets; undefined: none. */
  readonly setupData: string | undefined;
  /** @throws ControlError for text that is no JSON */
  replaceSetupData(json: string): void;
  /** Runs setup; what it returns is the setup data from now on. @throws ControlError, ExitError where it fails */
  setup(): Promise<void>;
  /** @throws ControlError, ExitError where it fails */
  teardown(): Promise<void>;
  /** Lets the scenarios stand still. @throws ControlError where nothing runs that could */
  pause(): void;
  /** Lets go on what is paused. @throws ControlError where nothing is */
  resume(): void;
  /**
   * Changes the virtual users of the externally controlled scenario.
   * @throws ControlError where there is none, and for numbers that make no sense
   */
  scale(change: { readonly vus?: number; readonly maxVus?: number }): void;
  /** Cuts the run short, with 103; teardown and the summary still come. */
  stop(): void;
}
