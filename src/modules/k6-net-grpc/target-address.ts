// The address of a server of gRPC, as scripts write it.
import { maskAddress } from '../../addresses/credentials.ts';

/** Where a client connects to. */
export interface TargetAddress {
  readonly host: string;
  readonly port: number;
  /** As the script gave it: what `url` tags begin with. */
  readonly given: string;
}

/**
 * `host:port`, perhaps behind `dns:///` or `passthrough:///`.
 * @throws Error in the words of Go's dialer
 */
export function parseTarget(given: string): TargetAddress {
  const bare = given.replace(/^(?:dns|passthrough|ipv4|ipv6):(?:\/\/[^/]*\/)?/, '');
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d+)$/.exec(bare);
  if (!match) {
    const colons = bare.split(':').length - 1;
    const problem = colons > 1 && !bare.startsWith('[') ? 'too many colons in address' : 'missing port in address';
    const shown = maskAddress(bare);
    const scheme = /^(\w+):\/\/([^/]*)/.exec(shown);
    const advice = scheme ? ` (an address of gRPC has no ${scheme[1]}://, as in "${scheme[2]}")` : '';
    throw new Error(`dial tcp: address ${shown}: ${problem}${advice}`);
  }
  const port = Number(match[3]);
  if (port > 65_535) throw new Error(`dial tcp: address ${match[3]}: invalid port (ports go up to 65535)`);
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port, given };
}
