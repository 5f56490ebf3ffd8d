// Every option by its key: how it is read from JSON and from an environment variable, and how it shows in JSON.

import { CIPHER_SUITES } from '../wire/net/cipher-suites.ts';
import { parseProxy } from '../wire/net/proxy.ts';
import { formatDuration, parseDuration, parseGoDuration } from './duration.ts';
import { JsonReader, snippet } from './json-reader.ts';
import {
  checkAddressBlock,
  checkHostPattern,
  checkHostTarget,
  DNS_POLICIES,
  DNS_SELECTS,
  type DnsSettings,
  parseDnsText,
  parseDnsTtl,
  parseLocalAddresses,
  showAddressBlock,
} from './network-options.ts';
import { type OptionKey, type OptionSettings, SYSTEM_TAGS } from './option-settings.ts';
import type { ThresholdOption, TlsAuth } from './options.ts';
import {
  readScenario,
  readStages,
  type ScenarioSettings,
  type StageSettings,
  showScenario,
  showStages,
} from './scenario-settings.ts';
import { checkTlsAuth, TLS_VERSIONS } from './tls-options.ts';

export interface OptionField<T> {
  /** @throws OptionValueError for another type, Error for a value that makes no sense */
  fromJson(reader: JsonReader): T;
  /** The environment variable, null for none. */
  readonly env: string | null;
  /** Reads the variable. @throws Error */
  fromText(text: string): T;
  /** Whether the variable set to nothing says something; else that is as if it were not set. */
  readonly emptyTextCounts?: true;
  show(value: T): unknown;
}

const asIs = (value: unknown): unknown => value;

function booleanField(env: string): OptionField<boolean> {
  return { fromJson: (r) => r.readBoolean(), env, fromText: parseBoolean, show: asIs };
}

function integerField(env: string): OptionField<number> {
  return { fromJson: (r) => r.readInteger(), env, fromText: parseInteger, show: asIs };
}

function durationField(env: string): OptionField<number> {
  return { fromJson: (r) => r.readDuration(), env, fromText: parseDuration, show: (ms) => formatDuration(ms) };
}

function textField(env: string | null): OptionField<string> {
  return { fromJson: (r) => r.readString(), env, fromText: (text) => text, show: asIs };
}

/** @param check throws for an item that makes no sense */
function listField(env: string | null, check: (item: string) => void = () => {}): OptionField<readonly string[]> {
  const checked = (items: string[]): string[] => {
    for (const item of items) check(item);
    return items;
  };
  return {
    fromJson: (r) => checked(r.readStringList()),
    env,
    fromText: (text) => checked(splitList(text)),
    show: asIs,
  };
}

/** A field that an environment variable gives as JSON. */
function jsonField<T>(
  env: string | null,
  fromJson: (reader: JsonReader) => T,
  show: (value: T) => unknown = asIs,
): OptionField<T> {
  return { fromJson, env, fromText: (text) => fromJson(new JsonReader(parseJson(text), [])), show };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${snippet(text)} is not valid JSON: ${(error as Error).message}`);
  }
}

/** As Go reads a flag's truth value. @throws Error */
export function parseBoolean(text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new Error(`"${text}" is neither true nor false`);
}

/** @throws Error */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`"${text}" is not a whole number`);
  return value;
}

/** @returns the parts between commas, without those that are blank */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * @param text `30s:10,1m:0`; either side of the colon may be missing
 * @throws Error, also for a duration without a unit
 */
export function parseStages(text: string): StageSettings[] {
  return splitList(text).map((stage) => {
    const at = stage.indexOf(':');
    const [duration, target] = at < 0 ? [stage, ''] : [stage.slice(0, at), stage.slice(at + 1)];
    return {
      duration: duration === '' ? null : parseGoDuration(duration),
      target: target === '' ? null : parseInteger(target),
    };
  });
}

/**
 * @param text `key:value,key2:value2`
 * @throws Error
 */
function parseTags(text: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const item of splitList(text)) {
    const at = item.indexOf(':');
    if (at < 1) throw new Error(`the tag "${item}" must have the form name:value`);
    out[item.slice(0, at)] = item.slice(at + 1);
  }
  return out;
}

function readDns(reader: JsonReader): DnsSettings {
  if (typeof reader.value === 'string') return parseDnsText(reader.value);
  reader.ignoreOthers(['ttl', 'select', 'policy']);
  const [ttl, select, policy] = ['ttl', 'select', 'policy'].map((key) => reader.field(key));
  const ttlText = ttl.missing ? null : typeof ttl.value === 'number' ? String(ttl.value) : ttl.readString();
  if (ttlText !== null) parseDnsTtl(ttlText);
  return {
    ttl: ttlText,
    select: select.missing ? null : select.readChoice(DNS_SELECTS),
    policy: policy.missing ? null : policy.readChoice(DNS_POLICIES),
  };
}

function readTlsVersion(reader: JsonReader): { min: string | null; max: string | null } {
  const read = (r: JsonReader): string | null =>
    r.missing || r.value === '' ? null : r.readChoice(Object.keys(TLS_VERSIONS));
  if (typeof reader.value === 'string') {
    const version = read(reader);
    return { min: version, max: version };
  }
  reader.ignoreOthers(['min', 'max']);
  const range = { min: read(reader.field('min')), max: read(reader.field('max')) };
  if (range.min !== null && range.max !== null && range.min > range.max)
    throw new Error(`tlsVersion has a min (${range.min}) above its max (${range.max})`);
  return range;
}

function readTlsAuth(reader: JsonReader): TlsAuth[] {
  const list = reader.readList((item): TlsAuth => {
    item.ignoreOthers(['cert', 'key', 'password', 'domains']);
    const password = item.field('password');
    const domains = item.field('domains');
    return {
      cert: item.field('cert').readString(),
      key: item.field('key').readString(),
      password: password.missing ? null : password.readString(),
      domains: domains.missing ? [] : domains.readStringList(),
    };
  });
  list.forEach(checkTlsAuth);
  return list;
}

function readThresholds(reader: JsonReader): Record<string, ThresholdOption[]> {
  return reader.readMap((metric) => {
    // No list is an empty one: the key alone makes a submetric.
    if (metric.missing) return [];
    return metric.readList((item): ThresholdOption => {
      if (typeof item.value === 'string') return { threshold: item.value, abortOnFail: false, delayAbortEvalMs: 0 };
      if (typeof item.value !== 'object' || item.value === null)
        return item.fail('text such as "p(95)<200" or an object with "threshold"');
      item.ignoreOthers(['threshold', 'abortOnFail', 'delayAbortEval']);
      const abort = item.field('abortOnFail');
      const delay = item.field('delayAbortEval');
      return {
        threshold: item.field('threshold').readString(),
        abortOnFail: !abort.missing && abort.readBoolean(),
        delayAbortEvalMs: delay.missing ? 0 : delay.readDuration(),
      };
    });
  });
}

function showThresholds(thresholds: Readonly<Record<string, readonly ThresholdOption[]>>): unknown {
  const show = ({ threshold, abortOnFail, delayAbortEvalMs }: ThresholdOption): unknown =>
    abortOnFail || delayAbortEvalMs > 0
      ? { threshold, abortOnFail, delayAbortEval: delayAbortEvalMs > 0 ? formatDuration(delayAbortEvalMs) : null }
      : threshold;
  return Object.fromEntries(Object.entries(thresholds).map(([metric, list]) => [metric, list.map(show)]));
}

function readHosts(reader: JsonReader): Record<string, string> {
  const hosts = reader.readStringMap();
  for (const [host, target] of Object.entries(hosts)) {
    checkHostPattern('hosts', host);
    checkHostTarget(host, target);
  }
  return hosts;
}

function readScenarios(reader: JsonReader): Record<string, ScenarioSettings> {
  return reader.readMap((item, name) => readScenario(item, name));
}

function checkCipherSuite(suite: string): void {
  if (!CIPHER_SUITES.includes(suite))
    throw new Error(`tlsCipherSuites has the unknown suite "${suite}": there are ${CIPHER_SUITES.join(', ')}`);
}

/** @throws Error unless it is a number that a trend's summary can show */
export function checkTrendStat(stat: string): void {
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat.trim());
  if (percentile ? Number(percentile[1]) <= 100 : ['avg', 'min', 'med', 'max', 'count'].includes(stat)) return;
  throw new Error(`summaryTrendStats has "${stat}", which is none of avg, min, med, max, count and p(0) to p(100)`);
}

/** System tags that nobody knows are left out, the others come in k6's order. */
function orderSystemTags(tags: readonly string[]): string[] {
  return SYSTEM_TAGS.filter((tag) => tags.includes(tag));
}

function checkProxy(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '') parseProxy(trimmed);
  return trimmed;
}

function readLocalIps(text: string): string {
  parseLocalAddresses(text);
  return text;
}

/** In the order in which they show. */
export const OPTION_FIELDS: { readonly [K in OptionKey]-?: OptionField<NonNullable<OptionSettings[K]>> } = {
  paused: booleanField('K6_PAUSED'),
  vus: integerField('K6_VUS'),
  duration: durationField('K6_DURATION'),
  iterations: integerField('K6_ITERATIONS'),
  stages: { fromJson: readStages, env: 'K6_STAGES', fromText: (text) => parseStages(text), show: showStages },
  scenarios: jsonField(null, readScenarios, (scenarios) =>
    Object.fromEntries(Object.entries(scenarios).map(([name, scenario]) => [name, showScenario(scenario)])),
  ),
  executionSegment: textField(null),
  executionSegmentSequence: textField(null),
  noSetup: booleanField('K6_NO_SETUP'),
  noTeardown: booleanField('K6_NO_TEARDOWN'),
  setupTimeout: durationField('K6_SETUP_TIMEOUT'),
  teardownTimeout: durationField('K6_TEARDOWN_TIMEOUT'),
  handleSummaryTimeout: durationField('K6_HANDLE_SUMMARY_TIMEOUT'),
  rps: integerField('K6_RPS'),
  dns: { fromJson: readDns, env: 'K6_DNS', fromText: parseDnsText, show: asIs },
  maxRedirects: integerField('K6_MAX_REDIRECTS'),
  maxResponseBytes: integerField('K6_MAX_RESPONSE_BYTES'),
  userAgent: textField('K6_USER_AGENT'),
  batch: integerField('K6_BATCH'),
  batchPerHost: integerField('K6_BATCH_PER_HOST'),
  httpDebug: textField('K6_HTTP_DEBUG'),
  insecureSkipTLSVerify: booleanField('K6_INSECURE_SKIP_TLS_VERIFY'),
  tlsCipherSuites: listField('K6_TLS_CIPHER_SUITES', checkCipherSuite),
  tlsVersion: jsonField(null, readTlsVersion, ({ min, max }) => ({ min, max })),
  tlsAuth: jsonField('K6_TLSAUTH', readTlsAuth),
  throw: booleanField('K6_THROW'),
  thresholds: jsonField('K6_THRESHOLDS', readThresholds, showThresholds),
  blacklistIPs: {
    ...listField('K6_BLACKLIST_IPS', checkAddressBlock),
    show: (blocks) => blocks.map(showAddressBlock),
  },
  blockHostnames: listField('K6_BLOCK_HOSTNAMES', (pattern) => checkHostPattern('blockHostnames', pattern)),
  hosts: jsonField('K6_HOSTS', readHosts),
  noConnectionReuse: booleanField('K6_NO_CONNECTION_REUSE'),
  noVUConnectionReuse: booleanField('K6_NO_VU_CONNECTION_REUSE'),
  minIterationDuration: durationField('K6_MIN_ITERATION_DURATION'),
  cloud: jsonField(null, (reader) => reader.readObject()),
  ext: jsonField(null, (reader) => reader.readObject()),
  summaryTrendStats: listField('K6_SUMMARY_TREND_STATS'),
  summaryTimeUnit: textField('K6_SUMMARY_TIME_UNIT'),
  systemTags: {
    fromJson: (r) => orderSystemTags(r.readStringList()),
    env: 'K6_SYSTEM_TAGS',
    fromText: (text) => orderSystemTags(splitList(text)),
    emptyTextCounts: true,
    show: (tags) => [...tags].sort(),
  },
  tags: { fromJson: (r) => r.readStringMap(), env: 'K6_TAGS', fromText: parseTags, show: asIs },
  metricSamplesBufferSize: integerField('K6_METRIC_SAMPLES_BUFFER_SIZE'),
  noCookiesReset: booleanField('K6_NO_COOKIES_RESET'),
  discardResponseBodies: booleanField('K6_DISCARD_RESPONSE_BODIES'),
  consoleOutput: textField('K6_CONSOLE_OUTPUT'),
  httpProxy: {
    fromJson: (r) => checkProxy(r.readString()),
    env: 'K6_HTTP_PROXY',
    fromText: checkProxy,
    emptyTextCounts: true,
    // Scripts and archives have no use for its password.
    show: (proxy) => (proxy === '' ? '' : parseProxy(proxy).shown),
  },
  localIPs: { fromJson: (r) => readLocalIps(r.readString()), env: 'K6_LOCAL_IPS', fromText: readLocalIps, show: asIs },
};

export const OPTION_KEYS = Object.keys(OPTION_FIELDS) as OptionKey[];
