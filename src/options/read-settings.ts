// Reads what one source says about options, and tells apart what cannot be used from what is merely unknown.
import { invalidConfig } from '../exit/exit-error.ts';
import { isSameKey, suggestName } from './closest-name.ts';
import { type Environment, findVariable, type Variable, variableNames } from './environment.ts';
import { JsonReader, snippet } from './json-reader.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionKey, type OptionSettings } from './option-table.ts';

/** Keys of a config file that are no options. */
const CONFIG_ONLY_KEYS = [
  'out',
  'linger',
  'noUsageReport',
  'webDashboard',
  'noArchiveUpload',
  'collectors',
  'features',
];

/** What a source says, where it stands, and what to skip of it. */
interface JsonSource {
  /** As the user knows it: "the script's options". */
  readonly where: string;
  readonly known: readonly string[];
  /** Not even read. */
  readonly skipped: OptionKey | null;
}

function isOption(key: string): key is OptionKey {
  return Object.hasOwn(OPTION_ROWS, key);
}

function readJson(source: unknown, { where, known, skipped }: JsonSource, ineffective: string[]): OptionSettings {
  if (source === undefined || source === null) return {};
  if (typeof source !== 'object' || Array.isArray(source))
    throw invalidConfig(`${where} must be an object, but they are ${snippet(source)}`);
  const settings: Record<string, unknown> = {};
  for (const [written, value] of Object.entries(source)) {
    const key = known.find((name) => isSameKey(name, written));
    if (key === undefined) {
      ineffective.push(`${where} have an unknown field "${written}"${suggestName(written, known)}; it is ignored`);
      continue;
    }
    if (value === null || value === undefined || key === skipped || !isOption(key)) continue;
    try {
      settings[key] = OPTION_ROWS[key].form.fromJson(new JsonReader(value, [written], ineffective));
    } catch (error) {
      throw invalidConfig(`${where} cannot be used: ${(error as Error).message}`);
    }
  }
  return settings as OptionSettings;
}

/** As error messages name them. */
export const SCRIPT_OPTIONS = "the script's options";
export const ARCHIVE_OPTIONS = "the archive's options";
export const CONFIG_FILE_OPTIONS = 'the options of the config file';

interface ScriptDetails {
  /** Where they stand, as error messages name it. */
  readonly where?: string;
  /** An option that is not even read. */
  readonly skipped?: OptionKey | null;
  /** They are an archive's, which has all options. */
  readonly isArchived?: boolean;
}

/**
 * @param options the script's export, in JSON form, or what takes its place
 * @param ineffective is added to
 * @throws ExitError 104
 */
export function readScriptSettings(
  options: unknown,
  ineffective: string[],
  { isArchived = false, where = isArchived ? ARCHIVE_OPTIONS : SCRIPT_OPTIONS, skipped = null }: ScriptDetails = {},
): OptionSettings {
  const source: JsonSource = {
    where,
    known: isArchived ? OPTION_KEYS : OPTION_KEYS.filter((key) => !OPTION_ROWS[key].notForScripts),
    skipped,
  };
  const isFeatures = ([key]: [string, unknown]): boolean => isSameKey(key, 'features');
  const entries =
    options !== null && typeof options === 'object' && !Array.isArray(options) ? Object.entries(options) : [];
  if (!entries.some(isFeatures)) return readJson(options, source, ineffective);
  ineffective.push('features cannot be set by the script: use --features or K6_FEATURES');
  return readJson(Object.fromEntries(entries.filter((entry) => !isFeatures(entry))), source, ineffective);
}

/**
 * @param config the config file's JSON
 * @param ineffective is added to
 * @param skipped an option that is not even read
 * @throws ExitError 104
 */
export function readConfigSettings(
  config: unknown,
  ineffective: string[],
  skipped: OptionKey | null = null,
): OptionSettings {
  const known = [...OPTION_KEYS, ...CONFIG_ONLY_KEYS];
  return readJson(config, { where: CONFIG_FILE_OPTIONS, known, skipped }, ineffective);
}

/**
 * @param env environment variables; a set but empty one counts as not set, except where a row says otherwise
 * @returns the variable that sets an option, null where none does
 */
export function findOptionVariable(key: OptionKey, env: Environment): Variable | null {
  const row = OPTION_ROWS[key];
  if (row.env === null) return null;
  const found = findVariable(row.env, env);
  if (found !== null || !row.emptyTextCounts) return found;
  const name = variableNames(row.env).findLast((one) => env[one] === '');
  return name === undefined ? null : { name, text: '' };
}

/**
 * @param env environment variables
 * @param skipped an option that is not even read
 * @throws ExitError 104
 */
export function readEnvSettings(env: Environment, skipped: OptionKey | null = null): OptionSettings {
  const settings: Record<string, unknown> = {};
  for (const key of OPTION_KEYS) {
    const variable = key === skipped ? null : findOptionVariable(key, env);
    if (variable === null) continue;
    try {
      settings[key] = OPTION_ROWS[key].form.fromText(variable.text);
    } catch (error) {
      throw invalidConfig(`the environment variable ${variable.name} cannot be used: ${(error as Error).message}`);
    }
  }
  return settings as OptionSettings;
}
