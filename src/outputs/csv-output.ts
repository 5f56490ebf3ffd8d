// `--out csv=FILE`: a row per sample, with a column per system tag (k6 page "CSV").
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { prepareOnce, type Series } from '../metrics/series-table.ts';
import { findVariable } from '../options/environment.ts';
import type { Output, OutputContext } from './output.ts';
import { OutputError } from './output-error.ts';
import { MOST_INTERVAL_MS, MOST_INTERVAL_TEXT } from './settings-reader.ts';
import { PIECE, TextFile } from './text-file.ts';
import { TIME_FORMATS, type TimeFormat, TimeText } from './time-text.ts';

export interface CsvSettings {
  /** `-`: standard output; ending in `.gz`: compressed. */
  readonly fileName: string;
  readonly saveIntervalMs: number;
  readonly timeFormat: TimeFormat;
}

const DEFAULTS: CsvSettings = { fileName: 'file.csv', saveIntervalMs: 1000, timeFormat: 'unix' };
const VARIABLES = {
  fileName: 'K6_CSV_FILENAME',
  saveInterval: 'K6_CSV_SAVE_INTERVAL',
  timeFormat: 'K6_CSV_TIME_FORMAT',
} as const;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Metadata, not tags. */
const NO_COLUMNS = new Set(['vu', 'iter']);

/** A whole number of milliseconds, seconds, minutes or hours. */
function parseInterval(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  if (!parts || Number(parts[1]) <= 0)
    throw new OutputError(`csv: saveInterval "${text}" is no duration such as 500ms or 1s`);
  const ms = Number(parts[1]) * UNITS[parts[2]];
  if (ms > MOST_INTERVAL_MS) throw new OutputError(`csv: saveInterval "${text}" is more than ${MOST_INTERVAL_TEXT}`);
  return ms;
}

function applySetting(settings: CsvSettings, key: string, value: string): CsvSettings {
  switch (key) {
    case 'fileName':
    case 'file_name':
      return { ...settings, fileName: value };
    case 'saveInterval':
    case 'save_interval':
      return { ...settings, saveIntervalMs: parseInterval(value) };
    case 'timeFormat':
    case 'time_format':
      if (!TIME_FORMATS.includes(value as TimeFormat)) {
        throw new OutputError(`csv: timeFormat "${value}" is none of ${TIME_FORMATS.join(', ')}`);
      }
      return { ...settings, timeFormat: value as TimeFormat };
    default:
      throw new OutputError(
        `csv: unknown key "${key}" as part of its settings; there are fileName, saveInterval and timeFormat`,
      );
  }
}

/**
 * Settings from the config file, the environment and the argument, each over the one before.
 *
 * @param argument a file name, or `fileName=…,saveInterval=…,timeFormat=…`
 * @throws OutputError for what cannot be read
 */
export function readCsvSettings(argument: string, context: Pick<OutputContext, 'env' | 'collectors'>): CsvSettings {
  let settings = DEFAULTS;
  const collector = context.collectors?.['csv'];
  if (typeof collector === 'object' && collector !== null) {
    for (const [key, value] of Object.entries(collector)) {
      if (value !== null) settings = applySetting(settings, key, String(value));
    }
  }
  for (const key of ['fileName', 'saveInterval', 'timeFormat'] as const) {
    const variable = findVariable(VARIABLES[key], context.env);
    if (variable !== null) settings = applySetting(settings, key, variable.text);
  }
  if (argument === '') return settings;
  if (!argument.includes('=')) return { ...settings, fileName: argument };
  for (const part of argument.split(',')) {
    const [key, ...value] = part.split('=');
    settings = applySetting(settings, key.trim(), value.join('=').trim());
  }
  return settings;
}

/** RFC 4180. */
function quote(text: string): string {
  return /[",\r\n]|^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Six decimals and no exponent, however large; k6's words for what is no number. */
function formatValue(value: number): string {
  if (Math.abs(value) < 1e21) return value.toFixed(6);
  if (Number.isFinite(value)) return `${BigInt(value)}.000000`;
  return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
}

function joinPairs(pairs: readonly (readonly [string, string])[]): string {
  return quote(pairs.map(([key, value]) => `${key}=${value}`).join('&'));
}

export class CsvOutput implements Output {
  readonly description: string;
  readonly #file: TextFile;
  readonly #settings: CsvSettings;
  readonly #columns: readonly string[];
  readonly #times = new TimeText();

  constructor(settings: CsvSettings, context: OutputContext) {
    this.#settings = settings;
    this.#file = new TextFile(settings.fileName, context.writeStdout);
    this.#columns = context.systemTags.filter((tag) => !NO_COLUMNS.has(tag)).sort();
    this.description = `csv (${this.#file.description})`;
  }

  async start(): Promise<void> {
    this.#file.open(this.#settings.saveIntervalMs);
    this.#file.write(
      `${['metric_name', 'timestamp', 'metric_value', ...this.#columns, 'extra_tags', 'metadata'].join(',')}\n`,
    );
  }

  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    const { ids, values, times, count, metadata } = batch;
    const { timeFormat } = this.#settings;
    let text = '';
    for (let index = 0; index < count; index++) {
      const one = series[ids[index]];
      const tail = prepareOnce(one, this, this.#prepare);
      const set = metadata && metadata.ids[index] > 0 ? joinPairs(metadata.sets[metadata.ids[index] - 1]) : '';
      text += `${one.metric.name},${this.#times.format(times[index], timeFormat)},${formatValue(values[index])}${tail},${set}\n`;
      if (text.length < PIECE) continue;
      this.#file.write(text);
      text = '';
    }
    this.#file.write(text);
  }

  stop(): Promise<void> {
    return this.#file.close();
  }

  /** The columns behind the value, which are the same for all samples of a series. */
  readonly #prepare = (series: Series): string => {
    const tags = new Map(series.tags);
    const system = this.#columns.map((column) => quote(tags.get(column) ?? ''));
    const extra = series.tags.filter(([key]) => !this.#columns.includes(key));
    return `,${[...system, joinPairs(extra)].join(',')}`;
  };
}
