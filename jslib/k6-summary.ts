// Summaries for handleSummary(), as k6's users have them from https://jslib.k6.io/k6-summary/
// (https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/).

type Values = Record<string, number>;
interface Metric {
  readonly type: string;
  readonly contains: string;
  readonly values: Values;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}
interface Check {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}
interface Group {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly checks: readonly Check[];
}

/** What handleSummary() is given. */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly root_group: Group;
  readonly options?: { readonly summaryTrendStats?: readonly string[]; readonly summaryTimeUnit?: string };
  readonly state?: { readonly testRunDurationMs?: number };
}

export interface TextOptions {
  /** Stands before each line. */
  indent?: string;
  /** Escape sequences for terminals. */
  enableColors?: boolean;
  summaryTimeUnit?: string;
  summaryTrendStats?: readonly string[];
}

const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const COLORS = { none: '', bold: '1', faint: '2', red: '31', green: '32', cyan: '36' } as const;
type Paint = (text: string, color: keyof typeof COLORS) => string;

const FIXED: Readonly<Record<string, readonly [suffix: string, milliseconds: number]>> = {
  s: ['s', 1000],
  ms: ['ms', 1],
  us: ['µs', 0.001],
};

/** At most so many digits behind the point, none of them a 0 at the end. */
const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

function humanizeBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  if (Math.abs(bytes) < 10) return `${trim(bytes, 1)} B`;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.abs(bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[power]}`;
}

function humanizeDuration(milliseconds: number, timeUnit: string | undefined): string {
  const fixed = timeUnit === undefined ? undefined : FIXED[timeUnit];
  if (fixed) return `${(milliseconds / fixed[1]).toFixed(2)}${fixed[0]}`;
  if (milliseconds === 0) return '0s';
  if (milliseconds < 0.001) return `${Math.trunc(milliseconds * 1e6)}ns`;
  if (milliseconds < 1) return `${trim(milliseconds * 1000, 2)}µs`;
  if (milliseconds < 1000) return `${trim(milliseconds, 2)}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${trim(seconds, 2)}s`;
  const rest = `${Math.trunc(seconds / 60) % 60}m${Math.trunc(seconds % 60)}s`;
  return seconds < 3600 ? rest : `${Math.trunc(seconds / 3600)}h${rest}`;
}

/** One number of a metric, in a unit that suits it. */
export function humanizeValue(value: number, metric: Pick<Metric, 'type' | 'contains'>, timeUnit?: string): string {
  if (metric.type === 'rate') return `${(Math.trunc(value * 10_000) / 100).toFixed(2)}%`;
  if (metric.contains === 'data') return humanizeBytes(value);
  if (metric.contains === 'time') return humanizeDuration(value, timeUnit);
  return trim(value, 6);
}

/** The columns of a metric's line. */
function columnsOf(metric: Metric, stats: readonly string[], unit: string | undefined): string[] {
  const { values } = metric;
  const show = (name: string): string => humanizeValue(values[name] ?? 0, metric, unit);
  switch (metric.type) {
    case 'counter':
      return [show('count'), `${show('rate')}/s`];
    case 'gauge':
      return [show('value'), `min=${show('min')}`, `max=${show('max')}`];
    case 'rate':
      return [show('rate'), `${values['passes'] ?? 0} out of ${(values['passes'] ?? 0) + (values['fails'] ?? 0)}`];
    default:
      return stats.map((name) => `${name}=${name === 'count' ? trim(values[name] ?? 0, 0) : show(name)}`);
  }
}

function linesOfGroup(group: Group, indent: string, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { name, passes, fails } of group.checks) {
    if (fails === 0) lines.push(paint(`${indent}✓ ${name}`, 'green'));
    else {
      const percent = Math.floor((100 * passes) / (passes + fails));
      lines.push(paint(`${indent}✗ ${name}`, 'red'));
      lines.push(paint(`${indent} ↳  ${percent}% — ✓ ${passes} / ✗ ${fails}`, 'red'));
    }
  }
  if (group.checks.length > 0) lines.push('');
  for (const inner of group.groups) {
    const found = linesOfGroup(inner, `${indent}  `, paint);
    lines.push(`${indent}█ ${inner.name}`, '', ...found);
  }
  return lines;
}

/** Metrics by name, each followed by what thresholds made of parts of it. */
function sortNames(names: readonly string[]): string[] {
  const base = (name: string): string => name.replace(/\{.*$/s, '');
  return [...names].sort((a, b) => (base(a) === base(b) ? (a < b ? -1 : 1) : base(a) < base(b) ? -1 : 1));
}

/**
 * The summary as text: checks by groups, then all metrics.
 * @param data what handleSummary() is given
 */
export function textSummary(data: SummaryData, options: TextOptions = {}): string {
  const { indent = ' ', enableColors = false } = options;
  const stats = options.summaryTrendStats ?? data.options?.summaryTrendStats ?? TREND_STATS;
  const unit = options.summaryTimeUnit ?? data.options?.summaryTimeUnit;
  const paint: Paint = (text, color) =>
    enableColors && color !== 'none' ? `\x1b[${COLORS[color]}m${text}\x1b[0m` : text;

  const rows = sortNames(Object.keys(data.metrics)).map((name) => {
    const metric = data.metrics[name]!;
    const results = Object.values(metric.thresholds ?? {});
    const part = name.indexOf('{');
    const shown = part < 0 ? name : `  { ${name.slice(part + 1, -1)} }`;
    const mark = results.length === 0 ? ' ' : results.every(({ ok }) => ok) ? '✓' : '✗';
    return { mark, shown, columns: columnsOf(metric, stats, unit), isTrend: metric.type === 'trend' };
  });
  const nameWidth = Math.max(0, ...rows.map(({ shown }) => shown.length)) + 3;
  /** Widths of the columns of trends, and of all other metrics. */
  const widths = [true, false].map((isTrend) => {
    const lists = rows.filter((row) => row.isTrend === isTrend).map(({ columns }) => columns);
    const count = Math.max(0, ...lists.map((list) => list.length));
    return Array.from({ length: count }, (_, i) => Math.max(...lists.map((list) => list[i]?.length ?? 0)));
  }) as [number[], number[]];

  const lines = linesOfGroup(data.root_group, `${indent}    `, paint);
  for (const { mark, shown, columns, isTrend } of rows) {
    const cells = columns.map((cell, i) => {
      const padded = cell.padEnd(widths[isTrend ? 0 : 1][i]!);
      const [, key, value] = /^([\w()., ]+=)(.*)$/s.exec(padded) ?? [];
      if (key !== undefined) return key + paint(value!, 'cyan');
      return i === 0 ? paint(padded, 'cyan') : paint(padded, 'faint');
    });
    const color = mark === '✓' ? 'green' : mark === '✗' ? 'red' : 'none';
    lines.push(
      `${indent}  ${paint(mark, color)} ${shown}${paint('.'.repeat(nameWidth - shown.length), 'faint')}: ${cells.join(' ').trimEnd()}`,
    );
  }
  return lines.join('\n');
}

const escapeXml = (text: string): string =>
  text
    .replace(/[<>&'"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');

/** Thresholds as cases of JUnit. @param options names in the file */
export function jUnit(data: SummaryData, options: { name?: string; classname?: string } = {}): string {
  const { name: suite = 'k6 thresholds', classname = 'Unnamed folder' } = options;
  const cases: string[] = [];
  let failures = 0;
  for (const [metric, { thresholds = {}, values }] of Object.entries(data.metrics)) {
    for (const [threshold, { ok }] of Object.entries(thresholds)) {
      const title = escapeXml(`${metric} - ${threshold}`);
      if (!ok) failures++;
      const failed = Object.entries(values).map(([stat, value]) => `${stat} value: ${value}`);
      cases.push(
        ok
          ? `<testcase name="${title}" classname="${escapeXml(classname)}" />`
          : `<testcase name="${title}" classname="${escapeXml(classname)}"><failure message="${escapeXml(failed.join(', '))}" /></testcase>`,
      );
    }
  }
  return `<?xml version="1.0"?>
<testsuites tests="${cases.length}" failures="${failures}">
<testsuite name="${escapeXml(suite)}" tests="${cases.length}" failures="${failures}">${cases.length > 0 ? `\n${cases.join('\n')}` : ''}
</testsuite>
</testsuites>`;
}

export default { textSummary, jUnit, humanizeValue };
