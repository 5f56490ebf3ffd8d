// Variables that somebody set for k6, or for Go programs, and that change nothing here: said, never passed over.
import { suggestName } from '../options/closest-name.ts';
import { OPTION_ROWS } from '../options/option-table.ts';

/** Variables of ours beside those of the options. */
const OTHER_VARIABLES = [
  'K6_CONFIG',
  'K6_NO_COLOR',
  'K6_LOG_OUTPUT',
  'K6_LOG_FORMAT',
  'K6_ADDRESS',
  'K6_PROFILING_ENABLED',
  'K6_SECRET_SOURCE',
  'K6_INCLUDE_SYSTEM_ENV_VARS',
  'K6_COMPATIBILITY_MODE',
  'K6_TYPE',
  'K6_NO_THRESHOLDS',
  'K6_SUMMARY_MODE',
  'K6_SUMMARY_EXPORT',
  'K6_NEW_MACHINE_READABLE_SUMMARY',
  'K6_TRACES_OUTPUT',
  'K6_OUT',
  'K6_LINGER',
  'K6_NO_USAGE_REPORT',
  'K6_FEATURES',
];

/**
 * @param env the environment of the process; what is set to nothing does not count
 * @returns a sentence for each variable without effect
 */
export function listIneffectiveSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const sentences: string[] = [];
  for (const name of ['ALL_PROXY', 'all_proxy'].filter(isSet))
    sentences.push(`${name} has no effect: name the proxy in HTTP_PROXY and HTTPS_PROXY, or with --http-proxy`);
  for (const name of ['K6_WEB_DASHBOARD_PERIOD', 'K6_WEB_DASHBOARD_RECORD', 'K6_WEB_DASHBOARD_TAGS'].filter(isSet))
    sentences.push(`${name} has no effect: the page follows the run by itself, and --report keeps all of it`);
  const known = [...Object.values(OPTION_ROWS).flatMap(({ env }) => env ?? []), ...OTHER_VARIABLES];
  for (const name of Object.keys(env).filter((key) => /^K6_[A-Z_]+$/.test(key) && isSet(key))) {
    if (known.includes(name)) continue;
    const hint = suggestName(name, known);
    // Other names belong to outputs and extensions, or to the script.
    if (hint !== '') sentences.push(`${name} has no effect: there is no such setting${hint}`);
  }
  return sentences;
}
