// For tests: what a summary is told of the run itself.
import type { SummaryMeta } from './summary.ts';

export const META: SummaryMeta = {
  durationMs: 2000,
  trendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
  timeUnit: null,
  noColor: true,
  isStdoutTty: false,
  isStderrTty: false,
};

/** Thresholds as the consolidated options hold them. */
export function thresholds(
  given: Record<string, string[]>,
): Record<string, { threshold: string; abortOnFail: boolean; delayAbortEvalMs: number }[]> {
  return Object.fromEntries(
    Object.entries(given).map(([key, list]) => [
      key,
      list.map((threshold) => ({ threshold, abortOnFail: false, delayAbortEvalMs: 0 })),
    ]),
  );
}
