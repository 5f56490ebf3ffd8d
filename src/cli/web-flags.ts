// Where the live page is served: `--web`, and the variables of k6's web dashboard (k6 page "Web dashboard").
import type { Command } from 'commander';
import { type ApiAddress, parseApiAddress } from '../control/api-address.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { readEnvBoolean } from './env-switch.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 5665;

export interface WebFlags {
  readonly address: ApiAddress;
  /** Whether a browser is to be opened. */
  readonly opensBrowser: boolean;
}

export function addWebFlags(command: Command): Command {
  return command.option(
    '--web [address]',
    'serves a live page of the run, at localhost:5665 unless you name HOST:PORT (K6_WEB_DASHBOARD)',
  );
}

/** @returns null: no page is wanted @throws ExitError 255 */
export function readWebFlags(command: Command, env: Readonly<Record<string, string | undefined>>): WebFlags | null {
  const flag = command.opts()['web'] as string | true | undefined;
  if (flag === undefined && !isOn(env, 'K6_WEB_DASHBOARD')) return null;
  const opensBrowser = isOn(env, 'K6_WEB_DASHBOARD_OPEN');
  if (typeof flag === 'string') {
    const address = parseApiAddress(flag);
    return { address: /:\d+$/.test(flag) ? address : { ...address, port: DEFAULT_PORT }, opensBrowser };
  }
  const port = Number(env['K6_WEB_DASHBOARD_PORT'] || DEFAULT_PORT);
  if (port === -1) return null;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ExitError(
      EXIT.other,
      `K6_WEB_DASHBOARD_PORT: "${env['K6_WEB_DASHBOARD_PORT']}" is no port: use 0 to 65535, or -1 for none`,
    );
  return { address: { host: env['K6_WEB_DASHBOARD_HOST'] || DEFAULT_HOST, port }, opensBrowser };
}

function isOn(env: Readonly<Record<string, string | undefined>>, variable: string): boolean {
  const text = env[variable] ?? '';
  return text !== '' && readEnvBoolean(variable, text);
}
