// Samples on their way from the thread that measured them: columns, not objects.
import type { FailureSample } from './failure-sample.ts';
import type { MetricDescription } from './metric.ts';
import type { SpanBatch } from './span-batch.ts';

/** A series that a batch mentions for the first time. */
export interface SeriesDescription {
  /**
   * What the sending thread calls the series. Numbers from {@link TRANSIENT_SERIES} on hold for this batch only and are given
   * again in the next one.
   */
  readonly id: number;
  readonly metric: MetricDescription;
  /** Key, value, key, value… */
  readonly tags: readonly string[];
}

/** Each thread's series beyond this number are described anew in every batch, so that neither side has to keep them. */
export const TRANSIENT_SERIES = 100_000;

/** Whose failures are told apart. */
export type Protocol =
  | 'http'
  | 'grpc'
  | 'grpc-connect'
  | 'websocket'
  | 'dns'
  | 'dns-lookup'
  | 'redis'
  | 'sql'
  | 'tcp'
  | 'tls'
  | 'icmp'
  | 'mqtt'
  | 'sse'
  | 'ssh'
  | 'ssh-connect';

/** What tags cannot say of a failure, since each distinct text would be a series of its own: the first failures of each code. */
export interface FailureNote {
  readonly protocol: Protocol;
  readonly code: number;
  /** The whole message; empty where the tags say all of it. */
  readonly text: string;
  /** Where our own code broke (1001); empty otherwise. */
  readonly stack: string;
  /** The failure kept whole; missing where the option `failureSamples` is 0. */
  readonly sample?: FailureSample;
}

/** Structured-cloneable; the buffers of the columns can be transferred. */
export interface SampleBatch {
  readonly series: readonly SeriesDescription[];
  /** Which series, sample by sample. */
  readonly ids: Uint32Array;
  readonly values: Float64Array;
  /** Milliseconds since the epoch, with fractions. */
  readonly times: Float64Array;
  readonly count: number;
  /** Examples of failures, the first few of each code in a thread. Missing where there are none. */
  readonly notes?: readonly FailureNote[];
  /** Missing where there are none. */
  readonly spans?: SpanBatch;
  /** Which of `sets` (from 1; 0: none) each sample carries. Missing where no sample has metadata. */
  readonly metadata?: { readonly ids: Uint32Array; readonly sets: readonly (readonly (readonly [string, string])[])[] };
}
