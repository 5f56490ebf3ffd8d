// The statistics of a trend by the names that thresholds and `summaryTrendStats` call them.
import type { TrendSink } from './trend-sink.ts';

const PERCENTILE = /^p\(\s*(\d+(?:\.\d*)?|\.\d+)\s*\)$/;

const NAMED: Readonly<Record<string, (sink: TrendSink) => number>> = {
  avg: (sink) => sink.avg,
  min: (sink) => sink.min,
  med: (sink) => sink.percentile(50),
  max: (sink) => sink.max,
  count: (sink) => sink.count,
  sum: (sink) => sink.sum,
};

/** @returns the N of `p(N)` where that is what the name says and N is 0 to 100 */
export function parsePercentile(name: string): number | undefined {
  const percent = PERCENTILE.exec(name)?.[1];
  return percent !== undefined && Number(percent) <= 100 ? Number(percent) : undefined;
}

/**
 * @param name `avg`, `min`, `med`, `max`, `count`, `sum` or `p(N)`
 * @returns undefined for another name
 */
export function trendStat(name: string): ((sink: TrendSink) => number) | undefined {
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const percent = parsePercentile(name);
  return percent === undefined ? undefined : (sink) => sink.percentile(percent);
}
