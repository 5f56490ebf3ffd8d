// `--out type[=argument]`: which outputs there are, and how they are made.
import { ExtensionError, type ExtensionPlace, findExtension } from '../extension/find-extension.ts';
import { suggestName } from '../options/closest-name.ts';
import { CsvOutput, readCsvSettings } from './csv-output.ts';
import { PackagedOutput } from './extension-output.ts';
import {
  describeInflux,
  type InfluxSettings,
  readInfluxSettings,
  readInfluxV2Settings,
} from './influxdb/influx-settings.ts';
import { JsonOutput } from './json-output.ts';
import { describeKafka, readKafkaSettings } from './kafka/kafka-settings.ts';
import { describeOtel, readOtelSettings } from './opentelemetry/otel-settings.ts';
import { OUTCOME_OUTPUTS, splitType } from './outcome-output.ts';
import type { Output, OutputContext } from './output.ts';
import { OutputError } from './output-error.ts';
import { describePrometheus, readPrometheusSettings } from './prometheus/prometheus-settings.ts';
import { describeStatsd, readStatsdSettings } from './statsd/statsd-settings.ts';
import { ThreadedOutput } from './thread/threaded-output.ts';
import { describeTimescale, readTimescaleSettings } from './timescaledb/timescale-settings.ts';

/** Outputs that write files, or what comes out of the program; all others of ours send to a server. */
const FILE_OUTPUTS: readonly string[] = ['csv', 'json'];

/** k6's name for it until version 1.4. */
const OLD_OTEL = 'experimental-opentelemetry';

const OUTPUTS: Readonly<Record<string, (argument: string, context: OutputContext) => Output>> = {
  csv: (argument, context) => new CsvOutput(readCsvSettings(argument, context), context),
  json: (argument, context) => new JsonOutput(argument, context),
  influxdb: (argument, context) => createInflux(readInfluxSettings(argument, context), context),
  'xk6-influxdb': (argument, context) => createInflux(readInfluxV2Settings(argument, context), context),
  'xk6-kafka': (argument, context) => {
    const settings = readKafkaSettings(argument, context);
    return new ThreadedOutput({ kind: 'kafka', settings }, describeKafka(settings), context);
  },
  opentelemetry: createOtel,
  'experimental-prometheus-rw': (argument, context) => {
    const settings = readPrometheusSettings(argument, context);
    return new ThreadedOutput({ kind: 'prometheus', settings }, describePrometheus(settings), context);
  },
  'output-statsd': (argument, context) =>
    createStatsd(argument, context, { output: 'output-statsd', prefix: 'K6_STATSD_', tags: false }),
  datadog: (argument, context) =>
    createStatsd(argument, context, { output: 'datadog', prefix: 'K6_DATADOG_', tags: true }),
  timescaledb: (argument, context) => {
    const settings = readTimescaleSettings(argument, context);
    return new ThreadedOutput({ kind: 'timescaledb', settings }, describeTimescale(settings), context);
  },
  [OLD_OTEL]: (argument, context) => {
    context.warn?.(`the output "${OLD_OTEL}" is called "opentelemetry" now`);
    return createOtel(argument, context);
  },
};

function createInflux(settings: InfluxSettings, context: OutputContext): Output {
  return new ThreadedOutput({ kind: 'influxdb', settings }, describeInflux(settings), context);
}

function createStatsd(
  argument: string,
  context: OutputContext,
  kind: Parameters<typeof readStatsdSettings>[2],
): Output {
  const settings = readStatsdSettings(argument, context, kind);
  return new ThreadedOutput({ kind: 'statsd', settings }, describeStatsd(settings), context);
}

function createOtel(argument: string, context: OutputContext): Output {
  const settings = readOtelSettings(argument, context);
  return new ThreadedOutput({ kind: 'opentelemetry', settings }, describeOtel(settings), context);
}

/** Names that outputs had while they were built into k6 (until 0.55, and 0.33). */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ['statsd', 'output-statsd'],
  ['kafka', 'xk6-kafka'],
]);

/** For messages: what `--out` takes. */
function outputTypes(): string[] {
  return [...Object.keys(OUTPUTS), ...OUTCOME_OUTPUTS].filter((type) => type !== OLD_OTEL).sort();
}

/** @param specification as `--out` takes it @returns whether it is an output of ours to a server */
export function sendsToServer(specification: string): boolean {
  const [named] = splitType(specification);
  const type = FORMER_NAMES.get(named) ?? named;
  return Object.hasOwn(OUTPUTS, type) && !FILE_OUTPUTS.includes(type);
}

/**
 * Makes an output of what `--out` says.
 *
 * @throws OutputError for a type that there is not, and for settings that cannot be read
 */
export function createOutput(specification: string, context: OutputContext): Output {
  const [named, argument] = splitType(specification);
  const type = FORMER_NAMES.get(named) ?? named;
  if (Object.hasOwn(OUTPUTS, type)) return OUTPUTS[type](argument, context);
  const known = `available types are: ${outputTypes().join(', ')}`;
  const place = findPackaged(type, context.folder ?? process.cwd());
  if (place !== null) return new PackagedOutput(place, argument, context);
  if (type === '') throw new OutputError(`--out needs the type of an output, as in json=samples.json; ${known}`);
  throw new OutputError(`invalid output type "${type}"${hintAtOutput(type)}; ${known}`);
}

/** What of k6 is no output here, and what there is instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['cloud', ': "sixfold cloud run" runs a test on a server of your own'],
  ['web-dashboard', ': --web serves the live page, --report FILE keeps it'],
]);

function hintAtOutput(type: string): string {
  return ELSEWHERE.get(type) ?? suggestName(type, [...outputTypes(), ...FORMER_NAMES.keys()]);
}

/** @throws OutputError for a package that is meant but cannot be used */
function findPackaged(type: string, folder: string): ExtensionPlace | null {
  try {
    return type === '' ? null : findExtension('outputs', type, folder);
  } catch (error) {
    if (error instanceof ExtensionError) throw new OutputError(error.message, { cause: error });
    throw error;
  }
}
