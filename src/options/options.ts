// The consolidated options of a run as virtual users and modules see them: every default filled in, plain JSON data.

import type { ProxySettings } from '../wire/net/proxy-rules.ts';

/** TLS versions by the names that Node's `minVersion` and `maxVersion` take. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How host names become addresses. */
export interface DnsOptions {
  /** How long an answer is kept, in ms; 0 asks every time, null keeps it for ever. */
  readonly ttlMs: number | null;
  readonly select: 'first' | 'random' | 'roundRobin';
  readonly policy: 'preferIPv4' | 'preferIPv6' | 'onlyIPv4' | 'onlyIPv6' | 'any';
}

/** A client certificate. */
export interface TlsAuth {
  /** PEM. */
  readonly cert: string;
  /** PEM, possibly encrypted. */
  readonly key: string;
  readonly password: string | null;
  /** Host names (leading `*.` allowed) it is offered to; empty: every host. */
  readonly domains: readonly string[];
}

/** One expression of `options.thresholds`; its grammar is that of src/metrics. */
export interface ThresholdOption {
  readonly threshold: string;
  readonly abortOnFail: boolean;
  /** Ms of the run before which it does not abort. */
  readonly delayAbortEvalMs: number;
}

/** Part of an execution: `0:1` of `0,1` is all of it. */
export interface SegmentOption {
  readonly segment: string;
  readonly sequence: string;
}

/**
 * k6's options (k6 page "Options reference") with their defaults. Durations are milliseconds in fields named `…Ms`.
 * Structured-cloneable, so it goes to load workers as it is. Scenarios are not here: see scenario-config.ts.
 */
export interface Options {
  readonly paused: boolean;
  readonly executionSegment: SegmentOption;
  readonly noSetup: boolean;
  readonly noTeardown: boolean;
  readonly setupTimeoutMs: number;
  readonly teardownTimeoutMs: number;
  readonly handleSummaryTimeoutMs: number;
  /** HTTP requests per second over all virtual users; 0: no limit. */
  readonly rps: number;
  readonly dns: DnsOptions;
  readonly maxRedirects: number;
  /** Whether the user set `maxRedirects`: reaching the built-in limit is warned about, a chosen one is not. */
  readonly maxRedirectsSet: boolean;
  /** Octets that the bodies of responses may take while they are read and unpacked, all together. */
  readonly maxResponseBytes: number;
  /** '' sends no User-Agent header. */
  readonly userAgent: string;
  readonly batch: number;
  readonly batchPerHost: number;
  readonly httpDebug: 'headers' | 'full' | null;
  readonly insecureSkipTLSVerify: boolean;
  /** Names of CIPHER_SUITES as the script gave them; null: the default list. */
  readonly tlsCipherSuites: readonly string[] | null;
  readonly tlsVersion: { readonly min: TlsVersion | null; readonly max: TlsVersion | null };
  readonly tlsAuth: readonly TlsAuth[];
  readonly throw: boolean;
  /** By metric or submetric (`name{tag:value}`) exactly as written. Empty with `--no-thresholds`. */
  readonly thresholds: Readonly<Record<string, readonly ThresholdOption[]>>;
  /** CIDR blocks; a lone address is its /32 or /128. */
  readonly blacklistIPs: readonly string[];
  /** Lower case; a leading `*` stands for anything. */
  readonly blockHostnames: readonly string[];
  /** `host` or `host:port` (lower case, leading `*.` allowed) to `ip`, `ip:port` or `[ip]:port`. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Which proxies connections go through. */
  readonly proxies: ProxySettings;
  readonly noConnectionReuse: boolean;
  readonly noVUConnectionReuse: boolean;
  /** 0: no minimum. */
  readonly minIterationDurationMs: number;
  readonly cloud: Readonly<Record<string, unknown>> | null;
  readonly ext: Readonly<Record<string, unknown>> | null;
  readonly summaryTrendStats: readonly string[];
  /** null: each value in the unit that suits it. */
  readonly summaryTimeUnit: 's' | 'ms' | 'us' | null;
  readonly systemTags: readonly string[];
  /** Put on every sample. */
  readonly tags: Readonly<Record<string, string>>;
  readonly metricSamplesBufferSize: number;
  readonly noCookiesReset: boolean;
  readonly discardResponseBodies: boolean;
  /** A file that console output goes to; null: the log. */
  readonly consoleOutput: string | null;
  /** Addresses to connect from, one virtual user after the other; empty: whatever the system picks. */
  readonly localIPs: readonly string[];
  /**
   * The options as scripts see them in `exec.test.options` (and `inspect` prints without its nulls): k6's keys, null for
   * what nobody set, durations as text, shortcuts turned into scenarios.
   */
  readonly shown: Readonly<Record<string, unknown>>;
}
