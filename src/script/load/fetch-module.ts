// Modules imported by an https address.
import { ScriptError } from './script-error.ts';

const TIMEOUT_MS = 60_000;
const fetched = new Map<string, Promise<string>>();

/**
 * The text of a module on the web; each address is asked for once. As k6 does, `?_k6=1` is tried first, so that a server
 * may give load testing tools a version of their own.
 * @throws ScriptError of kind 'import'
 */
export function fetchModule(address: string): Promise<string> {
  let text = fetched.get(address);
  if (!text) fetched.set(address, (text = download(address)));
  return text;
}

async function download(address: string): Promise<string> {
  const marked = new URL(address);
  marked.searchParams.set('_k6', '1');
  return (await get(marked.href, true)) ?? (await get(address, false))!;
}

async function get(address: string, optional: boolean): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return await response.text();
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    const why =
      (cause as Error).name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : (cause as Error).message;
    throw new ScriptError(
      'import',
      `the module ${withoutMark(address)} could not be fetched: ${why}. Without access to the network, save it beside the script and import './…'`,
    );
  }
  if (optional) return null;
  throw new ScriptError(
    'import',
    `the module ${address} could not be fetched: the server answered ${response.status} ${response.statusText}`.trimEnd(),
  );
}

function withoutMark(address: string): string {
  return address.replace(/[?&]_k6=1$/, '');
}
