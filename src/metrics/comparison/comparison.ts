// What a comparison of runs says: plain data, for browsers too.
import type { MetricContains } from '../metric.ts';
import type { RowDescription } from '../timeline/live-row.ts';

/** What a value is, and so what more of it means: `time` slower, `failures` and `checks` worse (of checks the failed ones), `value` nothing. */
export type ComparedKind = 'time' | 'failures' | 'checks' | 'value';

export interface ComparedValue {
  /** A row of the timeline, or null: a metric as a whole. */
  readonly row: Pick<RowDescription, 'kind' | 'protocol' | 'method' | 'name'> | null;
  /** As thresholds name it: the metric, and the statistic of it. */
  readonly metric: string;
  readonly statistic: string;
  readonly kind: ComparedKind;
  readonly contains: MetricContains;
  /** Of the earlier runs on average, and of this one; in ms, shares from 0 to 1, or what the metric has. */
  readonly before: number;
  readonly after: number;
  /** `relative`: 0.05 is 5 % more. `absolute`: of shares, 0.01 is one percentage point. */
  readonly scale: 'relative' | 'absolute';
  readonly change: number;
  /** Where the true change lies, for 95 of 100 comparisons; null where nothing says how much it varies. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: 'more' | 'less' | 'same' | 'undecided';
}

export interface ComparedLoad {
  readonly protocol: string;
  /** Requests a second. */
  readonly before: number;
  readonly after: number;
}

export interface Comparison {
  /** `batches`: by what varies within the runs. `runs`: by what varies between the earlier ones too. */
  readonly method: 'batches' | 'runs';
  /** Ms since the start; null where the runs have too little of the same load in common. */
  readonly stretch: { readonly fromMs: number; readonly toMs: number } | null;
  readonly loads: readonly ComparedLoad[];
  /** Of whole protocols and metrics, then of endpoints. */
  readonly values: readonly ComparedValue[];
  /** Endpoints that only this run has, and those that only earlier ones have. */
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
}

/** A twentieth more or less is of no relevance. */
const RELEVANT = 0.05;
/** Nor is one more failure in a thousand requests. */
const RELEVANT_SHARE = 0.001;

/** @returns the greatest change of a value that nobody minds, by its scale */
export function marginOf({ scale, before }: Pick<ComparedValue, 'scale' | 'before'>): number {
  return scale === 'relative' ? RELEVANT : Math.max(RELEVANT_SHARE, RELEVANT * before);
}
