// Flags that say how a script runs and what comes of it, beside its options (docs/commands/run.md).
import { type Command, Option } from 'commander';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { type Environment, variableNames } from '../../options/environment.ts';
import { splitList } from '../../options/value-forms.ts';
import type { LogFormat } from '../log/line-text.ts';
import { addFlags, FlagReader } from './flag-reader.ts';
import { hearOfSwitchedOff } from './flag-values.ts';
import { type HistoryFlags, readHistoryFlags } from './history-flags.ts';
import { readWebFlags, type WebFlags } from './web-flags.ts';

/** Flags of every command. */
export interface GlobalFlags {
  /** Path of the config file; null for the usual place, where there need not be one. */
  readonly config: string | null;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Colours where there is no terminal, too (FORCE_COLOR); missing: no. */
  readonly forceColor?: boolean;
  readonly logOutput: string;
  readonly logFormat: LogFormat;
  /** Where the REST API listens; null: nowhere. */
  readonly address: string | null;
  /** Whether the user named the address on the command line: then it has to be free. */
  readonly addressFromFlag: boolean;
  readonly profilingEnabled: boolean;
  readonly secretSources: readonly string[];
}

/** Flags about how the script runs. */
export interface RuntimeFlags {
  readonly includeSystemEnvVars: boolean;
  readonly compatibilityMode: 'base' | 'extended';
  /** null: seen by what the file holds. */
  readonly type: 'js' | 'archive' | null;
  /** Of `-e`. */
  readonly env: Readonly<Record<string, string>>;
  readonly noThresholds: boolean;
  readonly summaryMode: 'compact' | 'full' | 'disabled';
  readonly summaryExport: string | null;
  readonly newMachineReadableSummary: boolean;
  readonly tracesOutput: string;
  /** Packages of node_modules to compile for blocking calls although none seems to reach them. */
  readonly instrument: readonly string[];
  /** Packages of node_modules of which each virtual user has a copy of its own. */
  readonly perVu: readonly string[];
  /** Modules of the web come from the cache only. */
  readonly offline: boolean;
}

/** Flags of `run` alone. */
export interface RunFlags {
  /** null: neither a flag nor a variable says; the config file may. */
  readonly out: readonly string[] | null;
  /** null: not given; the config file may say. */
  readonly linger: boolean | null;
  /** Whether a test that did not do what it was there for has an exit code of its own. */
  readonly strict: boolean;
  readonly noUsageReport: boolean;
  /** null: not given; the config file may say. */
  readonly features: readonly string[] | null;
  /** The live page; null: none. */
  readonly web: WebFlags | null;
  /** Where to write the report; null: nowhere. */
  readonly report: string | null;
  /** Whether the run is kept, and what it is compared with. */
  readonly history: HistoryFlags;
}

/** Adds the flags that every command has which knows scripts. */
export function addGlobalFlags(command: Command): Command {
  return addFlags(
    command,
    'config',
    'verbose',
    'quiet',
    'noColor',
    'logOutput',
    'logFormat',
    'address',
    'profilingEnabled',
    'secretSource',
  );
}

/** @throws ExitError 255 */
export function readGlobalFlags(command: Command, env: Environment): GlobalFlags {
  const flags = new FlagReader(command, env);
  for (const name of variableNames('K6_SECRET_SOURCE'))
    if (env[name]?.trim() === '') throw new ExitError(EXIT.other, `the environment variable ${name} is set, but empty`);
  const source = flags.variable('secretSource');
  return {
    config: flags.text('config'),
    verbose: flags.isOn('verbose'),
    quiet: flags.isOn('quiet'),
    // As with NO_COLOR, what the variable says does not matter.
    color:
      flags.given<boolean>('noColor') !== false &&
      flags.variable('noColor') === null &&
      env['NO_COLOR'] === undefined &&
      !/^(?:0|false)$/.test(env['FORCE_COLOR'] ?? ''),
    // Where there is no terminal, too, such as in the log of a build; NO_COLOR goes before.
    forceColor: !/^(?:0|false)?$/.test(env['FORCE_COLOR'] ?? ''),
    logOutput: flags.text('logOutput') ?? 'stderr',
    logFormat: flags.choice('logFormat', 'log format') ?? 'text',
    address: flags.text('address'),
    addressFromFlag: flags.given('address') !== undefined,
    profilingEnabled: flags.isOn('profilingEnabled'),
    // A source may hold commas.
    secretSources: flags.given<string[]>('secretSource') ?? (source === null ? [] : [source.text]),
  };
}

/** Adds the flags of every command that runs init code. */
export function addRuntimeFlags(command: Command): Command {
  hearOfSwitchedOff(command);
  command.addOption(new Option('--no-include-system-env-vars').hideHelp());
  return addFlags(
    command,
    'env',
    'envFile',
    'includeSystemEnvVars',
    'type',
    'compatibilityMode',
    'offline',
    'instrument',
    'perVu',
    'noThresholds',
    'summaryMode',
    'summaryExport',
    'newMachineReadableSummary',
    'tracesOutput',
  );
}

/**
 * @param includeSystemEnv whether `__ENV` has the system's variables unless a flag says otherwise
 * @throws ExitError 255
 */
export function readRuntimeFlags(command: Command, env: Environment, includeSystemEnv: boolean): RuntimeFlags {
  const flags = new FlagReader(command, env);
  return {
    includeSystemEnvVars: flags.isOn('includeSystemEnvVars', includeSystemEnv),
    compatibilityMode:
      flags.choice('compatibilityMode', 'compatibility mode', (mode) =>
        mode === 'experimental_enhanced' ? 'extended' : mode,
      ) ?? 'extended',
    type: flags.choice('type', 'type'),
    env: flags.given<Record<string, string>>('env') ?? {},
    noThresholds: flags.isOn('noThresholds'),
    summaryMode: flags.choice('summaryMode', 'summary mode') ?? 'compact',
    summaryExport: flags.text('summaryExport'),
    newMachineReadableSummary: flags.isOn('newMachineReadableSummary'),
    tracesOutput: flags.text('tracesOutput') ?? 'none',
    instrument: flags.list('instrument') ?? [],
    perVu: flags.list('perVu') ?? [],
    offline: flags.isOn('offline'),
  };
}

/** Adds the flags of `run` alone. */
export function addRunFlags(command: Command): Command {
  return addFlags(
    command,
    'web',
    'out',
    'report',
    'baseline',
    'failOn',
    'noHistory',
    'linger',
    'strict',
    'noUsageReport',
    'features',
  );
}

/** @throws ExitError 255 */
export function readRunFlags(command: Command, env: Environment): RunFlags {
  const flags = new FlagReader(command, env);
  return {
    out: flags.list('out'),
    linger: flags.isOn('linger', null),
    noUsageReport: true,
    strict: flags.isOn('strict'),
    features: readFeatureNames(flags, env),
    web: readWebFlags(flags, env),
    report: flags.text('report'),
    history: readHistoryFlags(flags, env),
  };
}

/** @returns null: nothing was said; a variable that is set to nothing says that there are none */
function readFeatureNames(flags: FlagReader, env: Environment): readonly string[] | null {
  const given = flags.given<string[]>('features');
  if (given !== undefined) return splitList(given.join(','));
  const isEmpty = variableNames('K6_FEATURES').some((name) => env[name] === '');
  return flags.list('features') ?? (isEmpty ? [] : null);
}
