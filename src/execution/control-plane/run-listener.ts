// What is heard of a run while it goes on.
import type { SampleReport } from '../../metrics/reports/sample-report.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { LogLevel } from '../../vu/environment.ts';

/** `paused` is what waits to be resumed before setup; a pause of what runs is no state of its own. */
export type RunState = 'loading' | 'initialising' | 'paused' | 'setup' | 'running' | 'teardown' | 'ended';

/** Hears what happens in a run. */
export interface RunListener {
  /** @param source which host's series the batch speaks of, from 1 on: there may be more hosts in the middle of a run */
  onSamples(batch: SampleBatch, source: number): void;
  /** @param source which host's series the report speaks of, from 1 on */
  onReport?(report: SampleReport, source: number): void;
  onLog(level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void;
  onState?(state: RunState): void;
}
