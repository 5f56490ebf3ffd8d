// InfluxDB's line protocol (docs.influxdata.com, "Line protocol reference"): measurement,tags fields time.
import type { Series } from '../../metrics/series-table.ts';
import { formatDecimal } from '../decimal-text.ts';
import type { FieldType, Precision } from './influx-settings.ts';

/** Nanoseconds between two neighbouring doubles of the present in milliseconds, rounded down: room to tell points apart. */
const ROOM_NS = 240;

/** Line feeds would end the point, a backslash at the end would swallow what follows: neither can be escaped. */
function escapeTag(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/\\+$/, '')
    .replace(/[,= ]/g, '\\$&');
}

function escapeMeasurement(text: string): string {
  return text.replace(/[, ]/g, '\\$&');
}

function quoteField(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]+/g, ' ')}"`;
}

/** @returns undefined for what is none of the type: a field that is not of its column's type would cost the whole point */
function formatField(text: string, type: FieldType): string | undefined {
  switch (type) {
    case 'string':
      return quoteField(text);
    case 'int':
      return /^[+-]?\d{1,18}$/.test(text) ? `${BigInt(text)}i` : undefined;
    case 'float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? formatDecimal(Number(text)) : undefined;
    case 'bool':
      return /^(?:1|t|true)$/i.test(text) ? 'true' : /^(?:0|f|false)$/i.test(text) ? 'false' : undefined;
  }
}

/** The text before the value of each point of a series. */
export function describePoint({ metric, tags }: Series, tagsAsFields: Readonly<Record<string, FieldType>>): string {
  let head = escapeMeasurement(metric.name);
  const fields: string[] = [];
  for (const [key, value] of tags) {
    if (value === '') continue;
    if (!Object.hasOwn(tagsAsFields, key)) {
      const name = escapeTag(key);
      const text = escapeTag(value);
      if (name !== '' && text !== '') head += `,${name}=${text}`;
      continue;
    }
    const field = formatField(value, tagsAsFields[key]!);
    if (field !== undefined) fields.push(`${escapeTag(key)}=${field},`);
  }
  return `${head} ${fields.join('')}value=`;
}

/**
 * Times of points as text. InfluxDB keeps one point per series and time: where nanoseconds go out, they are counted up below
 * what a sample's time can tell, so that none overwrites another.
 */
export class PointTimes {
  readonly #precision: Precision;
  #count = 0;

  constructor(precision: Precision) {
    this.#precision = precision;
  }

  /** @param time in ms since the epoch */
  format(time: number): string {
    const ms = Math.floor(time);
    switch (this.#precision) {
      case 's':
        return String(Math.floor(ms / 1000));
      case 'ms':
        return String(ms);
      case 'us':
        return String(Math.floor(time * 1000));
      case 'ns': {
        this.#count = (this.#count + 1) % ROOM_NS;
        const ns = Math.floor((time - ms) * 1e6) + this.#count;
        // A little over the millisecond is another millisecond.
        return ns < 1e6 ? `${ms}${String(ns + 1e6).slice(1)}` : `${ms + 1}${String(ns).slice(1)}`;
      }
    }
  }
}
