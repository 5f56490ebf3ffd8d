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
    const scheme = /^(\w+):\/\/([^/]*)/.exec(bare);
    const advice = scheme ? ` (an address of gRPC has no ${scheme[1]}://, as in "${scheme[2]}")` : '';
    throw new Error(`dial tcp: address ${bare}: ${problem}${advice}`);
  }
  const port = Number(match[3]);
  if (port > 65_535) throw new Error(`dial tcp: address ${match[3]}: invalid port (ports go up to 65535)`);
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port, given };
}
