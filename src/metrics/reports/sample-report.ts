// What somebody far away has measured since the last time, folded by series: an agent says that once a second, where its threads hand over
// each sample.
import type { FailureNote, SeriesDescription } from '../sample-batch.ts';
import type { SeriesDelta } from '../sinks/series-delta.ts';

export interface SampleReport {
  /** Those that no report has mentioned before; numbers from TRANSIENT_SERIES on hold for this report only. */
  readonly series: readonly SeriesDescription[];
  readonly deltas: readonly { readonly id: number; readonly delta: SeriesDelta }[];
  readonly notes: readonly FailureNote[];
  /** The middle of the time in which it was measured, in ms since the epoch. */
  readonly timeMs: number;
}
