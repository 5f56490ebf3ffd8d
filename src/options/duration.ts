// Durations as text: Go's notation (`1m30s`, `1.5h`, `250ms`), in options also with days (`1d12h`) or as bare milliseconds.

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const DAY_MS = 86_400_000;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** The longest that Go has, 2⁶³ nanoseconds: some 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6;

/** @returns milliseconds; whole nanoseconds, as Go keeps durations @throws Error for more than these count */
function fromNanoseconds(ns: number, text: string): number {
  return checkLength(Math.round(ns) / 1e6, text);
}

function checkLength(ms: number, text: string): number {
  if (isDuration(ms)) return ms;
  throw new Error(`"${text}" is longer than durations can be, some 292 years`);
}

/** @returns whether a number of milliseconds is one that a duration can have */
export function isDuration(ms: number): boolean {
  return Math.abs(ms) < LONGEST_MS;
}

/**
 * Reads a duration as the command line takes it: Go's notation, a unit is mandatory (except for `0`).
 *
 * @returns milliseconds
 * @throws Error that shows the text
 */
export function parseGoDuration(text: string): number {
  const negative = text.startsWith('-');
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  if (unsigned === '0') return 0;
  // In whole nanoseconds parts add up exactly.
  let ns = 0;
  let end = 0;
  PART.lastIndex = 0;
  for (let part = PART.exec(unsigned); part; part = PART.exec(unsigned)) {
    ns += Number(part[1]) * UNIT_NS[part[2]];
    end = PART.lastIndex;
  }
  if (end === 0 || end !== unsigned.length) {
    const hint = /^[\d.]+$/.test(unsigned)
      ? `: it has no unit, as in "${unsigned}s" or "${unsigned}ms"`
      : ': use a form like 30s, 1m30s or 250ms';
    throw new Error(`"${text}" is not a duration${hint}`);
  }
  const ms = fromNanoseconds(ns, text);
  return negative ? -ms : ms;
}

/**
 * Reads a duration as options, environment variables and config files take it: also with days in front, or as a bare number of
 * milliseconds.
 *
 * @returns milliseconds
 * @throws Error that shows the text
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (/^[+-]?(\d+(?:\.\d*)?|\.\d+)$/.test(trimmed)) return fromNanoseconds(Number(trimmed) * 1e6, text);
  const days = /^([+-]?)(\d+)d(.*)$/.exec(trimmed);
  if (!days) return parseGoDuration(trimmed);
  const [, sign, count, rest] = days;
  if (/^[+-]/.test(rest)) throw new Error(`"${text}" is not a duration`);
  const ms = Number(count) * DAY_MS + (rest === '' ? 0 : parseGoDuration(rest));
  return checkLength(sign === '-' ? -ms : ms, text);
}

/** @returns a duration as Go writes it: `1m30s`, `26h0m0s`, `1.5s`, `250ms`, `0s` */
export function formatDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const nanoseconds = Math.round(Math.abs(ms) * 1e6);
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${sign}${trimZeros(nanoseconds, 3)}µs`;
  if (nanoseconds < 1e9) return `${sign}${trimZeros(nanoseconds, 6)}ms`;
  const wholeSeconds = Math.floor(nanoseconds / 1e9);
  const hours = Math.floor(wholeSeconds / 3600);
  const minutes = Math.floor(wholeSeconds / 60) % 60;
  const seconds = `${trimZeros(nanoseconds - Math.floor(wholeSeconds / 60) * 60e9, 9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** @returns value / 10^places without zeros at the end */
function trimZeros(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const whole = digits.slice(0, -places);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
