// Samples on their way from one thread to another: columns, and descriptions of the series that are new.
import type { MetricContains, MetricType } from './metric.ts';

/** A series: one metric with one set of tags. */
export interface SeriesDescription {
  /** Number within the thread that wrote the batch; they come without gaps, from 0. */
  readonly id: number;
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: MetricContains;
  /** Sorted by key. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** Structured-cloneable; its buffers can be transferred. */
export interface SampleBatch {
  /** Series that occur for the first time. */
  readonly series: readonly SeriesDescription[];
  /** Of the columns, this many entries count. */
  readonly count: number;
  readonly ids: Uint32Array;
  readonly values: Float64Array;
  /** Epoch milliseconds with fractions. */
  readonly times: Float64Array;
}
