// Flags that say how a script runs and what comes of it, beside its options (docs/reference/command-line.md).
import { type Command, Option } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { splitList } from '../options/value-forms.ts';
import { addEnvFileFlag } from './env-file.ts';
import { readEnvBoolean } from './env-switch.ts';
import { hearOfSwitchedOff, switchedOff } from './flag-values.ts';
import { LOG_FORMATS, type LogFormat } from './log/line-text.ts';
import { refusing } from './option-flags.ts';
import { addWebFlags, readWebFlags, type WebFlags } from './web-flags.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Flags of every command. */
export interface GlobalFlags {
  /** Path of the config file; null for the usual place, where there need not be one. */
  readonly config: string | null;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
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
  readonly linger: boolean;
  /** Whether a test that did not do what it was there for has an exit code of its own. */
  readonly strict: boolean;
  readonly noUsageReport: boolean;
  /** null: not given; the config file may say. */
  readonly features: readonly string[] | null;
  /** The live page; null: none. */
  readonly web: WebFlags | null;
  /** Where to write the report; null: nowhere. */
  readonly report: string | null;
}

const append = (text: string, before: unknown): string[] => [...((before as string[] | undefined) ?? []), text];

export function addGlobalFlags(command: Command): Command {
  return command
    .option(
      '-c, --config <file>',
      'config file with options (default: sixfold/config.json or k6/config.json where your system keeps configuration)',
    )
    .option('-v, --verbose', 'shows what is logged for debugging')
    .option('-q, --quiet', 'shows no progress')
    .option('--no-color', 'no colours')
    .option('--log-output <target>', 'stderr, stdout, none, file=PATH or loki=URL (default stderr)')
    .option('--log-format <format>', 'text, raw or json (default text)')
    .option(
      '-a, --address <address>',
      'where the REST API listens, as in localhost:6565; beyond this machine it needs SIXFOLD_API_TOKEN',
    )
    .option('--profiling-enabled', 'serves profiles over the REST API (not in this version yet)')
    .addOption(
      new Option(
        '--secret-source <source>',
        'where k6/secrets has them from: file=FILE, mock=KEY=VALUE or url=urlTemplate=URL, with ,name=NAME and ,default (repeatable)',
      ).argParser(append),
    );
}

/** @throws ExitError 255 */
export function readGlobalFlags(command: Command, env: Environment): GlobalFlags {
  const flags = command.optsWithGlobals();
  if (env['K6_SECRET_SOURCE']?.trim() === '')
    throw usage('the environment variable K6_SECRET_SOURCE is set, but empty');
  return {
    config: (flags['config'] as string | undefined) ?? (env['K6_CONFIG'] || null),
    verbose: flags['verbose'] === true,
    quiet: flags['quiet'] === true,
    color: flags['color'] !== false && !env['K6_NO_COLOR'] && env['NO_COLOR'] === undefined,
    logOutput: (flags['logOutput'] as string | undefined) ?? (env['K6_LOG_OUTPUT'] || 'stderr'),
    logFormat: choose(
      'log format',
      (flags['logFormat'] as string | undefined) ?? (env['K6_LOG_FORMAT'] || 'text'),
      LOG_FORMATS,
    ),
    address: (flags['address'] as string | undefined) ?? (env['K6_ADDRESS'] || null),
    addressFromFlag: flags['address'] !== undefined,
    profilingEnabled:
      flags['profilingEnabled'] === true ||
      (env['K6_PROFILING_ENABLED'] !== undefined && !switchedOff(command).includes('profiling-enabled')),
    secretSources:
      (flags['secretSource'] as string[] | undefined) ?? (env['K6_SECRET_SOURCE'] ? [env['K6_SECRET_SOURCE']] : []),
  };
}

function addEnv(text: string, before: unknown): Record<string, string> {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    throw new Error(`"${name}" is no name of a variable: use letters, digits and _, as in NAME=value`);
  return { ...(before as Record<string, string> | undefined), [name]: at < 0 ? '' : text.slice(at + 1) };
}

/** @param includeSystemEnv whether `__ENV` has the system's variables unless a flag says otherwise */
export function addRuntimeFlags(command: Command, includeSystemEnv: boolean): Command {
  hearOfSwitchedOff(command);
  addEnvFileFlag(command);
  const otherwise = includeSystemEnv ? 'default for this command' : 'not the default for this command';
  return command
    .option('--include-system-env-vars', `gives the script the variables of the system (${otherwise})`)
    .addOption(new Option('--no-include-system-env-vars').hideHelp())
    .option('--compatibility-mode <mode>', 'extended or base, in which the name global is not there (default extended)')
    .option('-t, --type <type>', 'js or archive, where it cannot be told from the file')
    .addOption(
      new Option('-e, --env <NAME=value>', 'gives the script a variable (repeatable)').argParser(refusing(addEnv)),
    )
    .option('--no-thresholds', 'leaves thresholds out')
    .option('--summary-mode <mode>', 'compact, full or disabled (default compact)')
    .option('--summary-export <file>', "writes the summary as JSON, in k6's old form")
    .option('--new-machine-readable-summary', "k6's new form of the data for --summary-export and handleSummary()")
    .option('--traces-output <target>', 'where traces go (not in this version yet)')
    .addOption(
      new Option(
        '--instrument <package>',
        'lets a package make blocking calls that nobody foresaw (repeatable)',
      ).argParser(append),
    )
    .addOption(
      new Option('--per-vu <package>', 'gives each virtual user a copy of a package (repeatable)').argParser(append),
    )
    .option('--offline', 'takes modules of the web from the cache, and fetches none (SIXFOLD_OFFLINE)');
}

/**
 * @param includeSystemEnv as in {@link addRuntimeFlags}
 * @throws ExitError 255
 */
export function readRuntimeFlags(command: Command, env: Environment, includeSystemEnv: boolean): RuntimeFlags {
  const given = <T>(attribute: string): T | undefined =>
    command.getOptionValueSource(attribute) === 'cli' ? (command.getOptionValue(attribute) as T) : undefined;
  const isOn = (attribute: string, variable: string, byDefault: boolean): boolean =>
    given<boolean>(attribute) ?? (env[variable] ? readEnvBoolean(variable, env[variable]) : byDefault);
  const off = switchedOff(command);
  const mode = given<string>('compatibilityMode') ?? (env['K6_COMPATIBILITY_MODE'] || 'extended');
  return {
    includeSystemEnvVars: isOn('includeSystemEnvVars', 'K6_INCLUDE_SYSTEM_ENV_VARS', includeSystemEnv),
    compatibilityMode: choose('compatibility mode', mode === 'experimental_enhanced' ? 'extended' : mode, [
      'extended',
      'base',
    ]),
    type: chooseType(given<string>('type') ?? env['K6_TYPE'] ?? ''),
    env: given<Record<string, string>>('env') ?? {},
    noThresholds:
      given<boolean>('thresholds') === false || (!off.includes('no-thresholds') && isOn('', 'K6_NO_THRESHOLDS', false)),
    summaryMode: choose('summary mode', given<string>('summaryMode') ?? (env['K6_SUMMARY_MODE'] || 'compact'), [
      'compact',
      'full',
      'disabled',
    ]),
    summaryExport: given<string>('summaryExport') ?? (env['K6_SUMMARY_EXPORT'] || null),
    newMachineReadableSummary:
      !off.includes('new-machine-readable-summary') &&
      isOn('newMachineReadableSummary', 'K6_NEW_MACHINE_READABLE_SUMMARY', false),
    tracesOutput: given<string>('tracesOutput') ?? (env['K6_TRACES_OUTPUT'] || 'none'),
    instrument: given<string[]>('instrument') ?? [],
    perVu: given<string[]>('perVu') ?? [],
    offline: isOn('offline', 'SIXFOLD_OFFLINE', false),
  };
}

export function addRunFlags(command: Command): Command {
  return addWebFlags(command)
    .addOption(
      new Option(
        '-o, --out <type[=argument]>',
        'where samples go besides the summary: json, csv, influxdb, opentelemetry … (repeatable; docs/outputs.md)',
      ).argParser(append),
    )
    .option('--report <file>', 'writes a report: one HTML file that needs no network (K6_WEB_DASHBOARD_EXPORT)')
    .option('-l, --linger', 'keeps the REST API up after the test, until Ctrl-C')
    .option('--strict', 'ends with 120 where k6 ends with 0 although the test did not do its work (SIXFOLD_STRICT)')
    .option('--no-usage-report', 'kept for compatibility: Sixfold never reports usage')
    .addOption(
      new Option('--features <names>', "k6's feature flags to switch on, separated by commas (repeatable)").argParser(
        append,
      ),
    );
}

/** @throws ExitError 255 */
export function readRunFlags(command: Command, env: Environment): RunFlags {
  const flags = command.opts();
  const features = (flags['features'] as string[] | undefined)?.join(',') ?? env['K6_FEATURES'];
  return {
    out: (flags['out'] as string[] | undefined) ?? readOutVariable(env['SIXFOLD_OUT'] || env['K6_OUT'] || ''),
    linger:
      flags['linger'] === true ||
      (env['K6_LINGER'] && !switchedOff(command).includes('linger')
        ? readEnvBoolean('K6_LINGER', env['K6_LINGER'])
        : false),
    noUsageReport: true,
    strict:
      flags['strict'] === true ||
      (env['SIXFOLD_STRICT'] && !switchedOff(command).includes('strict')
        ? readEnvBoolean('SIXFOLD_STRICT', env['SIXFOLD_STRICT'])
        : false),
    features: features === undefined ? null : splitList(features),
    web: readWebFlags(command, env),
    report: (flags['report'] as string | undefined) ?? (env['K6_WEB_DASHBOARD_EXPORT'] || null),
  };
}

/** @returns null: it says nothing */
function readOutVariable(text: string): readonly string[] | null {
  return text === '' ? null : splitList(text);
}

function usage(message: string): ExitError {
  return new ExitError(EXIT.other, message);
}

function choose<T extends string>(what: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw usage(`invalid ${what} "${value}": it is one of ${choices.join(', ')}`);
  return found;
}

function chooseType(value: string): 'js' | 'archive' | null {
  return value === '' ? null : choose<'js' | 'archive'>('type', value, ['js', 'archive']);
}
