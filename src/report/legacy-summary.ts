// The data that handleSummary gets, and what --summary-export writes (k6 page "Custom summary").
import { findCode } from '../codes/catalogue.ts';
import type { FailureCount } from '../metrics/failure-tally.ts';
import type { GroupSummary, MetricSummary, Summary } from './summary.ts';

/** @returns plain JSON data: `root_group`, `options`, `state`, `setup_data` and `metrics` */
export function toLegacyData(summary: Summary): Record<string, unknown> {
  const { meta, metrics, rootGroup } = summary;
  return {
    root_group: rootGroup,
    options: {
      summaryTrendStats: meta.trendStats,
      summaryTimeUnit: meta.timeUnit ?? '',
      noColor: meta.noColor,
    },
    state: {
      isStdOutTTY: meta.isStdoutTty,
      isStdErrTTY: meta.isStderrTty,
      testRunDurationMs: meta.durationMs,
    },
    setup_data: meta.setupData ?? null,
    metrics: Object.fromEntries(metrics.map((metric) => [metric.key, legacyMetric(metric)])),
    ...concernData(summary),
  };
}

/** What is to be known before the numbers, and what failed, where there is something; k6 has no such fields. */
export function concernData({ meta, failures }: Summary): Record<string, unknown> {
  const { iterations, concerns = [], generatorNote = '', comparison = null } = meta;
  return {
    ...(iterations?.failed && {
      iterations_failed: {
        count: iterations.failed,
        rate: iterations.failed / Math.max(iterations.failed, iterations.completed),
        first: iterations.firstFailure,
      },
    }),
    ...(failures.length > 0 && { failures: failures.map(failureData) }),
    ...(concerns.length > 0 && { concerns }),
    ...(comparison !== null && { comparison }),
    ...(generatorNote !== '' && { generator: { bottleneck: true, text: generatorNote } }),
  };
}

function failureData({ protocol, code, count, total, names, message, samples }: FailureCount): Record<string, unknown> {
  return {
    protocol,
    code,
    name: findCode(code)?.name ?? '',
    count,
    total,
    where: names,
    message,
    ...(samples.length > 0 && { samples }),
  };
}

function legacyMetric({ type, contains, values, thresholds }: MetricSummary): Record<string, unknown> {
  return {
    type,
    contains,
    values,
    ...(thresholds.length > 0 && {
      thresholds: Object.fromEntries(thresholds.map(({ source, ok }) => [source, { ok }])),
    }),
  };
}

/** @returns the text of --summary-export: values at the top of each metric, and thresholds true where they failed */
export function exportSummary(summary: Summary): string {
  const data = {
    metrics: Object.fromEntries(summary.metrics.map((metric) => [metric.key, exportedMetric(metric)])),
    root_group: exportedGroup(summary.rootGroup),
    ...(summary.meta.setupData !== undefined && { setup_data: summary.meta.setupData }),
    ...concernData(summary),
  };
  return JSON.stringify(data, null, 4);
}

function exportedMetric({ type, values, thresholds }: MetricSummary): Record<string, unknown> {
  const { rate, ...others } = values;
  return {
    ...(type === 'rate' ? { ...others, value: rate } : values),
    ...(thresholds.length > 0 && {
      thresholds: Object.fromEntries(thresholds.map(({ source, ok }) => [source, !ok])),
    }),
  };
}

function exportedGroup({ name, path, id, groups, checks }: GroupSummary): Record<string, unknown> {
  return {
    name,
    path,
    id,
    groups: Object.fromEntries(groups.map((group) => [group.name, exportedGroup(group)])),
    checks: Object.fromEntries(checks.map((check) => [check.name, check])),
  };
}
