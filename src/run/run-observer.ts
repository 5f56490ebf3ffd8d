// Whoever watches a run: a terminal, an output, a server, a test. Every event is optional.

import type { RunState } from '../execution/control-plane/run-listener.ts';
import type { ExecutorProgress } from '../execution/executor.ts';
import type { GeneratorHealth } from '../execution/generator-health.ts';
import type { ExitCode } from '../exit/exit-error.ts';
import type { Evaluation, MetricsEngine } from '../metrics/metrics-engine.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';
import type { SeriesReceiver } from '../metrics/sinks/sink.ts';
import type { Options } from '../options/options.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import type { AgentRecord } from '../report/agent-record.ts';
import type { Concern, IterationOutcomes } from '../report/concern.ts';
import type { LogLevel } from '../vu/environment.ts';

export interface RunObserver {
  /** How messages name it; missing where it never fails. */
  readonly name?: string;
  /**
   * A line of the log. Load that logs faster than its readers take it has to wait, so a promise holds it up.
   * @param time when it was said
   */
  onLog?(level: LogLevel, message: string, fields: Readonly<Record<string, string>>, time: Date): void | Promise<void>;
  /**
   * What the script is made of: its modules once it is compiled, then also the files that its init code has opened.
   * @param files absolute
   */
  onFiles?(files: readonly string[]): void;
  /** The options are known, and nothing has run yet. What this throws ends the run before any load. */
  onReady?(plan: RunPlan): void | Promise<void>;
  onState?(state: RunState): void;
  /** A series has its first sample. @returns what is to take in its samples too, each at once: cheaper than {@link onBatch} */
  onSeries?(metric: string, tags: Series['tags']): readonly SeriesReceiver[];
  /**
   * Samples have been folded in.
   * @param series of the batch's own source, by the numbers that the batch uses
   */
  onBatch?(batch: SampleBatch, series: readonly Series[]): void;
  /** Once a second, from the start of setup on, and once more at the end. */
  onSnapshot?(snapshot: RunSnapshot): void;
  /** Thresholds have been looked at. */
  onVerdicts?(evaluation: Evaluation): void;
  /** All load is over: what is still held back goes out. What this throws is said to have been lost. */
  onDrain?(): Promise<void>;
  /**
   * All that was measured is there.
   * @returns why the run fails although nothing else makes it fail, a sentence: it ends as if a threshold had been crossed. null: it does not
   */
  onConclude?(): string | null;
  /**
   * The result stands. The run waits for it before it lets go of its threads, so handleSummary can be called.
   * @returns what it was asked to write and could not, which is logged already, a sentence each; nothing: it has written all
   */
  onEnd?(result: RunResult): void | Promise<void> | readonly string[] | Promise<readonly string[]>;
  /** What could not be written has made another result of it. */
  onRevise?(result: RunResult): void;
}

/** What is going to be done. */
export interface RunPlan {
  readonly script: string;
  /** As the workers need them: they may hold secrets. */
  readonly options: Options;
  readonly scenarios: readonly ScenarioConfig[];
  /** The scenarios without secrets. */
  readonly shownScenarios: readonly ScenarioConfig[];
  /** Takes the secrets out of data that the script or its options hold, as far as they are known by now. */
  readonly redact: <T>(data: T) => T;
  /** The same for all runs of this script with these options; tags make no difference. */
  readonly fingerprint: string;
  /** The same for all execution segments of one test. */
  readonly wholeFingerprint: string;
  readonly engine: MetricsEngine;
  /** k6's feature flags that are on. */
  readonly features: readonly string[];
}

/** A moment of a run. */
export interface RunSnapshot {
  readonly state: RunState;
  readonly isPaused: boolean;
  /** Ms since setup began, without pauses. */
  readonly elapsedMs: number;
  readonly activeVus: number;
  readonly initialisedVus: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly failed: number;
  /** How busy the event loop of the busiest worker was in the last moments, 0 to 1. */
  readonly busyShare: number;
  /** Machines that make the load; missing where this one does. */
  readonly agents?: readonly AgentRecord[];
  /** In the order of the scenarios; empty before they begin. */
  readonly scenarios: readonly { readonly config: ScenarioConfig; readonly progress: ExecutorProgress }[];
}

/** How a run went. */
export interface RunResult {
  readonly exitCode: ExitCode;
  /** What ended it short or made it fail, a sentence; null where the exit code is 0. */
  readonly reason: string | null;
  /** From the start of setup to the end of teardown, without pauses. */
  readonly durationMs: number;
  /** What setup returned, in JSON form. */
  readonly setupData: unknown;
  readonly iterations: IterationOutcomes;
  /** Keys of the metrics whose thresholds are crossed. */
  readonly crossed: readonly string[];
  /** What a reader must know before any number. */
  readonly concerns: readonly Concern[];
  readonly health: readonly GeneratorHealth[];
  readonly options: Options;
  /** All metrics, checks, groups, failures and thresholds. */
  readonly engine: MetricsEngine;
  /** The script as it was when the test began; null where it came over standard input, or nobody has asked for it. */
  readonly scriptText: string | null;
}
