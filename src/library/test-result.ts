// A run's result as the library gives it: plain data by names that a test can ask for.
import { findCode } from '../codes/catalogue.ts';
import { buildSummary } from '../report/summary.ts';
import type { RunResult } from '../run/run-observer.ts';
import type { TestResult, ThresholdResult } from './api.ts';

/** Statistics of trends beside those that the options ask for. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'];

export function toTestResult(result: RunResult): TestResult {
  const { exitCode, reason, durationMs, setupData, iterations, concerns, options, engine } = result;
  const summary = buildSummary(engine, {
    durationMs,
    trendStats: [...new Set([...options.summaryTrendStats, ...TREND_STATS])],
    timeUnit: null,
    noColor: true,
    isStdoutTty: false,
    isStderrTty: false,
    iterations,
  });
  const metrics = summary.metrics.map(({ key, type, contains, values, thresholds }) => ({
    key,
    metric: {
      type,
      contains,
      values,
      thresholds: thresholds.map(({ source, ok, value }): ThresholdResult => ({ metric: key, source, ok, value })),
    },
  }));
  return {
    passed: exitCode === 0,
    exitCode,
    reason,
    durationMs,
    setupData,
    iterations,
    metrics: Object.fromEntries(metrics.map(({ key, metric }) => [key, metric])),
    checks: summary.checks.map(({ name, passes, fails }) => ({ name, passes, fails })),
    thresholds: metrics.flatMap(({ metric }) => metric.thresholds),
    failures: summary.failures.map(({ protocol, code, count, total, names, message }) => ({
      protocol,
      code,
      name: findCode(code)?.name ?? 'unknown',
      count,
      total,
      where: names,
      message,
    })),
    concerns: concerns.map(({ text }) => text),
  };
}
