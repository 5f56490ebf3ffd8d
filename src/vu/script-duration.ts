const UNITS: Record<string, number> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

/**
 * Milliseconds of a duration as scripts give it: a number is milliseconds already, text is Go's (`1m30s`, `1.5h`) with
 * k6's leading days (`2d12h`). NaN when it cannot be read.
 */
export function readDuration(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  if (/^[+-]?\d+(\.\d+)?$/.test(value)) return Number(value);
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:d|h|ms|m|s|us|µs|μs|ns))+$/.exec(value);
  if (match === null) return Number.NaN;
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d*)?|\.\d+)(d|h|ms|m|s|us|µs|μs|ns)/g)) {
    sum += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  }
  return match[1] === '-' ? -sum : sum;
}

/** What timers can wait for, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * As {@link readDuration}, of how long something may take at most.
 * @param what the option's name
 * @throws TypeError for what is no time, or less than none
 */
export function readTimeLimit(value: unknown, what: string): number {
  const ms = readDuration(value);
  if (ms >= 0) return Math.min(ms, LONGEST_MS);
  const shown = typeof value === 'string' ? JSON.stringify(value) : typeof value === 'number' ? value : typeof value;
  throw new TypeError(`${what} must be a time, in milliseconds or as in "5s", not ${shown}`);
}
