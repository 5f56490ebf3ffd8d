// Settings of the output to OpenTelemetry (k6 page "OpenTelemetry").

import { basicAuthorization } from '../../addresses/credentials.ts';
import { decodePercent } from '../../addresses/percent-text.ts';
import { VERSION } from '../../options/package-version.ts';
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader } from '../settings-reader.ts';

/** Where OTLP goes, over either protocol. */
export interface OtlpTarget {
  readonly protocol: 'grpc' | 'http/protobuf';
  /** `host:port` */
  readonly endpoint: string;
  /** Of HTTP. */
  readonly path: string;
  readonly insecure: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** PEM; '' for none. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly insecureSkipVerify: boolean;
  /** What no message may show. */
  readonly hidden: readonly string[];
}

export interface OtelSettings {
  readonly target: OtlpTarget;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly prefix: string;
  readonly exportIntervalMs: number;
  /** Histograms whose buckets grow with the values, in place of fixed bounds. */
  readonly exponential: boolean;
}

const NOT_ASKED = [
  'flushInterval',
  'httpExporterUsername',
  'httpExporterPassword',
  'httpExporterUrlPath',
  'httpExporterURLPath',
];

/** `name=value,name=value`, as OTEL_EXPORTER_OTLP_HEADERS has it: values may be percent-encoded. @throws OutputError */
export function readHeaders(text: string, output: string): [string, string][] {
  return text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      // The pair may hold a password: it is not repeated.
      if (at < 1 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
        throw new OutputError(`the output ${output}: headers must be name=value, separated by commas`);
      const value = pair.slice(at + 1).trim();
      return [name.toLowerCase(), decodePercent(value)];
    });
}

/** @param argument of `--out opentelemetry`, which takes none @throws OutputError */
export function readOtelSettings(argument: string, context: SettingsContext): OtelSettings {
  const output = 'opentelemetry';
  if (argument !== '')
    throw new OutputError(
      `the output ${output} takes no argument: set K6_OTEL_… variables, such as K6_OTEL_GRPC_EXPORTER_ENDPOINT`,
    );
  const { env } = context;
  const reader = new SettingsReader({ output, collector: output, prefix: 'K6_OTEL_', context });
  const protocol = reader.choice('exporterProtocol', ['grpc', 'http/protobuf'], 'grpc');
  const isGrpc = protocol === 'grpc';
  const headers = readHeaders(reader.text('headers', env['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''), output);
  const user = isGrpc ? '' : reader.text('httpExporterUsername', '');
  const password = isGrpc ? '' : reader.text('httpExporterPassword', '');
  if ((user !== '' || password !== '') && !headers.some(([name]) => name === 'authorization'))
    headers.push(['authorization', basicAuthorization({ user, password })]);
  const settings: OtelSettings = {
    target: {
      protocol,
      endpoint: isGrpc
        ? readEndpoint(reader, 'grpcExporterEndpoint', 'localhost:4317')
        : readEndpoint(reader, 'httpExporterEndpoint', 'localhost:4318'),
      path: isGrpc ? '' : reader.text('httpExporterUrlPath', '/v1/metrics', 'HTTP_EXPORTER_URL_PATH'),
      insecure: reader.boolean(isGrpc ? 'grpcExporterInsecure' : 'httpExporterInsecure', false),
      headers,
      ca: reader.file('tlsCertificate'),
      cert: reader.file('tlsClientCertificate'),
      key: reader.file('tlsClientKey'),
      insecureSkipVerify: reader.boolean('tlsInsecureSkipVerify', false),
      hidden: [password, ...headers.map(([, value]) => value)],
    },
    serviceName: reader.text('serviceName', env['OTEL_SERVICE_NAME'] || 'k6'),
    serviceVersion: reader.text('serviceVersion', VERSION),
    prefix: reader.text('metricPrefix', ''),
    exportIntervalMs: reader.duration('exportInterval', 10_000),
    exponential: reader.boolean('exponentialHistograms', false),
  };
  // Those of the protocol that is not in use, too.
  reader.refuseUnknown(
    ...['grpc', 'http'].flatMap((one) => [`${one}ExporterEndpoint`, `${one}ExporterInsecure`]),
    ...NOT_ASKED,
  );
  return settings;
}

/** @throws OutputError for one with a name and a password, which it does not show */
function readEndpoint(reader: SettingsReader, key: string, byDefault: string): string {
  const endpoint = reader.text(key, byDefault);
  if (endpoint.includes('@'))
    throw new OutputError(
      `the output opentelemetry: ${key} is a host and a port: set K6_OTEL_HTTP_EXPORTER_USERNAME and _PASSWORD, or K6_OTEL_HEADERS`,
    );
  return endpoint;
}

/** As the announcement of a run shows it. */
export function describeOtel({ target: { protocol, endpoint, path, insecure } }: OtelSettings): string {
  return protocol === 'grpc'
    ? `opentelemetry (grpc, ${endpoint}${insecure ? ', insecure' : ''})`
    : `opentelemetry (${insecure ? 'http' : 'https'}://${endpoint}${path})`;
}
