// `--inspect` and `--inspect-brk`: whether a debugger is to look at the script, and where it attaches.
import { type Command, Option } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';

const DEFAULT_ADDRESS = '127.0.0.1:9229';

/** What a debugger is to do. */
export interface DebuggerRequest {
  readonly host: string;
  readonly port: number;
  /** Whether the program waits for it, and stops at the beginning of the script. */
  readonly breaksAtStart: boolean;
}

export function addDebuggerFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--inspect [host:port]', `lets a debugger attach to the script (default ${DEFAULT_ADDRESS})`).preset(
        DEFAULT_ADDRESS,
      ),
    )
    .addOption(
      new Option('--inspect-brk [host:port]', 'the same, waits for it and stops at the first line').preset(
        DEFAULT_ADDRESS,
      ),
    );
}

/** @returns null where nobody asks for a debugger @throws ExitError 255 */
export function readDebuggerFlags(command: Command): DebuggerRequest | null {
  const { inspect, inspectBrk } = command.opts<{ inspect?: string; inspectBrk?: string }>();
  const address = inspectBrk ?? inspect;
  return address === undefined ? null : { ...readAddress(address), breaksAtStart: inspectBrk !== undefined };
}

function readAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+)$/.exec(text) ?? [undefined, text, '9229'];
  if (Number(port) > 65_535 || /[:/\s]/.test(host?.replace(/^\[.*\]$/, '') ?? ''))
    throw new ExitError(
      EXIT.other,
      `--inspect: "${text}" is no address: use PORT or HOST:PORT, as in ${DEFAULT_ADDRESS}`,
    );
  return { host: host?.replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(port) };
}
