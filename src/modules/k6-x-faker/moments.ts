// Dates and times.
import type { Faker } from '@faker-js/faker';
import { type Category, list } from './generator.ts';

const RFC = 'RFC3339';
const LAYOUTS: Readonly<Record<string, string>> = {
  ANSIC: 'EEE MMM _d HH:mm:ss yyyy',
  UnixDate: 'EEE MMM _d HH:mm:ss UTC yyyy',
  RFC822: 'dd MMM yy HH:mm UTC',
  RFC822Z: 'dd MMM yy HH:mm +0000',
  RFC850: 'EEEE, dd-MMM-yy HH:mm:ss UTC',
  RFC1123: 'EEE, dd MMM yyyy HH:mm:ss UTC',
  RFC1123Z: 'EEE, dd MMM yyyy HH:mm:ss +0000',
};
const DAYS = list('Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday');
const MONTHS = list('January, February, March, April, May, June, July, August, September, October, November, December');
const ZONES = [
  { name: 'Pacific Standard Time', short: 'PST', region: 'America/Los_Angeles', offset: -8 },
  { name: 'Mountain Standard Time', short: 'MST', region: 'America/Denver', offset: -7 },
  { name: 'Central Standard Time', short: 'CST', region: 'America/Chicago', offset: -6 },
  { name: 'Eastern Standard Time', short: 'EST', region: 'America/New_York', offset: -5 },
  { name: 'Greenwich Mean Time', short: 'GMT', region: 'Europe/London', offset: 0 },
  { name: 'Central European Time', short: 'CET', region: 'Europe/Berlin', offset: 1 },
  { name: 'Eastern European Time', short: 'EET', region: 'Europe/Helsinki', offset: 2 },
  { name: 'Moscow Standard Time', short: 'MSK', region: 'Europe/Moscow', offset: 3 },
  { name: 'India Standard Time', short: 'IST', region: 'Asia/Kolkata', offset: 5.5 },
  { name: 'China Standard Time', short: 'CST', region: 'Asia/Shanghai', offset: 8 },
  { name: 'Japan Standard Time', short: 'JST', region: 'Asia/Tokyo', offset: 9 },
  { name: 'Australian Eastern Standard Time', short: 'AEST', region: 'Australia/Sydney', offset: 10 },
] as const;
const TOKEN = /yyyy|yy|MMMM|MMM|MM|M|EEEE|EEE|dd|_d|d|HH|H|hh|h|mm|m|ss|s|SSS|a|'[^']*'/g;
const DAY_MS = 86_400_000;

/**
 * A moment in UTC by a layout: one of Go's names (`RFC3339`, `RFC1123` …) or a pattern of yyyy, MM, dd, HH, mm, ss and their kin (`_d`: a day with a blank before it),
 * with text in single quotes.
 */
export function formatMoment(moment: Date, layout: string): string {
  if (layout === RFC) return moment.toISOString().replace(/\.\d+Z$/, 'Z');
  if (layout === 'RFC3339Nano') return moment.toISOString();
  const pattern = (Object.hasOwn(LAYOUTS, layout) ? LAYOUTS[layout] : undefined) ?? layout;
  const two = (value: number): string => String(value).padStart(2, '0');
  return pattern.replaceAll(TOKEN, (token) => {
    switch (token) {
      case 'yyyy':
        return String(moment.getUTCFullYear()).padStart(4, '0');
      case 'yy':
        return two(moment.getUTCFullYear() % 100);
      case 'MMMM':
        return MONTHS[moment.getUTCMonth()] ?? '';
      case 'MMM':
        return (MONTHS[moment.getUTCMonth()] ?? '').slice(0, 3);
      case 'MM':
        return two(moment.getUTCMonth() + 1);
      case 'M':
        return String(moment.getUTCMonth() + 1);
      case 'EEEE':
        return DAYS[moment.getUTCDay()] ?? '';
      case 'EEE':
        return (DAYS[moment.getUTCDay()] ?? '').slice(0, 3);
      case 'dd':
        return two(moment.getUTCDate());
      case '_d':
        return String(moment.getUTCDate()).padStart(2, ' ');
      case 'd':
        return String(moment.getUTCDate());
      case 'HH':
        return two(moment.getUTCHours());
      case 'H':
        return String(moment.getUTCHours());
      case 'hh':
        return two(moment.getUTCHours() % 12 || 12);
      case 'h':
        return String(moment.getUTCHours() % 12 || 12);
      case 'mm':
        return two(moment.getUTCMinutes());
      case 'm':
        return String(moment.getUTCMinutes());
      case 'ss':
        return two(moment.getUTCSeconds());
      case 's':
        return String(moment.getUTCSeconds());
      case 'SSS':
        return String(moment.getUTCMilliseconds()).padStart(3, '0');
      case 'a':
        return moment.getUTCHours() < 12 ? 'AM' : 'PM';
      default:
        return token.slice(1, -1);
    }
  });
}

function readMoment(text: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment))
    throw new RangeError(`dateRange() cannot read ${JSON.stringify(text)}: write 2024-09-04 or RFC 3339`);
  return moment;
}

const anyMoment = (faker: Faker) => faker.date.between({ from: '1900-01-01T00:00:00Z', to: new Date() });
const zone = (faker: Faker) => faker.helpers.arrayElement(ZONES);

export const time: Category = {
  date: (faker, given) => formatMoment(anyMoment(faker), given.text(0, RFC)),
  dateRange: (faker, given) => {
    const from = readMoment(given.text(0, '1970-01-01'));
    const to = readMoment(given.text(1, new Date().toISOString()));
    if (from > to) throw new RangeError('dateRange() takes the earlier date first');
    return formatMoment(new Date(faker.number.int({ min: from, max: to })), given.text(2, RFC));
  },
  day: (faker) => faker.number.int({ min: 1, max: 31 }),
  futureTime: (faker) =>
    formatMoment(new Date(Date.now() + faker.number.int({ min: 3_600_000, max: DAY_MS / 2 })), RFC),
  hour: (faker) => faker.number.int({ min: 0, max: 23 }),
  minute: (faker) => faker.number.int({ min: 0, max: 59 }),
  month: (faker) => faker.number.int({ min: 1, max: 12 }),
  monthString: (faker) => faker.helpers.arrayElement(MONTHS),
  nanosecond: (faker) => faker.number.int({ min: 0, max: 999_999_999 }),
  pastTime: (faker) => formatMoment(new Date(Date.now() - faker.number.int({ min: 3_600_000, max: DAY_MS / 2 })), RFC),
  second: (faker) => faker.number.int({ min: 0, max: 59 }),
  timezone: (faker) => zone(faker).name,
  timezoneAbbreviation: (faker) => zone(faker).short,
  timezoneFull: (faker) => {
    const { name, offset } = zone(faker);
    return `(UTC${offset < 0 ? '-' : '+'}${String(Math.trunc(Math.abs(offset))).padStart(2, '0')}:${offset % 1 === 0 ? '00' : '30'}) ${name}`;
  },
  timezoneOffset: (faker) => zone(faker).offset,
  timezoneRegion: (faker) => zone(faker).region,
  weekday: (faker) => faker.helpers.arrayElement(DAYS),
  year: (faker) => faker.number.int({ min: 1900, max: new Date().getFullYear() }),
};
