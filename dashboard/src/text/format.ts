// Numbers as a person reads them.

/** A number and its unit, apart, since the unit is set smaller. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three digits that count: 558, 55.8, 5.58, 0.558. */
function threeDigits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 99.95) return GROUPED.format(value);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995) return value.toFixed(2);
  return value.toPrecision(2);
}

export function count(value: number): string {
  return GROUPED.format(value);
}

/** 9.36 M, 869 k, 8,320. */
export function compact(value: number): Quantity {
  if (value >= 999_500_000) return { number: threeDigits(value / 1e9), unit: 'G' };
  if (value >= 999_500) return { number: threeDigits(value / 1e6), unit: 'M' };
  if (value >= 99_500) return { number: threeDigits(value / 1e3), unit: 'k' };
  return { number: count(value), unit: '' };
}

/** @param ms milliseconds */
export function duration(ms: number | null): Quantity {
  if (ms === null || Number.isNaN(ms)) return { number: '–', unit: '' };
  if (ms === 0) return { number: '0', unit: 'ms' };
  if (Math.abs(ms) < 1) return { number: threeDigits(ms * 1000), unit: 'µs' };
  if (Math.abs(ms) < 999.5) return { number: threeDigits(ms), unit: 'ms' };
  if (Math.abs(ms) < 99_950) return { number: threeDigits(ms / 1000), unit: 's' };
  return { number: clock(ms), unit: '' };
}

/** @param value octets */
export function bytes(value: number): Quantity {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let index = 0;
  let rest = value;
  while (rest >= 999.5 && index < units.length - 1) {
    rest /= 1000;
    index++;
  }
  return { number: index === 0 ? count(rest) : threeDigits(rest), unit: units[index]! };
}

/** @param share 0 to 1 */
export function percent(share: number): Quantity {
  const value = share * 100;
  if (value === 0 || value === 100) return { number: String(value), unit: '%' };
  // What is not none does not look like none, nor what is not all like all.
  if (value < 0.01) return { number: '< 0.01', unit: '%' };
  if (value > 99.99) return { number: '> 99.99', unit: '%' };
  if (value > 99.5) return { number: value.toFixed(2), unit: '%' };
  if (value >= 9.95) return { number: value.toFixed(value > 99 ? 1 : 0), unit: '%' };
  return { number: value.toFixed(value < 1 ? 2 : 1), unit: '%' };
}

export function rate(perSecond: number): string {
  return perSecond >= 999.5 ? count(perSecond) : perSecond >= 0.05 || perSecond === 0 ? perSecond.toFixed(1) : '< 0.1';
}

export function text({ number, unit }: Quantity): string {
  return unit === '' ? number : `${number} ${unit}`;
}

/** 0:25, 33:10, 1:00:00. @param ms since the start */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Like {@link clock}, with tenths where the run is short. */
export function moment(ms: number, durationMs: number): string {
  if (durationMs >= 120_000) return clock(ms);
  const tenths = Math.round(ms / 100) / 10;
  const minutes = Math.floor(tenths / 60);
  return `${minutes}:${(tenths - minutes * 60).toFixed(1).padStart(4, '0')}`;
}

/** @returns ms of `33:10`, `1:00:00` or `12.5`; null for what is none */
export function parseClock(written: string): number | null {
  const parts = written.trim().split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d+(?:\.\d+)?$/.test(part))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
}

/** 1 h, 12 min 5 s, 30 s. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${Number((ms / 1000).toFixed(1))} s`;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** 1 request, 2 requests. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

export function date(ms: number): string {
  return DATE.format(new Date(ms)).replace(' at ', ', ');
}
