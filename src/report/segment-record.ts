// What a run of one execution segment keeps beside its record, so that it can be put together with the others of its test: all that it has measured,
// second by second. Types alone.
import type { ScenarioConfig } from '../options/scenario-config.ts';

export interface SegmentRecord {
  readonly segment: string;
  /** Empty: the segments are what the others have. */
  readonly sequence: string;
  /** The same for all segments of one test. */
  readonly test: string;
  readonly thresholds: Readonly<Record<string, readonly unknown[]>>;
  readonly systemTags: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly scenarios: readonly ScenarioConfig[];
  readonly plannedMs: number | null;
  /** Encoded reports (report-codec.ts) in base64, in their order. */
  readonly reports: readonly string[];
}
