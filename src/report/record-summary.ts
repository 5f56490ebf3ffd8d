// A record as the data of a summary: so that a run that is kept is shown as it was at its end.
import type { Protocol } from '../metrics/sample-batch.ts';
import { type MetricSelector, parseSelector } from '../metrics/submetric.ts';
import type { MetricRecord, RunRecord } from './run-record.ts';
import type { MetricSummary, Summary } from './summary.ts';

/** What trends are shown with, as a summary does by default. */
export const SHOWN_STATS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

export function summariseRecord(record: RunRecord): Summary {
  const { checks, failures, iterations, concerns, generator, comparison } = record;
  const byName = new Map<string, { name: string; passes: number; fails: number }>();
  for (const { name, passes, fails } of checks) {
    const known = byName.get(name) ?? { name, passes: 0, fails: 0 };
    byName.set(name, { name, passes: known.passes + passes, fails: known.fails + fails });
  }
  return {
    meta: {
      durationMs: record.durationMs,
      trendStats: SHOWN_STATS,
      timeUnit: null,
      noColor: false,
      isStdoutTty: false,
      isStderrTty: false,
      generatorNote: generator.text,
      iterations,
      // Which of them were grave is not kept: all are shown as such.
      concerns: concerns.map((text) => ({ kind: 'failed-iterations', text, isGrave: true })),
      comparison: comparison ?? null,
    },
    metrics: record.metrics.map((metric) => toMetricSummary(metric, record)),
    checks: [...byName.values()],
    rootGroup: { name: '', path: '', id: '', groups: [], checks: [] },
    sections: [],
    failures: failures.map((failure) => ({
      ...failure,
      protocol: failure.protocol as Protocol,
      samples: failure.samples ?? [],
    })),
  };
}

function toMetricSummary({ key, type, contains, values }: MetricRecord, { thresholds }: RunRecord): MetricSummary {
  const { metric: name, tags } = selectorOf(key);
  const own = thresholds.filter((threshold) => threshold.key === key);
  return {
    key,
    name,
    type,
    contains,
    tags,
    values,
    thresholds: own.map(({ source, aggregation, ok, value }) => ({
      source,
      aggregation,
      ok,
      value: value ?? undefined,
    })),
  };
}

/** @returns what a key selects; one that cannot be read, of a record of somebody else's, is a name */
function selectorOf(key: string): MetricSelector {
  try {
    return parseSelector(key);
  } catch {
    return { metric: key, tags: [] };
  }
}
