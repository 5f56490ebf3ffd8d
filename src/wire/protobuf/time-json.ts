// Timestamp, Duration and FieldMask between their JSON text and their members.

export interface SecondsNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;
const MAX_DURATION = 315_576_000_000n;

export type TimeProblem = 'invalid' | 'out of range';

/** RFC 3339 with up to 9 fractional digits. */
export function parseTimestamp(text: string): SecondsNanos | TimeProblem {
  const match = TIMESTAMP.exec(text);
  if (!match) return 'invalid';
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = match[7] ?? '';
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 || fraction.length > 9) return 'invalid';
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (day < 1 || date.getUTCMonth() !== month - 1) return 'invalid';
  date.setUTCHours(hour, minute, second);
  const zone = match[8]!;
  let offset = 0;
  if (zone !== 'Z') {
    const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
    if (hours > 23 || minutes > 59) return 'invalid';
    offset = (zone[0] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  }
  const seconds = BigInt(date.getTime() / 1000 - offset);
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) return 'out of range';
  return { seconds, nanos: Number(fraction.padEnd(9, '0')) };
}

/** @returns undefined where the value is outside of the years 1 to 9999 */
export function formatTimestamp({ seconds, nanos }: SecondsNanos): string | undefined {
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > 999_999_999) return undefined;
  const text = new Date(Number(seconds) * 1000).toISOString();
  return `${text.slice(0, 19)}${formatFraction(nanos)}Z`;
}

/** '1.5s' */
export function parseJsonDuration(text: string): SecondsNanos | TimeProblem {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?s$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) return 'invalid';
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > 9 || /^0\d/.test(whole)) return 'invalid';
  const seconds = BigInt(whole || '0');
  if (seconds > MAX_DURATION) return 'out of range';
  const nanos = Number(fraction.padEnd(9, '0'));
  return sign === '-' ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos };
}

/** @returns undefined where the value is out of range or its members' signs differ */
export function toDurationJson({ seconds, nanos }: SecondsNanos): string | undefined {
  if (seconds < -MAX_DURATION || seconds > MAX_DURATION || Math.abs(nanos) > 999_999_999) return undefined;
  if ((seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0)) return undefined;
  const sign = seconds < 0n || nanos < 0 ? '-' : '';
  return `${sign}${seconds < 0n ? -seconds : seconds}${formatFraction(Math.abs(nanos))}s`;
}

/** What keeps a value from having a text, in protobuf-go's words. */
export function explainTime({ seconds, nanos }: SecondsNanos, form: 'Timestamp' | 'Duration'): string {
  const [least, most] = form === 'Timestamp' ? [MIN_SECONDS, MAX_SECONDS] : [-MAX_DURATION, MAX_DURATION];
  if (seconds < least || seconds > most) return `seconds out of range ${seconds}`;
  if (Math.abs(nanos) > 999_999_999 || form === 'Timestamp') return `nanos out of range ${nanos}`;
  return 'signs of seconds and nanos do not match';
}

/** None, three, six or nine digits. */
function formatFraction(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(nanos).padStart(9, '0');
  return `.${digits.replace(/(?:000){1,2}$/, '')}`;
}

/** 'aB,c.dE' → ['a_b', 'c.d_e']; or the path that has no such form. */
export function parseFieldMask(text: string): string[] | { readonly bad: string } {
  if (text.trim() === '') return [];
  const paths: string[] = [];
  for (const path of text.split(',')) {
    if (!/^[a-zA-Z][a-zA-Z0-9]*(?:\.[a-zA-Z][a-zA-Z0-9]*)*$/.test(path)) return { bad: path };
    paths.push(path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  }
  return paths;
}

/** The reverse; or the path that would not come back as it was. */
export function formatFieldMask(paths: readonly string[]): string | { readonly bad: string; readonly problem: string } {
  const out: string[] = [];
  for (const path of paths) {
    if (!/^[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*$/.test(path)) return { bad: path, problem: 'contains invalid path' };
    const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (/[A-Z]/.test(path) || camel.includes('_')) return { bad: path, problem: 'contains irreversible value' };
    out.push(camel);
  }
  return out.join(',');
}
