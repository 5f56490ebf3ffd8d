// The part of the text summary that compares with earlier runs.
import type { ComparedValue } from '../metrics/comparison/comparison.ts';
import type { ComparisonRecord } from './comparison-record.ts';
import {
  describeBaseline,
  describeVerdict,
  formatChange,
  judgementOf,
  statisticOf,
  subjectOf,
} from './comparison-words.ts';
import { wrap } from './failure-lines.ts';
import { padText, widthOf } from './fit-text.ts';
import type { TextStyle } from './text-style.ts';
import { formatMeasuredTime, formatPercent, formatValue } from './value-format.ts';

/** Endpoints whose verdicts are listed; of the others only how many there are. */
const SHOWN_ENDPOINTS = 10;

interface Cells {
  readonly value: ComparedValue;
  readonly subject: string;
  readonly statistic: string;
  readonly course: string;
  readonly change: string;
}

/**
 * @param width that notes are wrapped to
 * @returns lines without indentation
 */
export function comparisonLines(comparison: ComparisonRecord, style: TextStyle, width: number): string[] {
  const { values, notes, baseline, earlier } = comparison;
  const endpoints = values.filter(isOfEndpoint);
  const told = endpoints.filter(({ verdict }) => verdict === 'more' || verdict === 'less');
  const shown = [...values.filter((value) => !isOfEndpoint(value)), ...told.slice(0, SHOWN_ENDPOINTS)].map(toCells);
  return [
    style.faint(`with ${describeBaseline(baseline, earlier.length)}`),
    ...notes.flatMap((note) => wrap(note, '! ', '  ', width).map(style.warn)),
    ...(shown.length > 0 ? ['', ...align(shown, style)] : []),
    ...(told.length > SHOWN_ENDPOINTS ? [`and ${told.length - SHOWN_ENDPOINTS} values of endpoints more`] : []),
    ...(endpoints.length > told.length ? [countOthers(endpoints)] : []),
  ];
}

const isOfEndpoint = ({ row }: ComparedValue): boolean => row?.kind === 'endpoint';

function countOthers(endpoints: readonly ComparedValue[]): string {
  const count = (verdict: ComparedValue['verdict']): number =>
    endpoints.filter((value) => value.verdict === verdict).length;
  const parts = [
    [count('same'), 'with no relevant change'],
    [count('undecided'), 'undecided'],
  ] as const;
  return `other values of endpoints: ${parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(', ')}`;
}

function toCells(value: ComparedValue): Cells {
  return {
    value,
    subject: subjectOf(value),
    statistic: statisticOf(value),
    course: `${formatCompared(value, value.before)} → ${formatCompared(value, value.after)}`,
    change: formatChange(value.change, value.scale),
  };
}

/** A value with its unit. @param number `before` or `after` of it, or another of the kind */
function formatCompared({ scale, contains }: ComparedValue, number: number): string {
  if (scale === 'absolute') return formatPercent(number, 1);
  return contains === 'time' ? formatMeasuredTime(number) : formatValue(number, contains);
}

function align(rows: readonly Cells[], style: TextStyle): string[] {
  const widest = (of: (row: Cells) => string): number => Math.max(...rows.map((row) => widthOf(of(row))));
  const [subject, statistic, course, change] = [
    widest((row) => row.subject),
    widest((row) => row.statistic),
    widest((row) => row.course),
    widest((row) => row.change),
  ];
  return rows.map((row) => {
    const judgement = judgementOf(row.value);
    const paint = judgement === 'worse' ? style.bad : judgement === 'better' ? style.good : style.faint;
    return [
      padText(row.subject, subject),
      row.statistic.padEnd(statistic),
      style.value(row.course.padEnd(course)),
      row.change.padStart(change),
      paint(describeVerdict(row.value)),
    ].join('  ');
  });
}
