// From all sources of options to the ones in force: defaults < config file < script < environment < flags.

import { EXIT, ExitError, invalidConfig } from '../exit/exit-error.ts';
import { parseProxy } from '../wire/net/proxy.ts';
import type { ProxySettings } from '../wire/net/proxy-rules.ts';
import { deriveScenarios, EXECUTION_KEYS } from './derive-scenarios.ts';
import { formatDuration } from './duration.ts';
import { INIT_OPTIONS } from './init-options.ts';
import { mergeDns, parseLocalAddresses, resolveDns } from './network-options.ts';
import { checkTrendStat, OPTION_FIELDS, OPTION_KEYS, type OptionField } from './option-fields.ts';
import { type OptionSettings, OWN_KEYS } from './option-settings.ts';
import type { Options } from './options.ts';
import { readProxies } from './proxy-variables.ts';
import { readConfigSettings, readEnvSettings, readScriptSettings } from './read-settings.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { ScenarioConfig } from './scenario-config.ts';
import { findShare } from './segment.ts';
import { TLS_VERSIONS } from './tls-options.ts';

/** Where options come from. */
export interface OptionSources {
  /** What the flags said (cli/option-flags.ts). */
  readonly cli: OptionSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The config file's JSON; undefined for none. */
  readonly configFile: unknown;
  /** The script's `options` in JSON form, or an archive's; undefined for none. */
  readonly script: unknown;
  /** Thresholds are left out, wherever they come from (`--no-thresholds`). */
  readonly noThresholds?: boolean;
  /** Tags of the environment and the flags are added to those of lower levels instead of replacing them. */
  readonly mergesTags?: boolean;
  /** Tags that every sample carries, whatever the sources say. */
  readonly runTags?: Readonly<Record<string, string>>;
}

export interface ConsolidatedOptions {
  readonly options: Options;
  /** The shortcuts in force, in the form of `inspect`; the scenarios made of them are among the options. */
  readonly shownShortcuts: Readonly<Record<string, unknown>>;
  /** Valid, ordered by start and then by name. */
  readonly scenarios: readonly ScenarioConfig[];
  /** What the user should know, to be logged. */
  readonly warnings: readonly string[];
  /** What was set and is ignored, a sentence each: unknown fields, mostly. */
  readonly ineffective: readonly string[];
}

/**
 * Puts the options in force together.
 *
 * @throws ExitError 104 for options that make no sense, 255 for unknown trend stats
 */
export function consolidateOptions(sources: OptionSources): ConsolidatedOptions {
  const warnings: string[] = [];
  const ineffective: string[] = [];
  const settings = mergeSources(sources, warnings, ineffective);
  checkValues(settings);
  const scenarioSettings = deriveScenarios(settings, warnings);
  const problems: string[] = [];
  const scenarios = Object.entries(scenarioSettings).map(([name, scenario]) => {
    const own: string[] = [];
    const config = resolveScenario(name, scenario, own);
    if (own.length > 0) problems.push(`scenario ${name} has configuration errors: ${own.join(', ')}`);
    return config;
  });
  if (problems.length > 0) {
    throw invalidConfig(
      `There were problems with the specified script configuration:${problems.map((p) => `\n\t- ${p}`).join('')}`,
    );
  }
  scenarios.sort((a, b) => a.startTimeMs - b.startTimeMs || (a.name < b.name ? -1 : 1));
  const { vus, duration, iterations, stages } = showSettings(settings);
  return {
    options: resolveOptions({ ...settings, scenarios: scenarioSettings }, readProxies(settings.httpProxy, sources.env)),
    shownShortcuts: { vus, duration, iterations, stages },
    scenarios,
    warnings,
    ineffective,
  };
}

/** What all sources say together, in the form of an archive: null for what nobody set. @throws ExitError 104 */
export function showMergedOptions(sources: OptionSources): Record<string, unknown> {
  return showSettings(mergeSources(sources, [], []));
}

/** What a script's `options` say by themselves, in the form that `inspect` prints. @throws ExitError 104 */
export function showScriptOptions(script: unknown): { shown: Record<string, unknown>; warnings: readonly string[] } {
  const warnings: string[] = [];
  const settings = readScriptSettings(script, warnings);
  checkValues(settings);
  return { shown: showSettings(settings), warnings };
}

function mergeSources(sources: OptionSources, warnings: string[], ineffective: string[]): OptionSettings {
  // Thresholds that don't count are not even read.
  const without = (source: unknown): unknown =>
    sources.noThresholds && source !== null && typeof source === 'object' && !Array.isArray(source)
      ? { ...source, thresholds: undefined }
      : source;
  const layers: [string, OptionSettings][] = [
    ['the config file', readConfigSettings(without(sources.configFile), ineffective)],
    ['the script', readScriptSettings(without(sources.script), ineffective)],
    [
      'the environment',
      readEnvSettings(sources.noThresholds ? { ...sources.env, K6_THRESHOLDS: undefined } : sources.env),
    ],
    ['the command line', sources.cli],
  ];
  let merged: Record<string, unknown> = {};
  for (const [name, layer] of layers) {
    const decided = EXECUTION_KEYS.filter((key) => layer[key] !== undefined);
    if (decided.length > 0) {
      const { duration: _d, iterations: _i, stages: _s, scenarios, ...rest } = merged as OptionSettings;
      if (scenarios !== undefined && Object.keys(scenarios).length > 0) {
        warnings.push(
          `${name} sets ${decided.map((key) => `\`${key}\``).join(' and ')}, so the scenarios of a lower level are not run`,
        );
      }
      merged = rest;
    }
    const { dns, tags } = merged as OptionSettings;
    for (const key of OPTION_KEYS) if (layer[key] !== undefined) merged[key] = layer[key];
    if (layer.dns) merged['dns'] = mergeDns(dns, layer.dns);
    if (sources.mergesTags && layer.tags) merged['tags'] = { ...tags, ...layer.tags };
  }
  const { runTags = {} } = sources;
  if (Object.keys(runTags).length > 0) merged['tags'] = { ...(merged as OptionSettings).tags, ...runTags };
  return merged;
}

function checkValues(settings: OptionSettings): void {
  for (const stat of settings.summaryTrendStats ?? []) {
    try {
      checkTrendStat(stat);
    } catch (error) {
      throw new ExitError(EXIT.other, (error as Error).message);
    }
  }
  const { summaryTimeUnit } = settings;
  if (summaryTimeUnit !== undefined && !['', 's', 'ms', 'us'].includes(summaryTimeUnit)) {
    throw invalidConfig(`summaryTimeUnit is "${summaryTimeUnit}", which is none of s, ms and us`);
  }
  for (const key of ['setupTimeout', 'teardownTimeout', 'handleSummaryTimeout'] as const) {
    const ms = settings[key];
    if (ms !== undefined && ms <= 0) throw invalidConfig(`${key} must be more than 0, but is ${formatDuration(ms)}`);
  }
  for (const key of ['batch', 'batchPerHost', 'maxRedirects', 'metricSamplesBufferSize'] as const) {
    const value = settings[key];
    if (value !== undefined && value < 0) throw invalidConfig(`${key} can't be negative, but is ${value}`);
  }
  try {
    if (settings.httpProxy) parseProxy(settings.httpProxy);
  } catch (error) {
    throw invalidConfig(`httpProxy cannot be used: ${(error as Error).message}`);
  }
  const { maxResponseBytes } = settings;
  if (maxResponseBytes !== undefined && maxResponseBytes < 1) {
    throw invalidConfig(`maxResponseBytes must be a number of bytes, 1 or more, but is ${maxResponseBytes}`);
  }
  try {
    findShare(settings.executionSegment ?? '', settings.executionSegmentSequence ?? '');
  } catch (error) {
    throw invalidConfig((error as Error).message);
  }
}

function showSettings(settings: OptionSettings): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of OPTION_KEYS) {
    const value = settings[key];
    if (value === undefined && OWN_KEYS.has(key)) continue;
    out[key] = value === undefined ? null : (OPTION_FIELDS[key] as OptionField<unknown>).show(value);
  }
  return out;
}

function resolveOptions(settings: OptionSettings, proxies: ProxySettings): Options {
  const d = INIT_OPTIONS;
  const {
    vus: _v,
    duration: _d,
    iterations: _i,
    stages: _s,
    ...shown
  } = showSettings({
    ...settings,
    dns: mergeDns(undefined, settings.dns ?? { ttl: null, select: null, policy: null }),
    summaryTrendStats: settings.summaryTrendStats ?? d.summaryTrendStats,
    systemTags: settings.systemTags ?? d.systemTags,
  });
  const suites = settings.tlsCipherSuites && settings.tlsCipherSuites.length > 0 ? settings.tlsCipherSuites : null;
  const { min, max } = settings.tlsVersion ?? { min: null, max: null };
  return {
    paused: settings.paused ?? d.paused,
    executionSegment: { segment: settings.executionSegment ?? '', sequence: settings.executionSegmentSequence ?? '' },
    noSetup: settings.noSetup ?? d.noSetup,
    noTeardown: settings.noTeardown ?? d.noTeardown,
    setupTimeoutMs: settings.setupTimeout ?? d.setupTimeoutMs,
    teardownTimeoutMs: settings.teardownTimeout ?? d.teardownTimeoutMs,
    handleSummaryTimeoutMs: settings.handleSummaryTimeout ?? d.handleSummaryTimeoutMs,
    // Nothing or less is no limit.
    rps: Math.max(0, settings.rps ?? d.rps),
    dns: resolveDns(settings.dns),
    maxRedirects: settings.maxRedirects ?? d.maxRedirects,
    maxResponseBytes: settings.maxResponseBytes ?? d.maxResponseBytes,
    maxRedirectsSet: settings.maxRedirects !== undefined,
    userAgent: settings.userAgent ?? d.userAgent,
    batch: settings.batch ?? d.batch,
    batchPerHost: settings.batchPerHost ?? d.batchPerHost,
    httpDebug: settings.httpDebug ? (settings.httpDebug === 'full' ? 'full' : 'headers') : null,
    insecureSkipTLSVerify: settings.insecureSkipTLSVerify ?? d.insecureSkipTLSVerify,
    tlsCipherSuites: suites,
    tlsVersion: { min: min === null ? null : TLS_VERSIONS[min], max: max === null ? null : TLS_VERSIONS[max] },
    tlsAuth: settings.tlsAuth ?? d.tlsAuth,
    throw: settings.throw ?? d.throw,
    thresholds: settings.thresholds ?? d.thresholds,
    blacklistIPs: settings.blacklistIPs ?? d.blacklistIPs,
    blockHostnames: (settings.blockHostnames ?? d.blockHostnames).map((name) => name.toLowerCase()),
    hosts: Object.fromEntries(
      Object.entries(settings.hosts ?? d.hosts).map(([host, target]) => [host.toLowerCase(), target]),
    ),
    proxies,
    noConnectionReuse: settings.noConnectionReuse ?? d.noConnectionReuse,
    noVUConnectionReuse: settings.noVUConnectionReuse ?? d.noVUConnectionReuse,
    minIterationDurationMs: settings.minIterationDuration ?? d.minIterationDurationMs,
    cloud: settings.cloud ?? d.cloud,
    ext: settings.ext ?? d.ext,
    summaryTrendStats: settings.summaryTrendStats ?? d.summaryTrendStats,
    summaryTimeUnit: (settings.summaryTimeUnit as Options['summaryTimeUnit']) || null,
    systemTags: settings.systemTags ?? d.systemTags,
    tags: settings.tags ?? d.tags,
    metricSamplesBufferSize: settings.metricSamplesBufferSize ?? d.metricSamplesBufferSize,
    noCookiesReset: settings.noCookiesReset ?? d.noCookiesReset,
    discardResponseBodies: settings.discardResponseBodies ?? d.discardResponseBodies,
    consoleOutput: settings.consoleOutput || null,
    localIPs: settings.localIPs ? parseLocalAddresses(settings.localIPs) : d.localIPs,
    shown,
  };
}

/**
 * Checks that every scenario has a function to call.
 *
 * @param functions names of the functions that the script exports
 * @param others kinds of its other exports by name
 * @throws ExitError 104
 */
export function checkScenarioFunctions(
  scenarios: readonly ScenarioConfig[],
  functions: readonly string[],
  others: Readonly<Record<string, string>> = {},
): void {
  const problems = scenarios
    .filter(({ exec }) => !functions.includes(exec))
    .map(({ name, exec }) =>
      Object.hasOwn(others, exec)
        ? `executor ${name}: '${exec}' is exported, but is no function`
        : `executor ${name}: function '${exec}' not found in exports`,
    );
  if (problems.length > 0) {
    throw invalidConfig(
      `There were problems with the specified script configuration:${problems.map((p) => `\n\t- ${p}`).join('')}`,
    );
  }
}
