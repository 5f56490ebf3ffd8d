// Settings of the outputs to InfluxDB 1 (k6 page "InfluxDB") and 2 (README of xk6-output-influxdb).
import { basicAuthorization, takeCredentials } from '../../addresses/credentials.ts';
import { decodePercent } from '../../addresses/percent-text.ts';
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader, toCamelCase } from '../settings-reader.ts';

/** How a tag becomes a field. */
export type FieldType = 'string' | 'int' | 'float' | 'bool';
/** Digits of time behind a second. */
export type Precision = 's' | 'ms' | 'us' | 'ns';

export interface InfluxSettings {
  readonly version: 1 | 2;
  /** Of the server, without credentials, ending in `/`. */
  readonly address: string;
  /** Of the query of a write: what says where to. */
  readonly query: Readonly<Record<string, string>>;
  /** To be created; '' for none. */
  readonly database: string;
  /** The header, and the secrets in it. */
  readonly authorization: string;
  readonly hidden: readonly string[];
  readonly insecure: boolean;
  readonly proxy: string;
  readonly pushIntervalMs: number;
  readonly concurrentWrites: number;
  readonly precision: Precision;
  readonly tagsAsFields: Readonly<Record<string, FieldType>>;
}

const PRECISIONS: Readonly<Record<string, Precision>> = { s: 's', ms: 'ms', u: 'us', us: 'us', n: 'ns', ns: 'ns' };
const FIELD_TYPES: readonly FieldType[] = ['string', 'int', 'float', 'bool'];
const DEFAULT_ADDRESS = 'http://localhost:8086';
const DEFAULT_FIELDS = ['vu:int', 'iter:int', 'url'];

/** @returns the address and settings of `http://user:password@host:8086/name?pushInterval=2s` */
function readArgument(output: string, text: string): Record<string, string> {
  if (text === '') return {};
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OutputError(`the output ${output} needs an address such as ${DEFAULT_ADDRESS}/NAME behind its "="`);
  const settings: Record<string, string> = { addr: `${url.protocol}//${url.host}` };
  const name = decodePercent(url.pathname.replace(/^\/|\/$/g, ''));
  if (name !== '') settings['name'] = name;
  if (url.username !== '') settings['username'] = decodePercent(url.username);
  if (url.password !== '') settings['password'] = decodePercent(url.password);
  for (const key of url.searchParams.keys()) settings[toCamelCase(key)] = url.searchParams.getAll(key).join(',');
  return settings;
}

/** @throws OutputError for what is not TAG or TAG:TYPE */
export function readFields(output: string, list: readonly string[]): Record<string, FieldType> {
  return Object.fromEntries(
    list.map((word): [string, FieldType] => {
      const [tag, type = 'string'] = word.split(':');
      const known = FIELD_TYPES.find((one) => one === type);
      if (known === undefined)
        throw new OutputError(
          `the output ${output}: tagsAsFields: "${word}" is not TAG:TYPE of ${FIELD_TYPES.join(', ')}`,
        );
      return [tag, known];
    }),
  );
}

/** @param argument of `--out influxdb=…` @throws OutputError */
export function readInfluxSettings(argument: string, context: SettingsContext): InfluxSettings {
  const output = 'influxdb';
  const given = readArgument(output, argument);
  const reader = new SettingsReader({
    output,
    collector: 'influxdb',
    prefix: 'K6_INFLUXDB_',
    context,
    argument: { ...given, ...(given['name'] !== undefined && { db: given['name'] }) },
  });
  const { login, ...common } = readCommon(reader, output);
  const user = reader.text('username', login?.user ?? '');
  const password = reader.text('password', login?.password ?? '');
  const database = reader.text('db', 'k6');
  const precision = reader.choice('precision', Object.keys(PRECISIONS), 'ns');
  const settings: InfluxSettings = {
    version: 1,
    ...common,
    query: {
      consistency: reader.text('consistency', ''),
      db: database,
      precision,
      rp: reader.text('retention', ''),
    },
    database,
    precision: PRECISIONS[precision]!,
    authorization: user === '' && password === '' ? '' : basicAuthorization({ user, password }),
    hidden: [password],
  };
  // A name in the path is the database; k6 cuts what it sends over UDP to a size, which is not in use here.
  reader.refuseUnknown('name', 'payloadSize');
  return settings;
}

/** @param argument of `--out xk6-influxdb=…` @throws OutputError */
export function readInfluxV2Settings(argument: string, context: SettingsContext): InfluxSettings {
  const output = 'xk6-influxdb';
  const given = readArgument(output, argument);
  const reader = new SettingsReader({
    output,
    collector: 'xk6-influxdb',
    prefix: 'K6_INFLUXDB_',
    context,
    argument: { ...given, ...(given['name'] !== undefined && { bucket: given['name'] }) },
  });
  // Version 2 knows no users.
  const { login: _, ...common } = readCommon(reader, output);
  const token = reader.text('token', '');
  const bucket = reader.text('bucket', '');
  if (bucket === '')
    throw new OutputError(`the output ${output} needs a bucket: ${DEFAULT_ADDRESS}/BUCKET, or K6_INFLUXDB_BUCKET`);
  const precision = PRECISIONS[reader.choice('precision', Object.keys(PRECISIONS), 'ns')]!;
  const settings: InfluxSettings = {
    version: 2,
    ...common,
    query: { org: reader.text('organization', ''), bucket, precision },
    database: '',
    precision,
    authorization: token === '' ? '' : `Token ${token}`,
    hidden: [token],
  };
  // A name in the path is the bucket.
  reader.refuseUnknown('name', 'username', 'password');
  return settings;
}

function readCommon(reader: SettingsReader, output: string) {
  const address = reader.url('addr', DEFAULT_ADDRESS);
  return {
    login: takeCredentials(address),
    address: `${address.protocol}//${address.host}${address.pathname.replace(/\/?$/, '/')}`,
    insecure: reader.boolean('insecure', false),
    proxy: reader.proxy('proxy'),
    pushIntervalMs: reader.duration('pushInterval', 1000),
    concurrentWrites: reader.count('concurrentWrites', 4),
    tagsAsFields: readFields(output, reader.list('tagsAsFields', DEFAULT_FIELDS)),
  };
}

/** As the announcement of a run shows it. */
export function describeInflux({ address, database, query }: InfluxSettings): string {
  return `influxdb (${address}${database || query['bucket']})`;
}
