import { isIP } from 'node:net';

/** Where a name of the `hosts` option leads. A port of 0 keeps the URL's. */
export interface MappedAddress {
  ip: string;
  port: number;
}

/** `blockHostnames`: exact names, and names with a `*` in front, which stands for any beginning. Case does not matter. */
export class BlockedHostnames {
  readonly #exact = new Set<string>();
  readonly #endings: string[] = [];

  /** @throws Error for a pattern with a `*` elsewhere than at its start, or that is no host name */
  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      const lower = pattern.toLowerCase();
      const rest = lower.startsWith('*') ? lower.slice(1) : lower;
      if (!/^[\p{L}\p{N}._-]*$/u.test(rest) || lower === '') throw new Error(`invalid hostname pattern '${pattern}'`);
      if (rest === lower) this.#exact.add(lower);
      else this.#endings.push(rest);
    }
  }

  /** The pattern that blocks `host`, or null. */
  find(host: string): string | null {
    if (this.#exact.size === 0 && this.#endings.length === 0) return null;
    const lower = host.toLowerCase();
    if (this.#exact.has(lower)) return lower;
    for (const ending of this.#endings) if (lower.endsWith(ending)) return `*${ending}`;
    return null;
  }
}

/** The `hosts` option: `host` or `host:port`, each perhaps with a leading `*.`, to `ip` or `ip:port`. */
export class HostMap {
  readonly #exact = new Map<string, MappedAddress>();
  /** Longest first: the most specific wildcard wins, and with it one that names the port. */
  readonly #wildcards: { ending: string; port: number; to: MappedAddress }[] = [];

  /** @throws Error when a key or an address cannot be read */
  constructor(hosts: Readonly<Record<string, string>>) {
    for (const [key, value] of Object.entries(hosts)) {
      const to = parseAddress(value);
      const lower = key.toLowerCase();
      if (!lower.startsWith('*')) {
        if (!/^[\p{L}\p{N}._-]+(:\d{1,5})?$/u.test(lower) && isIP(lower) === 0)
          throw new Error(`invalid host '${key}'`);
        this.#exact.set(lower, to);
        continue;
      }
      const match = /^\*([\p{L}\p{N}._-]*)(?::(\d{1,5}))?$/u.exec(lower);
      if (match === null) throw new Error(`invalid host pattern '${key}'`);
      this.#wildcards.push({ ending: match[1] ?? '', port: Number(match[2] ?? 0), to });
    }
    this.#wildcards.sort((a, b) => b.ending.length - a.ending.length || b.port - a.port);
  }

  /** Where `host:port` leads, or null when the option does not name it. */
  find(host: string, port: number): MappedAddress | null {
    if (this.#exact.size === 0 && this.#wildcards.length === 0) return null;
    const lower = host.toLowerCase();
    const exact = this.#exact.get(`${lower}:${port}`) ?? this.#exact.get(lower);
    if (exact !== undefined) return exact;
    for (const { ending, port: wanted, to } of this.#wildcards) {
      if ((wanted === 0 || wanted === port) && lower.endsWith(ending)) return to;
    }
    return null;
  }
}

function parseAddress(text: string): MappedAddress {
  if (isIP(text) !== 0) return { ip: text, port: 0 };
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const ip = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (isIP(ip) === 0 || !(port >= 0 && port <= 65535)) throw new Error(`invalid IP address '${text}' in hosts`);
  return { ip, port };
}
