// The lines `name....: value` of the text summary, aligned with each other.
import type { MetricSummary } from './summary.ts';
import type { TextStyle } from './text-style.ts';
import { formatNumber, formatPercent, formatValue, type TimeUnit } from './value-format.ts';

/** One line before its columns are known. */
export interface MetricLine {
  /** `{ tag:value }` for a submetric, which stands two columns further in. */
  readonly label: string;
  readonly depth: 0 | 1;
  readonly cells: TrendCells | PlainCells;
}

interface TrendCells {
  readonly kind: 'trend';
  /** `avg=1.2ms` and so on. */
  readonly stats: readonly (readonly [name: string, value: string])[];
}

interface PlainCells {
  readonly kind: 'plain';
  readonly value: string;
  readonly extras: readonly string[];
}

/** What is aligned over all lines of a summary. */
export interface LineWidths {
  readonly label: number;
  readonly value: number;
  readonly extra: number;
  readonly stats: readonly number[];
}

/** @param unit times in this unit; null: each in the one that suits it */
export function toLine(metric: MetricSummary, trendStats: readonly string[], unit: TimeUnit): MetricLine {
  const isSubmetric = metric.tags.length > 0;
  return {
    label: isSubmetric ? `{ ${metric.tags.map(([key, value]) => `${key}:${value}`).join(', ')} }` : metric.name,
    depth: isSubmetric ? 1 : 0,
    cells: toCells(metric, trendStats, unit),
  };
}

function toCells(
  { type, contains, values }: MetricSummary,
  trendStats: readonly string[],
  unit: TimeUnit,
): MetricLine['cells'] {
  switch (type) {
    case 'counter': {
      const rate = contains === 'default' ? formatNumber(values['rate']) : formatValue(values['rate'], contains, unit);
      return { kind: 'plain', value: formatValue(values['count'], contains, unit), extras: [`${rate}/s`] };
    }
    case 'gauge': {
      const [value, min, max] = [values['value'], values['min'], values['max']].map((v) =>
        formatValue(v, contains, unit),
      );
      return { kind: 'plain', value, extras: [`min=${min}`, `max=${max}`] };
    }
    case 'rate': {
      const total = values['passes'] + values['fails'];
      return {
        kind: 'plain',
        value: formatPercent(values['passes'], total),
        extras: [`${values['passes']} out of ${total}`],
      };
    }
    case 'trend':
      return {
        kind: 'trend',
        // How often is a number whatever the values are.
        stats: trendStats.map((name) => [
          name,
          name === 'count' ? formatNumber(values[name]) : formatValue(values[name], contains, unit),
        ]),
      };
  }
}

/** The widths that all lines of a summary share. */
export function measureLines(lines: readonly MetricLine[]): LineWidths {
  const stats: number[] = [];
  let [label, value, extra] = [0, 0, 0];
  for (const line of lines) {
    label = Math.max(label, line.label.length + line.depth * 2);
    if (line.cells.kind === 'trend') {
      for (const [index, [, text]] of line.cells.stats.entries())
        stats[index] = Math.max(stats[index] ?? 0, text.length);
    } else {
      value = Math.max(value, line.cells.value.length);
      extra = Math.max(extra, line.cells.extras[0].length);
    }
  }
  return { label, value, extra, stats };
}

/** A name and the dots up to the colon. */
export function dotted(label: string, depth: number, width: number): string {
  return `${'  '.repeat(depth)}${label}${'.'.repeat(width + 3 - label.length - depth * 2)}:`;
}

/** A line without indentation. @param widths of all lines of the summary, see {@link measureLines} */
export function renderLine({ label, depth, cells }: MetricLine, widths: LineWidths, style: TextStyle): string {
  const name = dotted(label, depth, widths.label);
  if (cells.kind === 'trend') {
    const stats = cells.stats.map(
      ([stat, value], index) => `${stat}=${style.value(value)}${' '.repeat(widths.stats[index] - value.length)}`,
    );
    return `${name} ${stats.join(' ')}`;
  }
  const value = style.value(cells.value) + ' '.repeat(widths.value - cells.value.length);
  const extras = cells.extras.map((extra, index) => {
    const isLast = index === cells.extras.length - 1;
    return style.faint(extra) + (isLast ? '' : ' '.repeat(widths.extra - extra.length));
  });
  return `${name} ${value} ${extras.join(' ')}`;
}
