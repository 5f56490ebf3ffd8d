// The options of csv.parse and csv.Parser, read and checked, and what they make of a file's records.
import { readRecords } from './read-records.ts';

export interface CsvOptions {
  readonly delimiter: string;
  readonly skipFirstLine: boolean;
  /** The first and the last record to give, from 0. */
  readonly fromLine: number;
  readonly toLine: number;
  /** Records as objects, by the names in the first line. */
  readonly asObjects: boolean;
}

export type CsvRecord = string[] | Record<string, string>;

/**
 * @param given undefined and null are none
 * @throws Error that names the option that cannot be used
 */
export function readCsvOptions(given: unknown): CsvOptions {
  const source = (given ?? {}) as Record<string, unknown>;
  if (typeof source !== 'object') throw new TypeError(`csv options must be an object, not ${typeof given}`);
  const { delimiter = ',', skipFirstLine, fromLine, toLine, asObjects } = source;
  if (typeof delimiter !== 'string' || [...delimiter].length !== 1 || /["\r\n]/.test(delimiter)) {
    throw new TypeError(
      `the option delimiter must be one character, and no quote or line end, not ${JSON.stringify(String(delimiter))}`,
    );
  }
  const options = {
    delimiter,
    skipFirstLine: Boolean(skipFirstLine),
    fromLine: readLine('fromLine', fromLine, 0),
    toLine: readLine('toLine', toLine, Number.POSITIVE_INFINITY),
    asObjects: Boolean(asObjects),
  };
  if (options.fromLine > options.toLine) throw new Error('the option fromLine must not be greater than toLine');
  if (options.asObjects && options.skipFirstLine) {
    throw new Error('the options asObjects and skipFirstLine exclude each other: the first line holds the names');
  }
  if (options.asObjects && options.fromLine > 0) {
    throw new Error('the options asObjects and fromLine exclude each other: the first line holds the names');
  }
  return options;
}

function readLine(name: string, value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new TypeError(`the option ${name} must be a whole number from 0 on, not ${String(value)}`);
  }
  return value;
}

/** The records that the options choose. */
export function* chooseRecords(text: string, options: CsvOptions): Generator<CsvRecord, void, void> {
  const first = Math.max(options.fromLine, options.skipFirstLine ? 1 : 0);
  let names: string[] | null = null;
  let index = 0;
  for (const record of readRecords(text, options.delimiter)) {
    const at = index++;
    if (at > options.toLine) return;
    if (options.asObjects && names === null) {
      names = record;
      continue;
    }
    if (at < first) continue;
    yield names === null ? record : toObject(names, record, at);
  }
}

function toObject(names: readonly string[], record: readonly string[], at: number): Record<string, string> {
  if (record.length > names.length) {
    throw new Error(`record ${at + 1} has ${record.length} fields, and the first line has names for ${names.length}`);
  }
  const object: Record<string, string> = {};
  for (const [i, value] of record.entries()) {
    Object.defineProperty(object, names[i] as string, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}
