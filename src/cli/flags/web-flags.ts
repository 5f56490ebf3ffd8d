// Where the live page is served: `--web`, and the variables of k6's web dashboard (k6 page "Web dashboard").
import { type ApiAddress, parseApiAddress } from '../../control/api-address.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { type Environment, findVariable } from '../../options/environment.ts';
import { readEnvBoolean } from './env-switch.ts';
import type { FlagReader } from './flag-reader.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 5665;

export interface WebFlags {
  readonly address: ApiAddress;
  /** Whether a browser is to be opened. */
  readonly opensBrowser: boolean;
}

/** @returns null: no page is wanted @throws ExitError 255 */
export function readWebFlags(flags: FlagReader, env: Environment): WebFlags | null {
  const flag = flags.given<string | true>('web');
  if (flag === undefined && !flags.isOn('web')) return null;
  const opens = findVariable('K6_WEB_DASHBOARD_OPEN', env);
  const opensBrowser = opens !== null && readEnvBoolean(opens.name, opens.text);
  if (typeof flag === 'string') {
    const address = parseApiAddress(flag);
    return { address: /:\d+$/.test(flag) ? address : { ...address, port: DEFAULT_PORT }, opensBrowser };
  }
  const given = findVariable('K6_WEB_DASHBOARD_PORT', env);
  const port = given === null ? DEFAULT_PORT : Number(given.text);
  if (port === -1) return null;
  if (!/^\d+$/.test(given?.text ?? String(port)) || port > 65_535)
    throw new ExitError(EXIT.other, `${given?.name}: "${given?.text}" is no port: use 0 to 65535, or -1 for none`);
  return { address: { host: findVariable('K6_WEB_DASHBOARD_HOST', env)?.text ?? DEFAULT_HOST, port }, opensBrowser };
}
