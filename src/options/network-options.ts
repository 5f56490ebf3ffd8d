// Options about names and addresses: checked here, so that a typing error ends the run before any load and not in each request.
import net from 'node:net';
import { parseProxy } from '../addresses/proxy-address.ts';
import { IpRanges, LocalAddresses } from '../wire/net/ip-range.ts';
import { inJson, listThat, textThat, type ValueForm } from './value-forms.ts';

/** `host` or `host:port` (leading `*.` allowed) to `ip`, `ip:port` or `[ip]:port`. */
export const HOSTS: ValueForm<Readonly<Record<string, string>>> = inJson((reader) => {
  const hosts = reader.readStringMap();
  for (const [host, target] of Object.entries(hosts)) {
    checkHostPattern('hosts', host);
    checkHostTarget(host, target);
  }
  return hosts;
});

/** Names whose leading `*` stands for anything. */
export const HOST_PATTERNS: ValueForm<readonly string[]> = listThat((pattern) =>
  checkHostPattern('blockHostnames', pattern),
);

/** IP addresses and blocks such as `10.0.0.0/8`. */
export const ADDRESS_BLOCKS: ValueForm<readonly string[]> = {
  ...listThat(checkAddressBlock),
  show: (blocks) => blocks.map(showAddressBlock),
};

/** Addresses, ranges and blocks between commas. */
export const LOCAL_ADDRESSES: ValueForm<string> = textThat(parseLocalAddresses);

/** The URL of a proxy; nothing for none. What cannot be read is told later: flags would be shown with their password. */
export const PROXY: ValueForm<string> = {
  fromJson: (r) => r.readString().trim(),
  fromText: (text) => text.trim(),
  // Scripts and archives have no use for its password.
  show: (proxy) => (proxy === '' ? '' : parseProxy(proxy).shown),
};

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** @throws Error unless it is an address that a name may be sent to: `ip`, `ip:port` or `[ip]:port` */
function checkHostTarget(host: string, target: string): void {
  if (net.isIP(target)) return;
  const withPort = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(target);
  const valid =
    withPort && isPort(withPort[3]) && (withPort[1] === undefined ? net.isIPv4(withPort[2]) : net.isIPv6(withPort[1]));
  if (!valid)
    throw new Error(
      `hosts sends "${host}" to "${target}", which is no address: use an IP with or without a port, such as 127.0.0.1:8080 or [::1]:8080`,
    );
}

const LABEL = '[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?';
const PATTERN = new RegExp(`^(\\*|(\\*\\.?)?${LABEL}(\\.${LABEL})*\\.?)$`, 'i');

/** @throws Error unless it is a host name, with or without a `*` at its start, with or without a port */
function checkHostPattern(option: string, pattern: string): void {
  const port = /^(.*):(\d+)$/.exec(pattern);
  const name = option === 'hosts' && port && !net.isIPv6(pattern) ? port[1] : pattern;
  if (option === 'hosts' && net.isIP(name.replace(/^\[(.*)\]$/, '$1'))) return;
  if ((port && option === 'hosts' && !isPort(port[2])) || !PATTERN.test(name)) {
    throw new Error(
      `${option} has "${pattern}", which is no host name; a * may only stand at its start, as in *.example.com`,
    );
  }
}

/** @throws Error unless it is an IP address or a block such as `10.0.0.0/8` */
function checkAddressBlock(block: string): void {
  try {
    new IpRanges([block]);
  } catch {
    throw new Error(`blacklistIPs has "${block}", which is neither an IP address nor a block such as 10.0.0.0/8`);
  }
}

/** @returns a block as its network: `10.1.2.3/8` is `10.0.0.0/8`; an address alone stays as it is */
function showAddressBlock(block: string): string {
  const [address, bits] = block.trim().split('/');
  if (bits === undefined) return block;
  const isV4 = net.isIPv4(address);
  // The URL parser writes addresses in one way, however they were given.
  const canonical = new URL(isV4 ? `http://${address}` : `http://[${address}]`).hostname.replace(/[[\]]/g, '');
  const groups = isV4 ? canonical.split('.').map(Number) : expandIPv6(canonical);
  const width = isV4 ? 8 : 16;
  const masked = groups.map((group, i) => {
    const kept = Math.min(width, Math.max(0, Number(bits) - i * width));
    return group & ~((1 << (width - kept)) - 1);
  });
  if (isV4) return `${masked.join('.')}/${bits}`;
  const text = masked.map((group) => group.toString(16)).join(':');
  return `${new URL(`http://[${text}]`).hostname.replace(/[[\]]/g, '')}/${bits}`;
}

/** @returns the eight groups of an address in its shortest form */
function expandIPv6(address: string): number[] {
  const [head, tail] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return groups.map((group) => Number.parseInt(group, 16));
}

/**
 * @param text addresses, ranges and blocks: `10.0.0.1,10.0.0.5-10.0.0.9,10.1.0.0/24`
 * @returns its parts, as {@link LocalAddresses} takes them: a block may hold more addresses than one would list
 * @throws Error
 */
export function parseLocalAddresses(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    try {
      new LocalAddresses([part]);
    } catch {
      throw new Error(
        `local IPs have "${part}": use addresses, ranges such as 10.0.0.1-10.0.0.9 or blocks such as 10.0.0.0/24`,
      );
    }
  }
  return parts;
}
