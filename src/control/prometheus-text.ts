// The metrics of a run in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
import type { ObservedMetric } from '../metrics/metrics-engine.ts';
import { trendStat } from '../metrics/sinks/trend-stat.ts';
import type { RunControl } from '../run/run-control.ts';

/** Of trends. */
const QUANTILES = [0.5, 0.9, 0.95, 0.99];

/** @returns a page that a Prometheus server can scrape: `sixfold_` before each name, submetrics by their tags */
export function renderPrometheusText(run: RunControl): string {
  const { vus, vusMax } = run.status();
  const lines = [
    '# HELP sixfold_active_vus Virtual users at work.',
    '# TYPE sixfold_active_vus gauge',
    `sixfold_active_vus ${vus}`,
    '# HELP sixfold_initialised_vus Virtual users that there are.',
    '# TYPE sixfold_initialised_vus gauge',
    `sixfold_initialised_vus ${vusMax}`,
  ];
  const described = new Set<string>();
  for (const observed of run.metrics()) lines.push(...renderMetric(observed, described));
  return `${lines.join('\n')}\n`;
}

function renderMetric({ metric, selector, sink }: ObservedMetric, described: Set<string>): string[] {
  const base = `sixfold_${metric.name.replace(/[^a-zA-Z0-9_]/g, '_')}`;
  const tags = selector.tags.map(([key, value]) => `${labelName(key)}="${escapeLabel(value)}"`);
  const labels = (...more: string[]): string => {
    const all = [...tags, ...more];
    return all.length === 0 ? '' : `{${all.join(',')}}`;
  };
  const describe = (name: string, type: string): string[] => {
    if (described.has(name)) return [];
    described.add(name);
    const unit = metric.contains === 'time' ? ' in milliseconds' : metric.contains === 'data' ? ' in bytes' : '';
    return [`# HELP ${name} The ${metric.type} ${metric.name}${unit}.`, `# TYPE ${name} ${type}`];
  };
  switch (sink.type) {
    case 'counter':
      return [...describe(`${base}_total`, 'counter'), `${base}_total${labels()} ${sink.count}`];
    case 'gauge':
      return [...describe(base, 'gauge'), `${base}${labels()} ${sink.value}`];
    case 'rate':
      return [...describe(`${base}_rate`, 'gauge'), `${base}_rate${labels()} ${sink.rate}`];
    case 'trend': {
      const stat = (name: string): number => trendStat(name)?.(sink) ?? 0;
      const count = stat('count');
      return [
        ...describe(base, 'summary'),
        ...QUANTILES.map((q) => `${base}${labels(`quantile="${q}"`)} ${stat(`p(${q * 100})`)}`),
        `${base}_sum${labels()} ${stat('avg') * count}`,
        `${base}_count${labels()} ${count}`,
      ];
    }
  }
}

/** A label begins with no digit. */
function labelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
