// For tests: a run without a request, as it is kept; what a test is about is set over it.
import { RECORD_FORMAT, type RunRecord } from './run-record.ts';

export function bareRecord(change: Partial<RunRecord>): RunRecord {
  return {
    format: RECORD_FORMAT,
    id: 'r',
    version: '1',
    script: 'script.js',
    startedAtMs: 0,
    durationMs: 0,
    plannedMs: null,
    marks: [],
    state: 'ended',
    isPaused: false,
    exitCode: 0,
    reason: null,
    host: { name: 'elsewhere', cores: 1, workers: 1, node: '26' },
    tags: [],
    scenarios: [],
    isScalable: false,
    thresholds: [],
    metrics: [],
    checks: [],
    failures: [],
    iterations: { completed: 0, interrupted: 0, failed: 0, firstFailure: null },
    concerns: [],
    generator: { isBottleneck: false, text: '', health: [] },
    timeline: { rows: [], codes: [], folded: 0, hasMerged: false },
    ...change,
  };
}
