// Options about what the summary shows.

export const DEFAULT_TREND_STATS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** @throws Error unless all are numbers that a trend's summary can show */
export function checkTrendStats(stats: readonly string[]): void {
  for (const stat of stats) {
    const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat);
    if (percentile ? Number(percentile[1]) <= 100 : ['avg', 'min', 'med', 'max', 'count'].includes(stat)) continue;
    throw new Error(`summaryTrendStats has "${stat}", which is none of avg, min, med, max, count and p(0) to p(100)`);
  }
}

/** @throws Error unless it is a unit of times in the summary */
export function checkTimeUnit(unit: string): void {
  if (!['', 's', 'ms', 'us'].includes(unit))
    throw new Error(`summaryTimeUnit is "${unit}", which is none of s, ms and us`);
}
