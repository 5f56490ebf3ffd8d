// Settings of the output to Prometheus by remote write (k6 page "Prometheus remote write").

import { basicAuthorization, takeCredentials } from '../../addresses/credentials.ts';
import { trendStat } from '../../metrics/sinks/trend-stat.ts';
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader } from '../settings-reader.ts';
import type { AwsCredentials } from './aws-signature.ts';

export interface PrometheusSettings {
  /** Without credentials. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly hidden: readonly string[];
  readonly insecureSkipVerify: boolean;
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** PEM; '' for none. */
  readonly cert: string;
  readonly key: string;
  readonly pushIntervalMs: number;
  /** As `summaryTrendStats` calls them. */
  readonly trendStats: readonly string[];
  readonly nativeHistograms: boolean;
  readonly staleMarkers: boolean;
  /** Label `testid` of series without such a tag: dashboards made for k6 tell runs apart by it. '' for none. */
  readonly testId: string;
  readonly aws: AwsCredentials | null;
}

const OUTPUT = 'experimental-prometheus-rw';
const TLS_VERSIONS = { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** @throws OutputError for `name:value` that is none; it may hold a password, so it is not repeated */
function readHeader(pair: string): [string, string] {
  const at = pair.indexOf(':');
  const name = pair.slice(0, at).trim();
  if (at < 1 || !HEADER_NAME.test(name))
    throw new OutputError(`the output ${OUTPUT}: headers must be name:value, separated by commas`);
  return [name, pair.slice(at + 1).trim()];
}

function readHeaders(reader: SettingsReader, env: SettingsContext['env'], credentials: string): Record<string, string> {
  const headers = Object.fromEntries(reader.list('httpHeaders', []).map(readHeader));
  for (const [variable, value] of Object.entries(env)) {
    const name = /^(?:K6|SIXFOLD)_PROMETHEUS_RW_HEADERS_(.+)$/.exec(variable)?.[1];
    if (name !== undefined && value) Object.assign(headers, Object.fromEntries([readHeader(`${name}:${value}`)]));
  }
  return credentials === '' ? headers : { authorization: credentials, ...headers };
}

/** @param argument of `--out experimental-prometheus-rw=…`: the server's address @throws OutputError */
export function readPrometheusSettings(
  argument: string,
  context: SettingsContext & { readonly features?: readonly string[]; readonly runId?: string },
): PrometheusSettings {
  const reader = new SettingsReader({
    output: OUTPUT,
    collector: 'prometheus-rw',
    prefix: 'K6_PROMETHEUS_RW_',
    context,
    argument: argument === '' ? {} : { serverUrl: argument },
  });
  const url = reader.url('serverUrl', 'http://localhost:9090/api/v1/write');
  const given = takeCredentials(url);
  const user = given?.user || reader.text('username', '');
  const password = given?.password || reader.text('password', '');
  const token = reader.text('bearerToken', '');
  const trendStats = reader.list('trendStats', ['p(99)']);
  const unknown = trendStats.find((name) => trendStat(name) === undefined);
  if (unknown !== undefined)
    throw new OutputError(
      `the output ${OUTPUT}: trendStats: "${unknown}" is none of avg, min, med, max, count, sum, p(N)`,
    );
  const basic = user === '' && password === '' ? '' : basicAuthorization({ user, password });
  const headers = readHeaders(reader, context.env, token === '' ? basic : `Bearer ${token}`);
  const settings: PrometheusSettings = {
    url: url.href,
    headers,
    hidden: [password, token, ...Object.values(headers)],
    insecureSkipVerify: reader.boolean('insecureSkipTLSVerify', false, 'INSECURE_SKIP_TLS_VERIFY'),
    minVersion: TLS_VERSIONS[reader.choice('tlsMinimumVersion', ['1.0', '1.1', '1.2', '1.3'], '1.3')],
    cert: reader.file('clientCertificate'),
    key: reader.file('clientCertificateKey'),
    pushIntervalMs: reader.duration('pushInterval', 5000),
    trendStats,
    nativeHistograms:
      reader.boolean('trendAsNativeHistogram', false) || context.features?.includes('native-histograms') === true,
    staleMarkers: reader.boolean('staleMarkers', false),
    testId: context.runId ?? '',
    aws: readAws(reader),
  };
  reader.refuseUnknown();
  return settings;
}

/** @throws OutputError where only a part of the three is there */
function readAws(reader: SettingsReader): AwsCredentials | null {
  const region = reader.text('sigV4Region', '', 'SIGV4_REGION');
  const accessKey = reader.text('sigV4AccessKey', '', 'SIGV4_ACCESS_KEY');
  const secretKey = reader.text('sigV4SecretKey', '', 'SIGV4_SECRET_KEY');
  const given = [region, accessKey, secretKey].filter((text) => text !== '').length;
  if (given === 0) return null;
  if (given < 3)
    throw new OutputError(`the output ${OUTPUT}: SIGV4_REGION, SIGV4_ACCESS_KEY and SIGV4_SECRET_KEY go together`);
  return { region, accessKey, secretKey };
}

/** As the announcement of a run shows it. */
export function describePrometheus({ url }: PrometheusSettings): string {
  const { origin, pathname } = new URL(url);
  return `Prometheus remote write (${origin}${pathname})`;
}
