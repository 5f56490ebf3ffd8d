// Numbers as the summary shows them (k6 page "End-of-test summary").
import type { MetricContains } from '../metrics/metric.ts';

/** `summaryTimeUnit`: one unit for all durations; null: each in the one that suits it. */
export type TimeUnit = 's' | 'ms' | 'us' | null;

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const FIXED_UNITS = { s: [1e-3, 's'], ms: [1, 'ms'], us: [1e3, 'µs'] } as const;

function trimZeros(text: string): string {
  // The exponent of what is too large for digits has zeros of its own.
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** Of 1.15 a hundred are 114.99…: what a double cannot hold must not cost a digit. */
function cutOff(value: number): number {
  return Math.trunc(value * (1 + Number.EPSILON));
}

/** Two decimals, cut off rather than rounded, without trailing zeros. */
function truncate(value: number): string {
  return trimZeros((cutOff(value * 100) / 100).toFixed(2));
}

/** At most six decimals. */
export function formatNumber(value: number): string {
  const text = trimZeros(value.toFixed(6));
  return text === '-0' ? '0' : text;
}

/** Base 1000: `999 B`, `1.2 kB`, `45 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 10) return `${formatNumber(bytes)} B`;
  let value = bytes;
  let unit = 0;
  while (Math.round(value * 10) / 10 >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const rounded = Math.floor(value * 10 + 0.5) / 10;
  return `${rounded.toFixed(unit > 0 && rounded < 10 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}

/** @param ms milliseconds */
export function formatMeasuredTime(ms: number, unit: TimeUnit = null): string {
  if (unit !== null) {
    const [factor, name] = FIXED_UNITS[unit];
    return `${(ms * factor).toFixed(2)}${name}`;
  }
  if (!Number.isFinite(ms)) return String(ms);
  if (ms < 0) return `-${formatMeasuredTime(-ms)}`;
  if (ms === 0) return '0s';
  if (ms < 0.001) return `${cutOff(ms * 1e6)}ns`;
  if (ms < 1) return `${truncate(ms * 1000)}µs`;
  if (ms < 1000) return `${truncate(ms)}ms`;
  if (ms < 60_000) return `${truncate(ms / 1000)}s`;
  const seconds = Math.trunc(ms / 1000);
  const minutes = Math.trunc(seconds / 60);
  const rest = `${minutes % 60}m${seconds % 60}s`;
  return minutes < 60 ? rest : `${Math.trunc(minutes / 60)}h${rest}`;
}

/** A value of a metric, with its unit. */
export function formatValue(value: number, contains: MetricContains, unit: TimeUnit = null): string {
  switch (contains) {
    case 'time':
      return formatMeasuredTime(value, unit);
    case 'data':
      return formatBytes(value);
    case 'default':
      return formatNumber(value);
  }
}

/** Two decimals, cut off: 99.999 % is not 100 %. */
export function formatPercent(part: number, total: number): string {
  return `${(total === 0 ? 0 : cutOff((part * 10_000) / total) / 100).toFixed(2)}%`;
}
