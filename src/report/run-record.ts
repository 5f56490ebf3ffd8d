// What a page, a report and the history know of a run beside its timeline: plain JSON, without secrets. Types alone, for browsers too.

import type { FailureSample } from '../metrics/failure-sample.ts';
import type { MetricContains, MetricType } from '../metrics/metric.ts';
import type { RowDescription } from '../metrics/timeline/live-row.ts';
import type { AgentRecord } from './agent-record.ts';
import type { ComparisonRecord } from './comparison-record.ts';
import type { SegmentRecord } from './segment-record.ts';

/** Goes up when an older page could no longer show it. */
export const RECORD_FORMAT = 1;

export interface ThresholdRecord {
  /** The metric's name, or the literal key of a submetric. */
  readonly key: string;
  readonly metric: string;
  /** `key:value` of what a submetric selects by. */
  readonly tags: readonly string[];
  readonly source: string;
  readonly aggregation: string;
  readonly operator: string;
  readonly limit: number;
  readonly ok: boolean;
  /** null: there was nothing to judge. */
  readonly value: number | null;
  readonly type: MetricType;
  readonly contains: MetricContains;
}

export interface MetricRecord {
  readonly key: string;
  readonly type: MetricType;
  readonly contains: MetricContains;
  readonly isCustom: boolean;
  /** By k6's names. */
  readonly values: Readonly<Record<string, number>>;
}

export interface CheckRecord {
  /** Names from the outermost group on; empty outside of groups. */
  readonly group: readonly string[];
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** A failure of a code, with what the catalogue says of it. */
export interface FailureRecord {
  readonly protocol: string;
  readonly code: number;
  /** Empty: the catalogue does not have the code. */
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly producedBy: string;
  readonly retry: string;
  readonly retryAdvice: string;
  readonly look: string;
  readonly count: number;
  /** Requests of the protocol, failed or not. */
  readonly total: number;
  readonly names: readonly { readonly name: string; readonly count: number }[];
  /** The text of one of them; may be empty. */
  readonly message: string;
  readonly stack: string;
  /** The first of them, kept whole; missing in records of older versions. */
  readonly samples?: readonly FailureSample[];
}

/** How a load worker was doing; shares are 0 to 1. */
export interface HealthRecord {
  readonly durationMs: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly busyShare: number;
  readonly cpuShare: number;
  readonly gcShare: number;
}

/** A row of the timeline: what it is about, and totals over the run. */
export interface RowRecord extends RowDescription {
  readonly maxMs: number;
  readonly codes: readonly (readonly [code: number, count: number])[];
  readonly statuses: readonly (readonly [status: string, count: number])[];
  readonly tags: readonly (readonly [key: string, values: readonly string[]])[];
}

export interface RunRecord {
  readonly format: number;
  readonly id: string;
  /** Of Sixfold. */
  readonly version: string;
  readonly script: string;
  /** The same for runs of the same script with the same options; missing in older records. */
  readonly fingerprint?: string;
  readonly startedAtMs: number;
  /** So far, or of the whole run. */
  readonly durationMs: number;
  /** null: the work and not the time decides. */
  readonly plannedMs: number | null;
  /** Ms at which the plan goes from one stage or scenario to the next. */
  readonly marks: readonly number[];
  readonly state: string;
  readonly isPaused: boolean;
  /** null: it is not over. */
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly host: { readonly name: string; readonly cores: number; readonly workers: number; readonly node: string };
  readonly tags: readonly (readonly [string, string])[];
  readonly scenarios: readonly { readonly name: string; readonly description: string; readonly progress: string }[];
  /** Whether some scenario's virtual users can be changed from outside. */
  readonly isScalable: boolean;
  readonly thresholds: readonly ThresholdRecord[];
  readonly metrics: readonly MetricRecord[];
  readonly checks: readonly CheckRecord[];
  readonly failures: readonly FailureRecord[];
  readonly iterations: {
    readonly completed: number;
    readonly interrupted: number;
    readonly failed: number;
    readonly firstFailure: string | null;
  };
  /** With earlier runs; missing where there were none. */
  readonly comparison?: ComparisonRecord;
  /** What must be known before any number. */
  readonly concerns: readonly string[];
  /** Machines that make the load; missing where one does by itself. */
  readonly agents?: readonly AgentRecord[];
  /** Of a run of one execution segment that is over: what it is put together with the others from. */
  readonly segment?: SegmentRecord;
  readonly generator: {
    readonly isBottleneck: boolean;
    /** What was seen and what to do; empty where all was well. */
    readonly text: string;
    /** Per worker; empty before the end. */
    readonly health: readonly HealthRecord[];
  };
  readonly timeline: {
    readonly rows: readonly RowRecord[];
    readonly codes: readonly { readonly protocol: string; readonly code: number }[];
    /** Endpoints that were put together since there were too many. */
    readonly folded: number;
    readonly hasMerged: boolean;
  };
}
