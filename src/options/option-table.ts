// Every option, a row each: types, flags with their help, the reading of all sources and the reference are made of it.

import { parseProxy } from '../addresses/proxy-address.ts';
import { EXIT } from '../exit/exit-error.ts';
import { DEFAULT_DNS, DNS, mergeDns, resolveDns } from './dns-options.ts';
import { formatDuration } from './duration.ts';
import {
  ADDRESS_BLOCKS,
  HOST_PATTERNS,
  HOSTS,
  LOCAL_ADDRESSES,
  PROXY,
  parseLocalAddresses,
} from './network-options.ts';
import { type AnyOptionRow, converted, option, renamed, shortcut } from './option-row.ts';
import { VERSION } from './package-version.ts';
import { SCENARIOS } from './scenario-settings.ts';
import { parseSegment, parseSegmentSequence } from './segment.ts';
import { STAGES } from './stages.ts';
import { checkTimeUnit, checkTrendStats, DEFAULT_TREND_STATS } from './summary-options.ts';
import { DEFAULT_SYSTEM_TAGS, OPT_IN_TAGS, SYSTEM_TAGS, TAGS } from './tag-options.ts';
import { THRESHOLDS } from './threshold-options.ts';
import { CIPHERS, resolveTlsVersion, TLS_AUTH, TLS_VERSION } from './tls-options.ts';
import { mergeTracing, resolveTracing, TRACING, type Tracing } from './tracing-options.ts';
import { checkedAsFlag, DURATION, INTEGER, listThat, OBJECT, TEXT, TRUTH } from './value-forms.ts';

const MOST_FAILURE_SAMPLES = 50;

function positiveDuration(key: string): (ms: number) => void {
  return (ms) => {
    if (ms <= 0) throw new Error(`${key} must be more than 0, but is ${formatDuration(ms)}`);
  };
}

function notNegative(key: string): (value: number) => void {
  return (value) => {
    if (value < 0) throw new Error(`${key} can't be negative, but is ${value}`);
  };
}

/** For k6's cloud, and whoever reads the options. */
const NO_EFFECT = converted({
  group: 'results',
  means: 'accepted, no effect',
  form: OBJECT,
  env: null,
  flag: null,
  default: null,
  resolve: (given): Readonly<Record<string, unknown>> | null => given,
});

/** In the order in which they show (k6 page "Options reference"). Durations are milliseconds, resolved in fields named `…Ms`. */
const OPTION_TABLE = {
  paused: option({
    group: 'load',
    means: 'waits before setup() until the test is resumed',
    form: TRUTH,
    env: 'K6_PAUSED',
    flag: '-p, --paused',
    default: false,
  }),
  vus: shortcut({
    group: 'load',
    means: 'number of virtual users',
    form: INTEGER,
    env: 'K6_VUS',
    flag: '-u, --vus <number>',
    defaultText: '1',
  }),
  duration: shortcut({
    group: 'load',
    means: 'how long they iterate, such as 30s or 5m',
    form: DURATION,
    env: 'K6_DURATION',
    flag: '-d, --duration <duration>',
  }),
  iterations: shortcut({
    group: 'load',
    means: 'iterations altogether, shared by all virtual users',
    form: INTEGER,
    env: 'K6_ITERATIONS',
    flag: '-i, --iterations <number>',
  }),
  stages: shortcut({
    group: 'load',
    means: 'ramps of virtual users: [{ duration, target }], as text 30s:10,1m:0',
    form: STAGES,
    env: 'K6_STAGES',
    flag: '-s, --stage <duration:target>',
  }),
  scenarios: shortcut({
    group: 'load',
    means: 'several loads side by side, each with an executor of its own',
    form: SCENARIOS,
    env: null,
    flag: null,
  }),
  executionSegment: option({
    group: 'load',
    means: 'the part of the test that this machine runs, such as 0:1/3 or 25%',
    form: checkedAsFlag(TEXT, parseSegment),
    env: null,
    flag: '--execution-segment <from:to>',
    default: '',
    defaultText: 'all',
  }),
  executionSegmentSequence: option({
    group: 'load',
    means: 'how the whole test is divided, such as 0,1/3,2/3,1',
    form: checkedAsFlag(TEXT, parseSegmentSequence),
    env: null,
    flag: '--execution-segment-sequence <points>',
    default: '',
  }),
  noSetup: option({
    group: 'load',
    means: 'leaves setup() out',
    form: TRUTH,
    env: 'K6_NO_SETUP',
    flag: '--no-setup',
    default: false,
  }),
  noTeardown: option({
    group: 'load',
    means: 'leaves teardown() out',
    form: TRUTH,
    env: 'K6_NO_TEARDOWN',
    flag: '--no-teardown',
    default: false,
  }),
  setupTimeout: renamed({
    group: 'load',
    means: 'how long setup() may take, else the run ends with 100',
    form: DURATION,
    env: 'K6_SETUP_TIMEOUT',
    flag: null,
    as: 'setupTimeoutMs',
    default: 60_000,
    check: positiveDuration('setupTimeout'),
  }),
  teardownTimeout: renamed({
    group: 'load',
    means: 'how long teardown() may take, else the run ends with 101',
    form: DURATION,
    env: 'K6_TEARDOWN_TIMEOUT',
    flag: null,
    as: 'teardownTimeoutMs',
    default: 60_000,
    check: positiveDuration('teardownTimeout'),
  }),
  handleSummaryTimeout: renamed({
    group: 'results',
    means: 'how long handleSummary() may take, else the usual summary is shown',
    form: DURATION,
    env: 'K6_HANDLE_SUMMARY_TIMEOUT',
    flag: null,
    as: 'handleSummaryTimeoutMs',
    default: 120_000,
    check: positiveDuration('handleSummaryTimeout'),
  }),
  rps: converted({
    group: 'requests',
    means: 'limit of HTTP requests per second over all virtual users; 0: none',
    form: INTEGER,
    env: 'K6_RPS',
    flag: '--rps <number>',
    default: 0,
    // Nothing or less is no limit.
    resolve: (rps) => Math.max(0, rps),
  }),
  dns: converted({
    group: 'requests',
    means:
      'how names are resolved; select is first, random or roundRobin, policy preferIPv4, preferIPv6, onlyIPv4, onlyIPv6 or any',
    form: DNS,
    env: 'K6_DNS',
    flag: '--dns <options>',
    default: DEFAULT_DNS,
    defaultText: 'ttl=5m,select=random,policy=preferIPv4',
    resolve: resolveDns,
    layOver: mergeDns,
    shownUnset: { ttl: null, select: null, policy: null },
  }),
  maxRedirects: option({
    group: 'requests',
    means: 'redirects that are followed',
    form: INTEGER,
    env: 'K6_MAX_REDIRECTS',
    flag: '--max-redirects <number>',
    default: 10,
    check: notNegative('maxRedirects'),
  }),
  maxResponseBytes: option({
    group: 'requests',
    means:
      'bytes that the bodies of responses may take while they are read and unpacked, all virtual users together; more is error 1702',
    form: INTEGER,
    env: 'K6_MAX_RESPONSE_BYTES',
    flag: '--max-response-bytes <number>',
    default: 1e9,
    check: (bytes) => {
      if (bytes < 1) throw new Error(`maxResponseBytes must be a number of bytes, 1 or more, but is ${bytes}`);
    },
    isOwn: true,
  }),
  userAgent: option({
    group: 'requests',
    means: "the User-Agent header of HTTP requests; '' sends none",
    form: TEXT,
    env: 'K6_USER_AGENT',
    flag: '--user-agent <text>',
    default: `Sixfold/${VERSION} (k6 compatible)`,
    defaultText: 'Sixfold/… (k6 compatible)',
  }),
  batch: option({
    group: 'requests',
    means: 'requests of http.batch at the same time',
    form: INTEGER,
    env: 'K6_BATCH',
    flag: '--batch <number>',
    default: 20,
    check: notNegative('batch'),
  }),
  batchPerHost: option({
    group: 'requests',
    means: 'requests of http.batch to one host at the same time',
    form: INTEGER,
    env: 'K6_BATCH_PER_HOST',
    flag: '--batch-per-host <number>',
    default: 6,
    check: notNegative('batchPerHost'),
  }),
  httpDebug: converted({
    group: 'requests',
    means: 'logs HTTP and gRPC requests and their responses; full: with their bodies',
    form: TEXT,
    env: 'K6_HTTP_DEBUG',
    flag: '--http-debug [mode]',
    impliedText: 'headers',
    default: null,
    resolve: (mode): 'headers' | 'full' | null => (mode === '' ? null : mode === 'full' ? 'full' : 'headers'),
  }),
  insecureSkipTLSVerify: option({
    group: 'requests',
    means: "doesn't verify certificates of servers",
    form: TRUTH,
    env: 'K6_INSECURE_SKIP_TLS_VERIFY',
    flag: '--insecure-skip-tls-verify',
    default: false,
  }),
  tlsCipherSuites: converted({
    group: 'requests',
    means: 'cipher suites by their IANA names; TLS 1.3 chooses by itself',
    form: CIPHERS,
    env: 'K6_TLS_CIPHER_SUITES',
    flag: null,
    default: null,
    resolve: (suites): readonly string[] | null => (suites.length > 0 ? suites : null),
  }),
  tlsVersion: converted({
    group: 'requests',
    means: "a version such as 'tls1.3', or { min, max }",
    form: TLS_VERSION,
    env: null,
    flag: null,
    default: resolveTlsVersion({ min: null, max: null }),
    resolve: resolveTlsVersion,
  }),
  tlsAuth: option({
    group: 'requests',
    means: 'client certificates in PEM: [{ cert, key, password, domains }]',
    form: TLS_AUTH,
    env: 'K6_TLSAUTH',
    flag: null,
    default: [],
  }),
  throw: option({
    group: 'requests',
    means: 'failed HTTP requests throw',
    form: TRUTH,
    env: 'K6_THROW',
    flag: '-w, --throw',
    default: false,
  }),
  thresholds: option({
    group: 'results',
    means: 'what has to hold at the end, by metric; --no-thresholds leaves them out',
    form: THRESHOLDS,
    env: 'K6_THRESHOLDS',
    flag: null,
    default: {},
  }),
  failureSamples: option({
    group: 'results',
    means: 'failures of each code that are kept whole, with request and response: for the report; 0 keeps none',
    form: INTEGER,
    env: 'K6_FAILURE_SAMPLES',
    flag: '--failure-samples <number>',
    default: 3,
    check: (count) => {
      if (count < 0 || count > MOST_FAILURE_SAMPLES)
        throw new Error(`failureSamples must be 0 to ${MOST_FAILURE_SAMPLES}, but is ${count}`);
    },
    isOwn: true,
  }),
  tracing: converted({
    group: 'requests',
    means:
      'has HTTP requests and gRPC calls carry the context of a trace, one for each iteration; propagator is w3c or jaeger, sampling the share of traces to keep',
    form: TRACING,
    env: 'K6_TRACING',
    flag: '--tracing <options>',
    default: null as Tracing | null,
    defaultText: 'none; with --traces-output propagator=w3c,sampling=1',
    resolve: resolveTracing,
    layOver: mergeTracing,
    isOwn: true,
  }),
  blacklistIPs: option({
    group: 'requests',
    means: 'addresses that must not be contacted, such as 10.0.0.0/8: error 1110',
    form: ADDRESS_BLOCKS,
    env: 'K6_BLACKLIST_IPS',
    flag: '--blacklist-ip <block>',
    default: [],
  }),
  blockHostnames: converted({
    group: 'requests',
    means: 'host names that must not be contacted, such as *.example.com: error 1111',
    form: HOST_PATTERNS,
    env: 'K6_BLOCK_HOSTNAMES',
    flag: '--block-hostnames <pattern>',
    default: [],
    resolve: (patterns) => patterns.map((pattern) => pattern.toLowerCase()),
  }),
  hosts: converted({
    group: 'requests',
    means: "where names lead: { 'shop.example': '127.0.0.1:8800' }, with or without port, *. in front",
    form: HOSTS,
    env: 'K6_HOSTS',
    flag: null,
    default: {},
    resolve: (hosts): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(hosts).map(([host, target]) => [host.toLowerCase(), target])),
  }),
  noConnectionReuse: option({
    group: 'requests',
    means: 'a new connection for every request',
    form: TRUTH,
    env: 'K6_NO_CONNECTION_REUSE',
    flag: '--no-connection-reuse',
    default: false,
  }),
  noVUConnectionReuse: option({
    group: 'requests',
    means: 'new connections in every iteration',
    form: TRUTH,
    env: 'K6_NO_VU_CONNECTION_REUSE',
    flag: '--no-vu-connection-reuse',
    default: false,
  }),
  minIterationDuration: renamed({
    group: 'load',
    means: 'iterations that are shorter wait until then',
    form: DURATION,
    env: 'K6_MIN_ITERATION_DURATION',
    flag: '--min-iteration-duration <duration>',
    as: 'minIterationDurationMs',
    default: 0,
  }),
  cloud: NO_EFFECT,
  ext: NO_EFFECT,
  summaryTrendStats: option({
    group: 'results',
    means: 'numbers that the summary shows of trends: also count and any p(N)',
    form: checkedAsFlag(listThat(), checkTrendStats),
    env: 'K6_SUMMARY_TREND_STATS',
    flag: '--summary-trend-stats <stats>',
    default: DEFAULT_TREND_STATS,
    check: checkTrendStats,
    refusedWith: EXIT.other,
    shownUnset: DEFAULT_TREND_STATS,
  }),
  summaryTimeUnit: converted({
    group: 'results',
    means: 'unit of all times in the summary: s, ms or us; else what suits each value',
    form: checkedAsFlag(TEXT, checkTimeUnit),
    env: 'K6_SUMMARY_TIME_UNIT',
    flag: '--summary-time-unit <unit>',
    default: null,
    check: checkTimeUnit,
    resolve: (unit): 's' | 'ms' | 'us' | null => (unit === 's' || unit === 'ms' || unit === 'us' ? unit : null),
  }),
  systemTags: option({
    group: 'results',
    means: 'tags that samples get by themselves',
    form: SYSTEM_TAGS,
    env: 'K6_SYSTEM_TAGS',
    emptyTextCounts: true,
    flag: '--system-tags <tags>',
    default: DEFAULT_SYSTEM_TAGS,
    defaultText: `all but ${OPT_IN_TAGS.join(', ')}`,
    shownUnset: DEFAULT_SYSTEM_TAGS,
  }),
  tags: option({
    group: 'results',
    means: 'tags on every sample; as a variable name:value,…',
    form: TAGS,
    env: 'K6_TAGS',
    flag: '--tag <name=value>',
    default: {},
  }),
  metricSamplesBufferSize: option({
    group: 'results',
    means: 'accepted, no effect',
    form: INTEGER,
    env: 'K6_METRIC_SAMPLES_BUFFER_SIZE',
    flag: null,
    default: 1000,
    check: notNegative('metricSamplesBufferSize'),
  }),
  noCookiesReset: option({
    group: 'requests',
    means: 'cookies outlive the iteration',
    form: TRUTH,
    env: 'K6_NO_COOKIES_RESET',
    flag: null,
    default: false,
  }),
  discardResponseBodies: option({
    group: 'requests',
    means: 'reads response bodies, but does not keep them',
    form: TRUTH,
    env: 'K6_DISCARD_RESPONSE_BODIES',
    flag: '--discard-response-bodies',
    default: false,
  }),
  consoleOutput: converted({
    group: 'results',
    means: 'a file for what the script logs with console',
    form: TEXT,
    env: 'K6_CONSOLE_OUTPUT',
    flag: '--console-output <file>',
    default: null,
    resolve: (file): string | null => file || null,
    notForScripts: true,
  }),
  httpProxy: renamed({
    group: 'requests',
    means: "a proxy for every connection, whatever HTTP_PROXY and HTTPS_PROXY say; '' for none",
    form: PROXY,
    env: 'K6_HTTP_PROXY',
    emptyTextCounts: true,
    flag: '--http-proxy <url>',
    as: null,
    default: '',
    check: (proxy) => {
      if (proxy !== '') parseProxy(proxy);
    },
    isOwn: true,
  }),
  localIPs: converted({
    group: 'requests',
    means: 'addresses, ranges and blocks that virtual users connect from, in turn',
    form: LOCAL_ADDRESSES,
    env: 'K6_LOCAL_IPS',
    flag: '--local-ips <list>',
    default: [],
    resolve: (list): readonly string[] => (list === '' ? [] : parseLocalAddresses(list)),
    notForScripts: true,
  }),
};

type Table = typeof OPTION_TABLE;
type SettingOf<Key extends OptionKey> = ReturnType<Table[Key]['form']['fromJson']>;
type ResolvedName<Key extends OptionKey> = Table[Key]['as'] extends '' ? Key : Table[Key]['as'] & string;

export type OptionKey = keyof Table;

/** Options as one source sets them; a missing one was not set. Keys are those of k6. */
export type OptionSettings = { [Key in OptionKey]?: SettingOf<Key> };

/** The options that a run works with, every default filled in. */
export type ResolvedOptions = {
  readonly [Key in OptionKey as ResolvedName<Key>]: Table[Key]['default'];
};

/** All rows, for what treats them alike. */
export const OPTION_ROWS: Readonly<Record<OptionKey, AnyOptionRow>> = OPTION_TABLE;

export const OPTION_KEYS = Object.keys(OPTION_TABLE) as readonly OptionKey[];
