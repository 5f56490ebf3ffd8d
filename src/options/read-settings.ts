// Reads what one source says about options, and tells apart what cannot be used from what is merely unknown.
import { invalidConfig } from '../exit/exit-error.ts';
import { isSameKey, suggestName } from './closest-name.ts';
import { JsonReader, snippet } from './json-reader.ts';
import { OPTION_FIELDS, OPTION_KEYS, type OptionField } from './option-fields.ts';
import type { OptionKey, OptionSettings } from './option-settings.ts';

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
/** Not for scripts: the flags and the environment set them. */
const NOT_FOR_SCRIPTS: readonly OptionKey[] = ['consoleOutput', 'localIPs'];

/** @param where as the user knows the source: 'the script's options' */
function readJson(source: unknown, where: string, known: readonly string[], ineffective: string[]): OptionSettings {
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
    if (value === null || value === undefined || !Object.hasOwn(OPTION_FIELDS, key)) continue;
    const reader = new JsonReader(value, [written], ineffective);
    try {
      settings[key] = OPTION_FIELDS[key as OptionKey].fromJson(reader);
    } catch (error) {
      throw invalidConfig(`${where} cannot be used: ${(error as Error).message}`);
    }
  }
  return settings as OptionSettings;
}

/**
 * @param options the script's export, in JSON form
 * @param ineffective is added to
 * @throws ExitError 104
 */
export function readScriptSettings(options: unknown, ineffective: string[]): OptionSettings {
  const known = OPTION_KEYS.filter((key) => !NOT_FOR_SCRIPTS.includes(key));
  const isFeatures = ([key]: [string, unknown]): boolean => isSameKey(key, 'features');
  const entries =
    options !== null && typeof options === 'object' && !Array.isArray(options) ? Object.entries(options) : [];
  if (entries.some(isFeatures)) {
    ineffective.push('features cannot be set by the script: use --features or K6_FEATURES');
    const others = Object.fromEntries(entries.filter((entry) => !isFeatures(entry)));
    return readJson(others, "the script's options", known, ineffective);
  }
  return readJson(options, "the script's options", known, ineffective);
}

/**
 * @param config the config file's JSON
 * @param ineffective is added to
 * @throws ExitError 104
 */
export function readConfigSettings(config: unknown, ineffective: string[]): OptionSettings {
  return readJson(config, 'the options of the config file', [...OPTION_KEYS, ...CONFIG_ONLY_KEYS], ineffective);
}

/**
 * @param env environment variables; a set but empty one counts as not set, except where a field says otherwise
 * @throws ExitError 104
 */
export function readEnvSettings(env: Readonly<Record<string, string | undefined>>): OptionSettings {
  const settings: Record<string, unknown> = {};
  for (const key of OPTION_KEYS) {
    const field = OPTION_FIELDS[key] as OptionField<unknown>;
    const name =
      field.env === null
        ? undefined
        : ([field.env.replace(/^K6_/, 'SIXFOLD_'), field.env].find((one) => env[one]) ?? field.env);
    const text = name === undefined ? undefined : env[name];
    if (text === undefined || (text === '' && !field.emptyTextCounts)) continue;
    try {
      settings[key] = field.fromText(text);
    } catch (error) {
      throw invalidConfig(`the environment variable ${name} cannot be used: ${(error as Error).message}`);
    }
  }
  return settings as OptionSettings;
}
