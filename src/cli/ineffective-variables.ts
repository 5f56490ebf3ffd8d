// Variables that somebody set for k6, or for Go programs, and that change nothing here: said, never passed over.
import { suggestName } from '../options/closest-name.ts';
import { type Environment, variableNames } from '../options/environment.ts';
import { OPTION_ROWS } from '../options/option-table.ts';
import { FLAGS, OTHER_VARIABLES } from './flags/flag-table.ts';

/** Variables of ours, as k6 has them. */
const KNOWN: readonly string[] = [
  ...Object.values(OPTION_ROWS).flatMap(({ env }) => env ?? []),
  ...Object.values(FLAGS).flatMap(({ variable }) => variable ?? []),
  ...Object.keys(OTHER_VARIABLES),
];

/** Options that no variable says, by the name that one would have; and what says them. */
const WITHOUT_VARIABLE: ReadonlyMap<string, string> = new Map(
  Object.entries(OPTION_ROWS)
    .filter(([, { env }]) => env === null)
    .map(([key, { flag }]) => [
      `K6_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      `${key} is an option of the script and the config file${flag === null ? '' : `, or ${flag}`}, and has no variable`,
    ]),
);

/**
 * @param env the environment of the process; what is set to nothing does not count
 * @returns a sentence for each variable without effect
 */
export function listIneffectiveVariables(env: Environment): string[] {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const sentences: string[] = [];
  for (const name of ['ALL_PROXY', 'all_proxy'].filter(isSet))
    sentences.push(`${name} has no effect: name the proxy in HTTP_PROXY and HTTPS_PROXY, or with --http-proxy`);
  const ofThePage = ['K6_WEB_DASHBOARD_PERIOD', 'K6_WEB_DASHBOARD_RECORD', 'K6_WEB_DASHBOARD_TAGS'];
  const pageVariables = ofThePage.flatMap(variableNames);
  for (const name of pageVariables.filter(isSet))
    sentences.push(`${name} has no effect: the page follows the run by itself, and --report keeps all of it`);
  const known = KNOWN.flatMap(variableNames);
  for (const name of Object.keys(env).filter((key) => /^(?:K6|SIXFOLD)_[A-Z_]+$/.test(key) && isSet(key))) {
    if (known.includes(name) || pageVariables.includes(name)) continue;
    const instead = WITHOUT_VARIABLE.get(name.replace(/^SIXFOLD_/, 'K6_'));
    if (instead !== undefined) {
      sentences.push(`${name} has no effect: ${instead}`);
      continue;
    }
    const hint = suggestName(name, known);
    // Other names belong to outputs and extensions, or to the script.
    if (hint !== '') sentences.push(`${name} has no effect: there is no such setting${hint}`);
  }
  return sentences;
}
