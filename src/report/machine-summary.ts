// The form of the summary that --new-machine-readable-summary asks for, schema 1.0.0 (k6 page "Machine-readable summary").
import { concernData } from './legacy-summary.ts';
import type { MetricSummary, Summary } from './summary.ts';

const SCHEMA = '1.0.0';

/**
 * @returns plain JSON data. Its trends have fixed statistics: build the summary with {@link MACHINE_TREND_STATS}
 */
export function toMachineData(summary: Summary): Record<string, unknown> {
  const { meta, metrics, checks } = summary;
  const checkMetric = metrics.find(({ key }) => key === 'checks');
  return {
    version: SCHEMA,
    metadata: {
      generatedAt: (meta.generatedAt ?? new Date()).toISOString(),
      k6Version: meta.version ?? '',
      // Scripts find these two in k6 as objects that say nothing: neither text nor a date.
      generated_at: null,
      k6_version: null,
    },
    config: {
      duration: meta.durationMs / 1000,
      execution: 'local',
      ...(meta.script !== undefined && { script: meta.script }),
    },
    ...concernData(summary),
    results: {
      ...(checkMetric && {
        checks: {
          metrics: checkMetrics(checkMetric),
          results: checks.map(({ name, passes, fails }) => ({ name, passes, fails })),
        },
      }),
      metrics: metrics
        .filter(({ key }) => key !== 'checks')
        .map((metric) => ({
          name: metric.key,
          type: metric.type,
          contains: metric.contains,
          values: machineValues(metric),
        })),
    },
  };
}

/** What the trends of the machine-readable form have. */
export const MACHINE_TREND_STATS: readonly string[] = ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)'];

function machineValues({ type, values }: MetricSummary): Record<string, number> {
  switch (type) {
    case 'counter':
      return { count: values['count'] };
    case 'gauge':
      return { min: values['min'], max: values['max'], value: values['value'] };
    case 'rate':
      return { matches: values['passes'], total: values['passes'] + values['fails'], rate: values['rate'] };
    case 'trend':
      return Object.fromEntries(MACHINE_TREND_STATS.map((name) => [name, values[name]]));
  }
}

function checkMetrics({ values }: MetricSummary): Record<string, unknown>[] {
  const { passes, fails } = values;
  const total = passes + fails;
  const share = (matches: number): Record<string, number> => ({
    matches,
    total,
    rate: total === 0 ? 0 : matches / total,
  });
  return [
    { name: 'checks_total', type: 'counter', contains: 'default', values: { count: total } },
    { name: 'checks_succeeded', type: 'rate', contains: 'default', values: share(passes) },
    { name: 'checks_failed', type: 'rate', contains: 'default', values: share(fails) },
  ];
}
