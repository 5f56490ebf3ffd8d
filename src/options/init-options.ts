// The defaults of all options.

import { SYSTEM_TAGS } from './option-settings.ts';
import type { Options } from './options.ts';
import { VERSION } from './package-version.ts';

const OPT_IN_TAGS = ['iter', 'vu', 'ocsp_status', 'ip'];

const DEFAULT_SYSTEM_TAGS: readonly string[] = SYSTEM_TAGS.filter((tag) => !OPT_IN_TAGS.includes(tag));
const DEFAULT_TREND_STATS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** The options before any source set one, which is also what init code sees: the script may yet export some. */
export const INIT_OPTIONS: Options = {
  paused: false,
  executionSegment: { segment: '', sequence: '' },
  noSetup: false,
  noTeardown: false,
  setupTimeoutMs: 60_000,
  teardownTimeoutMs: 60_000,
  handleSummaryTimeoutMs: 120_000,
  rps: 0,
  dns: { ttlMs: 300_000, select: 'random', policy: 'preferIPv4' },
  maxRedirects: 10,
  maxRedirectsSet: false,
  maxResponseBytes: 1e9,
  userAgent: `Sixfold/${VERSION} (k6 compatible)`,
  batch: 20,
  batchPerHost: 6,
  httpDebug: null,
  insecureSkipTLSVerify: false,
  tlsCipherSuites: null,
  tlsVersion: { min: null, max: null },
  tlsAuth: [],
  throw: false,
  thresholds: {},
  blacklistIPs: [],
  blockHostnames: [],
  hosts: {},
  proxies: { all: null, http: '', https: '', noProxy: '' },
  noConnectionReuse: false,
  noVUConnectionReuse: false,
  minIterationDurationMs: 0,
  cloud: null,
  ext: null,
  summaryTrendStats: DEFAULT_TREND_STATS,
  summaryTimeUnit: null,
  systemTags: DEFAULT_SYSTEM_TAGS,
  tags: {},
  metricSamplesBufferSize: 1000,
  noCookiesReset: false,
  discardResponseBodies: false,
  consoleOutput: null,
  localIPs: [],
  shown: {},
};
