// A comparison as records, pages and summaries have it. Types alone, for browsers too.
import type { Comparison } from '../metrics/comparison/comparison.ts';

export interface ComparisonRecord extends Comparison {
  /** What was asked for: `last:5`, `pinned`, the id of a run, the name of a file. */
  readonly baseline: string;
  /** The earlier runs, the latest first. */
  readonly earlier: readonly { readonly id: string; readonly script: string; readonly startedAtMs: number }[];
  /** What is to be known before any of the values, a sentence each. */
  readonly notes: readonly string[];
}
