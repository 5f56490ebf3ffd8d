// Options as one source – config file, script, environment or flags – sets them: parsed, but without defaults.

import type { DnsSettings } from './network-options.ts';
import type { ThresholdOption, TlsAuth } from './options.ts';
import type { ScenarioSettings, StageSettings } from './scenario-settings.ts';

/** What a source set; a missing field was not set. Durations are milliseconds. Keys are those of k6. */
export interface OptionSettings {
  paused?: boolean;
  vus?: number;
  duration?: number;
  iterations?: number;
  stages?: readonly StageSettings[];
  scenarios?: Readonly<Record<string, ScenarioSettings>>;
  executionSegment?: string;
  executionSegmentSequence?: string;
  noSetup?: boolean;
  noTeardown?: boolean;
  setupTimeout?: number;
  teardownTimeout?: number;
  handleSummaryTimeout?: number;
  rps?: number;
  dns?: DnsSettings;
  maxRedirects?: number;
  maxResponseBytes?: number;
  userAgent?: string;
  batch?: number;
  batchPerHost?: number;
  httpDebug?: string;
  insecureSkipTLSVerify?: boolean;
  tlsCipherSuites?: readonly string[];
  tlsVersion?: { readonly min: string | null; readonly max: string | null };
  tlsAuth?: readonly TlsAuth[];
  throw?: boolean;
  thresholds?: Readonly<Record<string, readonly ThresholdOption[]>>;
  blacklistIPs?: readonly string[];
  blockHostnames?: readonly string[];
  hosts?: Readonly<Record<string, string>>;
  noConnectionReuse?: boolean;
  noVUConnectionReuse?: boolean;
  minIterationDuration?: number;
  cloud?: Readonly<Record<string, unknown>>;
  ext?: Readonly<Record<string, unknown>>;
  summaryTrendStats?: readonly string[];
  summaryTimeUnit?: string;
  systemTags?: readonly string[];
  tags?: Readonly<Record<string, string>>;
  metricSamplesBufferSize?: number;
  noCookiesReset?: boolean;
  discardResponseBodies?: boolean;
  consoleOutput?: string;
  localIPs?: string;
  httpProxy?: string;
}

export type OptionKey = keyof OptionSettings;

/** Options that k6 does not have: shown only where they are set, so that scripts see k6's list. */
export const OWN_KEYS: ReadonlySet<OptionKey> = new Set(['maxResponseBytes', 'httpProxy']);

/** System tags in the order in which k6 lists them. */
export const SYSTEM_TAGS: readonly string[] = [
  'proto',
  'subproto',
  'status',
  'method',
  'url',
  'name',
  'group',
  'check',
  'error',
  'error_code',
  'tls_version',
  'scenario',
  'service',
  'expected_response',
  'iter',
  'vu',
  'ocsp_status',
  'ip',
];
