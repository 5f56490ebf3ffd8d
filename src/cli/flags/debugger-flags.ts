// `--inspect` and `--inspect-brk`: whether a debugger is to look at the script, and where it attaches.
import { maskAddress } from '../../addresses/credentials.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { FlagReader } from './flag-reader.ts';

const DEFAULT_ADDRESS = '127.0.0.1:9229';

/** What a debugger is to do. */
export interface DebuggerRequest {
  readonly host: string;
  readonly port: number;
  /** Whether the program waits for it, and stops at the beginning of the script. */
  readonly breaksAtStart: boolean;
}

/** @returns null where nobody asks for a debugger @throws ExitError 255 */
export function readDebuggerFlags(flags: FlagReader): DebuggerRequest | null {
  const breaking = flags.text('inspectBrk');
  const address = breaking ?? flags.text('inspect');
  return address === null ? null : { ...readAddress(address), breaksAtStart: breaking !== null };
}

function readAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+)$/.exec(text) ?? [undefined, text, '9229'];
  if (Number(port) > 65_535 || /[:/\s]/.test(host?.replace(/^\[.*\]$/, '') ?? ''))
    throw new ExitError(
      EXIT.other,
      `--inspect: "${maskAddress(text)}" is no address: use PORT or HOST:PORT, as in ${DEFAULT_ADDRESS}`,
    );
  return { host: host?.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port) };
}
