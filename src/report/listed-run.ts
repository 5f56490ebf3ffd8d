// A run as lists have it, and what it came to in a word. For browsers too.
import type { Headline } from './headline.ts';

export interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly seenAtMs: number;
  readonly state: 'running' | 'ended' | 'lost';
  readonly exitCode: number | null;
  readonly isPinned: boolean;
  readonly headline: Headline | null;
}

/** `passed`, `2 of 7 thresholds crossed`, `exit code 107`, `running`, `lost`. */
export function describeResult({
  state,
  exitCode,
  headline,
}: Pick<ListedRun, 'state' | 'exitCode' | 'headline'>): string {
  if (state === 'running') return 'running';
  if (state === 'lost') return 'lost: it ended without a word';
  if (headline !== null && headline.crossed > 0)
    return `${headline.crossed} of ${headline.thresholds} ${headline.thresholds === 1 ? 'threshold' : 'thresholds'} crossed`;
  if (exitCode !== 0) return exitCode === null ? 'not finished' : `exit code ${exitCode}`;
  return headline !== null && headline.thresholds > 0 ? 'passed' : 'finished';
}
