// What a comparison says, in words. For browsers too.
import type { ComparedKind, ComparedValue } from '../metrics/comparison/comparison.ts';

/** Of a list of names. */
const SHOWN_NAMES = 3;

const WORDS: Readonly<Record<ComparedKind, readonly [more: string, less: string]>> = {
  time: ['slower', 'faster'],
  failures: ['more failures', 'fewer failures'],
  checks: ['more failed checks', 'fewer failed checks'],
  value: ['higher', 'lower'],
};

/** @returns `slower`, `faster`, `no relevant change`, `undecided: −1 % to +9 %` and their like */
export function describeVerdict({ kind, scale, verdict, low, high }: ComparedValue): string {
  switch (verdict) {
    case 'more':
      return WORDS[kind][0];
    case 'less':
      return WORDS[kind][1];
    case 'same':
      return 'no relevant change';
    case 'undecided':
      if (low === null || high === null) return 'undecided: fewer than three earlier runs';
      return `undecided: ${formatChange(low, scale)} to ${formatChange(high, scale)}`;
  }
}

/** Whether a difference is for the worse, for the better, or neither. */
export function judgementOf({ kind, verdict }: ComparedValue): 'worse' | 'better' | 'neutral' {
  if (kind === 'value' || verdict === 'same' || verdict === 'undecided') return 'neutral';
  return verdict === 'more' ? 'worse' : 'better';
}

/** `+12 %`, `−0.4 %`; of shares `+1.2 points`, for percentage points. */
export function formatChange(change: number, scale: ComparedValue['scale']): string {
  const size = Math.abs(change) * 100;
  const digits = scale === 'absolute' ? (size < 0.1 ? 2 : size < 10 ? 1 : 0) : size < 0.95 ? 1 : 0;
  const unit = scale === 'absolute' ? 'points' : '%';
  // Nobody reads more of it than that it is much.
  if (size >= 1000) return `over ${change < 0 ? '−' : '+'}1,000 ${unit}`;
  const number = size.toFixed(digits);
  const sign = Number(number) === 0 ? '' : change < 0 ? '−' : '+';
  return `${sign}${Number(number) === 0 ? '0' : number} ${unit}`;
}

/** What a row of the comparison is about: `GET /menu`, `HTTP`, the metric. */
export function subjectOf({ row, metric }: ComparedValue): string {
  if (row === null || row.kind !== 'endpoint') return metric;
  return row.method === '' ? row.name : `${row.method} ${row.name}`;
}

/** `last:5` and `5 earlier runs` as one phrase. */
export function describeBaseline(baseline: string, count: number): string {
  return `${count === 1 ? 'one earlier run' : `${count} earlier runs`} (${baseline})`;
}

/** `a, b, c and 2 more` */
export function listNames(names: readonly string[]): string {
  const rest = names.length - SHOWN_NAMES;
  return names.slice(0, SHOWN_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Of what a value is the statistic: of failures and checks it is the share that failed. */
export function statisticOf({ kind, statistic }: ComparedValue): string {
  return kind === 'failures' || kind === 'checks' ? 'failed' : statistic;
}
