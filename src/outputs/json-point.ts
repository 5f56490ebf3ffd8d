// A sample as a line of JSON, as k6's JSON output writes it.
import type { Series } from '../metrics/series-table.ts';

/** The text behind the value, which a series keeps. */
export function describeTags({ tags }: Pick<Series, 'tags'>): string {
  return `,"tags":${JSON.stringify(Object.fromEntries(tags))}`;
}

/** JSON has no infinities. */
function formatValue(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

type Metadata = readonly (readonly [string, string])[];

/**
 * @param tail as {@link describeTags} gives it
 * @param time in RFC 3339
 */
export function formatPoint(metric: string, time: string, value: number, tail: string, metadata?: Metadata): string {
  const set = metadata === undefined ? '' : `,"metadata":${JSON.stringify(Object.fromEntries(metadata))}`;
  return `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${formatValue(value)}${tail}${set}}}\n`;
}
