// Settings of the output to Kafka (k6 page "Apache Kafka").
import { type FieldType, readFields } from '../influxdb/influx-settings.ts';
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader } from '../settings-reader.ts';

export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly format: 'json' | 'influxdb';
  /** Of the format `influxdb`. */
  readonly tagsAsFields: Readonly<Record<string, FieldType>>;
  readonly sasl: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly username: string;
    readonly password: string;
  } | null;
  readonly tls: { readonly rejectUnauthorized: boolean } | null;
  readonly pushIntervalMs: number;
  /** What the package of the client is looked for from. */
  readonly folder: string;
}

const OUTPUT = 'xk6-kafka';
const MECHANISMS = {
  none: null,
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** @returns the settings of `brokers={a:1,b:2},topic=k6,format=influxdb,influxdb.tagsAsFields={url}` @throws OutputError */
function readArgument(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [whole, key, listed, plain] of text.matchAll(/([^=,]+)=(?:\{([^}]*)\}|([^,]*))(?:,|$)|[^,]+(?:,|$)/g)) {
    // What cannot be read may be a password: it is not repeated.
    if (key === undefined)
      throw new OutputError(
        `the output ${OUTPUT} takes KEY=VALUE between commas, as in brokers={a:9092,b:9092},topic=k6`,
      );
    void whole;
    settings[key.trim() === 'influxdb.tagsAsFields' ? 'tagsAsFields' : key.trim()] = (listed ?? plain ?? '').trim();
  }
  return settings;
}

/** @param argument of `--out xk6-kafka=…` @throws OutputError */
export function readKafkaSettings(
  argument: string,
  context: SettingsContext & { readonly folder?: string },
): KafkaSettings {
  const reader = new SettingsReader({
    output: OUTPUT,
    collector: 'kafka',
    prefix: 'K6_KAFKA_',
    context,
    argument: readArgument(argument),
  });
  const given = reader.list('brokers', []);
  if (given.some((broker) => broker.includes('@')))
    throw new OutputError(
      `the output ${OUTPUT}: brokers are host:port each: set saslUser, saslPassword and authMechanism`,
    );
  const brokers = given.map((broker) => (/:\d+$/.test(broker) ? broker : `${broker}:9092`));
  const topic = reader.text('topic', '');
  if (brokers.length === 0 || topic === '')
    throw new OutputError(
      `the output ${OUTPUT} needs brokers and a topic, as in ${OUTPUT}=brokers=localhost:9092,topic=k6`,
    );
  const mechanism =
    MECHANISMS[reader.choice('authMechanism', Object.keys(MECHANISMS) as (keyof typeof MECHANISMS)[], 'none')];
  const [username, password] = [reader.text('saslUser', ''), reader.text('saslPassword', '')];
  const isUnchecked = reader.boolean('insecureSkipTlsVerify', false);
  const settings: KafkaSettings = {
    brokers,
    topic,
    format: reader.choice('format', ['json', 'influxdb'], 'json'),
    tagsAsFields: readFields(OUTPUT, reader.list('tagsAsFields', ['vu:int', 'iter:int', 'url'])),
    sasl: mechanism === null ? null : { mechanism, username, password },
    tls: reader.boolean('ssl', false) ? { rejectUnauthorized: !isUnchecked } : null,
    pushIntervalMs: reader.duration('pushInterval', 1000),
    folder: context.folder ?? process.cwd(),
  };
  reader.refuseUnknown();
  return settings;
}

/** As the announcement of a run shows it. */
export function describeKafka({ brokers, topic }: KafkaSettings): string {
  return `${OUTPUT} (${brokers.join(', ')}, topic ${topic})`;
}
