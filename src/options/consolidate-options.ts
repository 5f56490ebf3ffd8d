// From all sources of options to the ones in force: defaults < config file < script < environment < flags.

import { EXIT, ExitError, invalidConfig } from '../exit/exit-error.ts';
import { suggestName } from './closest-name.ts';
import { deriveScenarios, EXECUTION_KEYS } from './derive-scenarios.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionKey, type OptionSettings } from './option-table.ts';
import { type Options, resolveSettings } from './options.ts';
import { readProxies } from './proxy-variables.ts';
import {
  ARCHIVE_OPTIONS,
  CONFIG_FILE_OPTIONS,
  findOptionVariable,
  readConfigSettings,
  readEnvSettings,
  readScriptSettings,
  SCRIPT_OPTIONS,
} from './read-settings.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { ScenarioConfig } from './scenario-config.ts';
import { findShare } from './segment.ts';

/** Where options come from. */
export interface OptionSources {
  /** What goes before all others: what the flags said (cli/option-flags.ts), or the caller of a library. */
  readonly cli: OptionSettings;
  /** Who set `cli`, as messages name it; unless given the command line, whose flags are named one by one. */
  readonly caller?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The config file's JSON; undefined for none. */
  readonly configFile: unknown;
  /** The script's `options` in JSON form, or an archive's; undefined for none. */
  readonly script: unknown;
  /** Whether they are an archive's: what was in force when it was packed, options that no script can set among them. */
  readonly isArchived?: boolean;
  /** Thresholds are left out, wherever they come from (`--no-thresholds`). */
  readonly noThresholds?: boolean;
  /** Spans of traces go somewhere (`--traces-output`). */
  readonly recordsSpans?: boolean;
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
  const { settings, origins } = mergeSources(sources, warnings, ineffective);
  checkValues(settings, origins);
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
    options: {
      ...resolveSettings(settings),
      maxRedirectsSet: settings.maxRedirects !== undefined,
      recordsSpans: sources.recordsSpans === true,
      proxies: readProxies(settings.httpProxy, sources.env),
      shown: showResolved({ ...settings, scenarios: scenarioSettings }),
    },
    shownShortcuts: { vus, duration, iterations, stages },
    scenarios,
    warnings,
    ineffective,
  };
}

/** What all sources say together, in the form of an archive: null for what nobody set. @throws ExitError 104 */
export function showMergedOptions(sources: OptionSources): Record<string, unknown> {
  return showSettings(mergeSources(sources, [], []).settings);
}

/** What the `options` of a script, or of an archive, say by themselves, in the form that `inspect` prints. @throws ExitError 104 */
export function showScriptOptions(
  script: unknown,
  isArchived = false,
): { shown: Record<string, unknown>; warnings: readonly string[] } {
  const warnings: string[] = [];
  const settings = readScriptSettings(script, warnings, { isArchived });
  checkValues(settings, {});
  return { shown: showSettings(settings), warnings };
}

/** Which source set an option, in words. */
type Origins = { [Key in OptionKey]?: string };

interface Layer {
  readonly name: string;
  readonly settings: OptionSettings;
  originOf(key: OptionKey): string;
}

/** @returns what each source says, the lowest first @throws ExitError 104 */
function readLayers(
  { cli, caller, env, configFile, script, isArchived = false, noThresholds }: OptionSources,
  ineffective: string[],
): Layer[] {
  // Thresholds that don't count are not even read.
  const skipped = noThresholds ? 'thresholds' : null;
  return [
    {
      name: 'the config file',
      settings: readConfigSettings(configFile, ineffective, skipped),
      originOf: () => CONFIG_FILE_OPTIONS,
    },
    {
      name: isArchived ? 'the archive' : 'the script',
      settings: readScriptSettings(script, ineffective, { skipped, isArchived }),
      originOf: () => (isArchived ? ARCHIVE_OPTIONS : SCRIPT_OPTIONS),
    },
    {
      name: 'the environment',
      settings: readEnvSettings(env, skipped),
      originOf: (key) => `the environment variable ${findOptionVariable(key, env)?.name}`,
    },
    {
      name: caller ?? 'the command line',
      settings: cli,
      originOf: (key) => caller ?? `the flag ${/--[\w-]+/.exec(OPTION_ROWS[key].flag ?? '')?.[0] ?? key}`,
    },
  ];
}

function mergeSources(
  sources: OptionSources,
  warnings: string[],
  ineffective: string[],
): { settings: OptionSettings; origins: Origins } {
  let merged: Partial<Record<OptionKey, unknown>> = {};
  const origins: Origins = {};
  for (const { name, settings, originOf } of readLayers(sources, ineffective)) {
    const decided = EXECUTION_KEYS.filter((key) => settings[key] !== undefined);
    if (decided.length > 0) {
      const { duration: _d, iterations: _i, stages: _s, scenarios, ...rest } = merged as OptionSettings;
      if (scenarios !== undefined && Object.keys(scenarios).length > 0) {
        warnings.push(
          `${name} sets ${decided.map((key) => `\`${key}\``).join(' and ')}, so the scenarios of a lower level are not run`,
        );
      }
      merged = rest;
    }
    const { tags } = merged as OptionSettings;
    for (const key of OPTION_KEYS) {
      if (settings[key] === undefined) continue;
      const { layOver, form } = OPTION_ROWS[key];
      const setting =
        form.sift?.(settings[key], (what) => ineffective.push(`${originOf(key)} ${what}`)) ?? settings[key];
      merged[key] = layOver && merged[key] !== undefined ? layOver(merged[key], setting) : setting;
      origins[key] = originOf(key);
    }
    if (sources.mergesTags && settings.tags) merged.tags = { ...tags, ...settings.tags };
  }
  const settings = merged as OptionSettings;
  const { runTags = {} } = sources;
  if (Object.keys(runTags).length > 0) settings.tags = { ...settings.tags, ...runTags };
  return { settings, origins };
}

/** @throws ExitError that names the source */
function checkValues(settings: OptionSettings, origins: Origins): void {
  for (const key of OPTION_KEYS) {
    const setting = settings[key];
    const row = OPTION_ROWS[key];
    if (setting === undefined) continue;
    try {
      row.check?.(setting);
    } catch (error) {
      throw new ExitError(
        row.refusedWith ?? EXIT.invalidConfig,
        `${origins[key] ?? SCRIPT_OPTIONS} cannot be used: ${(error as Error).message}`,
      );
    }
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
    const row = OPTION_ROWS[key];
    const setting = settings[key];
    if (setting === undefined && row.isOwn) continue;
    out[key] = setting === undefined ? null : row.form.show(setting);
  }
  return out;
}

/** @returns the settings as scripts see them: shortcuts are among the scenarios, and some options show their default */
function showResolved(settings: OptionSettings): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...settings };
  for (const key of OPTION_KEYS) filled[key] ??= OPTION_ROWS[key].shownUnset;
  const { vus: _v, duration: _d, iterations: _i, stages: _s, ...shown } = showSettings(filled as OptionSettings);
  return shown;
}

/** Most functions that a message lists. */
const MOST_LISTED = 10;

function hintAtExport(exec: string, functions: readonly string[]): string {
  const near = suggestName(exec, functions);
  if (near !== '' || functions.length === 0 || functions.length > MOST_LISTED) return near;
  return `: the script exports ${functions.join(', ')}`;
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
        : `executor ${name}: function '${exec}' not found in exports${hintAtExport(exec, functions)}`,
    );
  if (problems.length > 0) {
    throw invalidConfig(
      `There were problems with the specified script configuration:${problems.map((p) => `\n\t- ${p}`).join('')}`,
    );
  }
}
