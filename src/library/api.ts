// What `import { run } from 'sixfold'` gives, as types that stand alone: they are published as they are.
import type { Options } from './config.ts';

/** What to run, and how. */
export interface RunOptions {
  /** A path of a script or an archive. Either this or `source`. */
  readonly script?: string;
  /** The text of a script; its relative imports start from the working folder. */
  readonly source?: string;
  /** Options as in a script's `options`; they go before the script's own and all other sources. */
  readonly options?: Options;
  /** `__ENV`: only these, not the variables of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Threads that make load; missing: one per core, or one where the test is too small to gain from more. */
  readonly workers?: number;
  /** Leaves all thresholds out. */
  readonly noThresholds?: boolean;
  /** Makes a test fail that did not do what it was there for: every iteration failed, a threshold without samples … */
  readonly strict?: boolean;
  /** Cuts the run short: teardown still comes, the result says so (exit code 105). */
  readonly signal?: AbortSignal;
  /** Hears of what happens, as it happens. What it throws ends the run, and rejects its result. */
  readonly onEvent?: (event: RunEvent) => void;
}

export type RunState = 'loading' | 'initialising' | 'paused' | 'setup' | 'running' | 'teardown' | 'ended';

/** A moment of a run; one comes each second. */
export interface Progress {
  readonly state: RunState;
  readonly isPaused: boolean;
  /** Ms since setup began, without pauses. */
  readonly elapsedMs: number;
  readonly activeVus: number;
  readonly initialisedVus: number;
  /** Iterations by how they ended; failed ones are completed too. */
  readonly completed: number;
  readonly interrupted: number;
  readonly failed: number;
}

export type RunEvent =
  | { readonly type: 'state'; readonly state: RunState }
  | { readonly type: 'progress'; readonly progress: Progress }
  | {
      readonly type: 'log';
      readonly level: 'error' | 'warning' | 'info' | 'debug';
      readonly message: string;
      /** `source: 'console'` for what the script prints, and others. */
      readonly fields: Readonly<Record<string, string>>;
      readonly time: Date;
    }
  /** Thresholds that are crossed at the moment, by the keys of their metrics. */
  | { readonly type: 'verdicts'; readonly crossed: readonly string[] }
  | { readonly type: 'end'; readonly result: TestResult };

export interface ThresholdResult {
  /** The key of the metric or submetric, as the options have it. */
  readonly metric: string;
  /** As the options have it: `p(95)<500`. */
  readonly source: string;
  readonly ok: boolean;
  /** What was compared; undefined: there was nothing to compare. */
  readonly value: number | undefined;
}

export interface MetricResult {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly contains: 'default' | 'time' | 'data';
  /** By k6's names: count and rate; value, min and max; rate, passes and fails; the statistics of a trend, `p(95)` among them. */
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds: readonly ThresholdResult[];
}

export interface CheckResult {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** Failures of one kind, by the code of the reference. */
export interface FailureResult {
  /** `http`, `grpc`, `websocket` … */
  readonly protocol: string;
  readonly code: number;
  /** The code's name, such as `connection_refused`. */
  readonly name: string;
  readonly count: number;
  /** Of all requests of the protocol, failed or not. */
  readonly total: number;
  /** Where it happened most. */
  readonly where: readonly { readonly name: string; readonly count: number }[];
  /** The text of one of them. */
  readonly message: string;
}

/** How a test went. */
export interface TestResult {
  /** Whether the exit code is 0. */
  readonly passed: boolean;
  /** What `sixfold run` would end with. */
  readonly exitCode: number;
  /** What ended it short or made it fail, a sentence; null where it passed. */
  readonly reason: string | null;
  readonly durationMs: number;
  /** What setup returned. */
  readonly setupData: unknown;
  readonly iterations: {
    readonly completed: number;
    readonly interrupted: number;
    readonly failed: number;
    /** What the first failed one threw, with its position. */
    readonly firstFailure: string | null;
  };
  /** By name; submetrics by the keys of their thresholds. */
  readonly metrics: Readonly<Record<string, MetricResult>>;
  readonly checks: readonly CheckResult[];
  readonly thresholds: readonly ThresholdResult[];
  readonly failures: readonly FailureResult[];
  /** What a reader must know before any number, a sentence each. */
  readonly concerns: readonly string[];
}

/** A test that runs. Awaited it is its result; iterated, its events. */
export interface RunningTest extends PromiseLike<TestResult>, AsyncIterable<RunEvent> {
  /** Rejects for what is wrong before any load, with an error that has an `exitCode`. */
  readonly result: Promise<TestResult>;
  /** The test at the moment. */
  readonly progress: Progress;
  /** Lets the scenarios stand still. @throws Error where nothing runs that could */
  pause(): void;
  /** @throws Error where it is not paused */
  resume(): void;
  /** Changes the virtual users of an externally controlled scenario. @throws Error where there is none */
  scale(change: { readonly vus?: number; readonly maxVus?: number }): void;
  /** Cuts it short: teardown still comes. */
  stop(): void;
}

/** Starts a test in this process, which needs Node 26 or later. Nothing is printed. */
export declare function run(options: RunOptions): RunningTest;
